using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;

namespace NextUp.HostTests.Simulation;

/// <summary>
/// The limits that were in force, one after the other. A decision may have been taken under any of them since the world
/// was last at rest, and who is active may have come under an older one: what holds is the largest of these.
/// </summary>
sealed class SimLimits
{
    readonly List<(IReadOnlyDictionary<JobKind, KindPolicy> Kinds, QueueSettings Queue)> _all = [];
    int _settled;

    public SimLimits(IEnumerable<KindPolicy> kinds, QueueSettings queue) => Change(kinds, queue);

    public IEnumerable<KindPolicy> Kinds => _all[^1].Kinds.Values;

    public QueueSettings Queue => _all[^1].Queue;

    /// <summary>The oldest limits under which something may be decided that is not stored yet.</summary>
    public int Oldest => _settled;

    public int QueueSlots => _all.Skip(_settled).Max(limits => limits.Queue.Slots);

    public int KindSlots(JobKind kind) => _all.Skip(_settled).Max(limits => limits.Kinds[kind].Slots ?? int.MaxValue);

    /// <summary>The slots that the kind has under each of the limits.</summary>
    public int KindSlotsAtLeast(JobKind kind) => _all.Skip(_settled).Min(limits => limits.Kinds[kind].Slots ?? int.MaxValue);

    /// <summary>The most active jobs of a kind a user may have, some of which came under limits as old as that.</summary>
    public int ActivePerUser(JobKind kind, int oldest) =>
        _all.Skip(oldest).Max(limits => limits.Kinds[kind].ActivePerUserMax ?? int.MaxValue);

    public void Change(IEnumerable<KindPolicy> kinds, QueueSettings queue) =>
        _all.Add((kinds.ToDictionary(policy => policy.Kind), queue));

    /// <summary>Nothing is on its way: all that is decided from now on is decided under the newest limits.</summary>
    public void Settle() => _settled = _all.Count - 1;
}
