namespace NextUp.Actors.Jobs;

/// <summary>The kinds this installation works on and their rules.</summary>
public sealed class KindPolicies
{
    readonly Dictionary<JobKind, KindPolicy> _policies;

    public KindPolicies(IEnumerable<KindPolicy> policies) => _policies = policies.ToDictionary(policy => policy.Kind);

    public IReadOnlyCollection<KindPolicy> All => _policies.Values;

    public KindPolicy? Find(JobKind kind) => _policies.GetValueOrDefault(kind);

    /// <summary>The kind's rules; those of a kind that is no longer worked on are the defaults, so that its jobs can end.</summary>
    public KindPolicy Of(JobKind kind) => Find(kind) ?? new KindPolicy { Kind = kind };
}
