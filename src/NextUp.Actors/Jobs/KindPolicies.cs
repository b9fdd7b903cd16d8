using System.Collections.Frozen;

namespace NextUp.Actors.Jobs;

/// <summary>
/// The kinds this installation works on and their rules as they are now. Who needs a rule asks at the moment of its use, so
/// that a change holds from the next decision on. An attempt keeps the time limit it was started with, because its deadline
/// is stored; everything else about a running job (grace time, attempts, retry delays) is decided by the rules at its end.
/// </summary>
public sealed class KindPolicies
{
    volatile FrozenDictionary<JobKind, KindPolicy> _policies;

    public KindPolicies(IEnumerable<KindPolicy> policies) => _policies = Frozen(policies);

    /// <summary>In the order of the kinds' names, which is the same in every process.</summary>
    public IReadOnlyList<KindPolicy> All =>
        [.. _policies.Values.OrderBy(policy => policy.Kind.Value, StringComparer.Ordinal)];

    public KindPolicy? Find(JobKind kind) => _policies.GetValueOrDefault(kind);

    /// <summary>The kind's rules; those of a kind that is no longer worked on are the defaults, so that its jobs can end.</summary>
    public KindPolicy Of(JobKind kind) => Find(kind) ?? new KindPolicy { Kind = kind };

    /// <summary>New rules, all at once. The host is told afterwards, so that what they make possible happens.</summary>
    public void Replace(IEnumerable<KindPolicy> policies) => _policies = Frozen(policies);

    static FrozenDictionary<JobKind, KindPolicy> Frozen(IEnumerable<KindPolicy> policies) =>
        policies.ToFrozenDictionary(policy => policy.Kind);
}
