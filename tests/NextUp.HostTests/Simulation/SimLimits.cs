using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;

namespace NextUp.HostTests.Simulation;

/// <summary>
/// The limits that were in force, one after the other. A decision may have been taken under any of them since the world
/// was last at rest, and who is active may have come under an older one: what holds is the largest of these.
/// </summary>
sealed class SimLimits
{
    readonly List<(KindPolicy Policy, QueueSettings Queue)> _all = [];
    int _settled;

    public SimLimits(KindPolicy policy, QueueSettings queue) => _all.Add((policy, queue));

    public KindPolicy Policy => _all[^1].Policy;

    public QueueSettings Queue => _all[^1].Queue;

    /// <summary>The oldest limits under which something may be decided that is not stored yet.</summary>
    public int Oldest => _settled;

    public int QueueSlots => _all.Skip(_settled).Max(limits => limits.Queue.Slots);

    public int KindSlots => _all.Skip(_settled).Max(limits => limits.Policy.Slots ?? int.MaxValue);

    /// <summary>The most active jobs a user may have, some of which came under limits as old as that.</summary>
    public int ActivePerUser(int oldest) => _all.Skip(oldest).Max(limits => limits.Policy.ActivePerUserMax ?? int.MaxValue);

    public void Change(KindPolicy policy, QueueSettings queue) => _all.Add((policy, queue));

    /// <summary>Nothing is on its way: all that is decided from now on is decided under the newest limits.</summary>
    public void Settle() => _settled = _all.Count - 1;
}
