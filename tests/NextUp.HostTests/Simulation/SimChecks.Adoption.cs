using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.HostTests.Simulation;

/// <summary>What must hold when a visitor's jobs become an account's.</summary>
sealed partial class SimChecks
{
    readonly Dictionary<UserId, UserId> _adopted = [];

    /// <summary>Unfinished jobs that changed hands.</summary>
    public int Moved { get; private set; }

    /// <summary>Visitors that signed in.</summary>
    public int Adoptions => _adopted.Count;

    public void SignedIn(UserId visitor, UserId account, AdoptAnswer answer)
    {
        var isTheirs = _adopted.TryGetValue(visitor, out var owner) && owner == account;
        Rule(isTheirs == answer is AdoptAnswer.Adopted, $"{visitor} moved to {owner}, and {account} was told {answer}");
        Rule(!_jobs.Values.Any(job => job.Accepted.User == visitor), $"{visitor} has nothing left");
    }

    void Adopt(Change.Adopt adopt)
    {
        Rule(
            !_adopted.TryGetValue(adopt.Visitor, out var owner) || owner == adopt.Account,
            $"{adopt.Visitor} moves to one account only");
        _adopted[adopt.Visitor] = adopt.Account;
        foreach (var seat in adopt.Seats.Where(seat => seat.IsHeld && !_jobs[seat.Job].IsHeld))
        {
            var job = Expect(seat.Job, JobState.Pending);
            (job.IsHeld, job.Seen) = (true, null);
        }

        foreach (var job in _jobs.Values.Where(job => job.Accepted.User == adopt.Visitor))
        {
            Moved += job.State.IsFinished() ? 0 : 1;
            (job.Before, job.Accepted) = (adopt.Visitor, job.Accepted with { User = adopt.Account });
        }

        foreach (var key in _keys.Keys.Where(key => key.Item1 == adopt.Visitor).ToList())
            _keys.Remove(key);

        var active = _jobs.Values.Where(job => job.IsActive && job.Accepted.User == adopt.Account);
        foreach (var kind in active.GroupBy(job => job.Accepted.Kind))
        {
            // The largest of the limits under which any of them may have become active, as for who enters the line.
            var max = _limits.ActivePerUser(kind.Key, kind.Min(job => job.Limits));
            Rule(
                !(kind.Count() > max) || kind.All(job => job.State == JobState.Processing),
                $"{adopt.Account} has {kind.Count()} active jobs, and not all of them run");
        }
    }

    void HasNothing(UserId visitor)
    {
        Rule(_store.Rows.EventsAsync(visitor, 0, 10).Result.Count == 0, $"{visitor} has no events left");
        Rule(_store.Rows.ListAsync(visitor, null, null, 10).Result.Jobs.Count == 0, $"{visitor} has no jobs left");
        Rule(_store.Rows.LaneAsync(visitor).Result.Count == 0, $"{visitor}'s lane is empty");
    }
}
