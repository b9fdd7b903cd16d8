using System.Collections.Concurrent;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.HostTests.Policies.Load;

/// <summary>What users were told, and what the store said as it happened: none of it may turn out untrue.</summary>
sealed class Promises(Ledger ledger)
{
    readonly ConcurrentDictionary<JobId, bool> _accepted = [];
    readonly ConcurrentDictionary<JobId, bool> _cancelled = [];
    readonly Dictionary<UserId, List<(long Number, JobEventType Type)>> _told = [];
    readonly ConcurrentQueue<JobId> _recent = [];

    public ICollection<JobId> Accepted => _accepted.Keys;

    public ICollection<JobId> Cancelled => _cancelled.Keys;

    /// <summary>The events that were raised, by user, in their order.</summary>
    public IReadOnlyDictionary<UserId, List<(long Number, JobEventType Type)>> Told => _told;

    /// <summary>Some job that was accepted lately, of whomever.</summary>
    public JobId? AnyRecent => _recent.TryDequeue(out var job) ? job : null;

    public void Accept(JobId job, Random random)
    {
        _accepted[job] = true;
        if (random.Next(20) == 0)
            _recent.Enqueue(job);
    }

    public void Cancel(JobId job) => _cancelled[job] = true;

    /// <summary>Called by the store, one commit after the other.</summary>
    public void See(IReadOnlyList<JobEvent> events)
    {
        foreach (var happened in events)
        {
            if (happened.Number == 0)
                continue;
            if (!_told.TryGetValue(happened.User, out var told))
                _told.Add(happened.User, told = []);
            ledger.Rule(
                told.Count == 0 || happened.Number > told[^1].Number, "events are raised once, in the order of their numbers",
                $"{happened.User} {happened.Number}");
            told.Add((happened.Number, happened.Type));
        }
    }
}
