using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Actors.Queue;

/// <summary>
/// A visitor's jobs become an account's. Only the queue knows in one turn which of them run, so it is decided here who
/// keeps a place.
/// </summary>
public sealed partial class QueueActor
{
    // Whose running jobs are that were a visitor's when they started: who works on them may not know it yet.
    readonly Dictionary<JobSequence, UserId> _adopted = [];

    public async ValueTask<QueueAnswer> AdoptAsync(Adoption adoption)
    {
        if (adoption.Coming.Concat(adoption.There).FirstOrDefault(job => !IsKnown(job)) is { } lost)
        {
            await ReviewAsync();
            return new QueueAnswer.Stale($"job {lost.Id} is not where it was thought to be");
        }

        await CommitAsync((changes, now) => changes.Add(Adopt(adoption, now)));
        return new QueueAnswer.Done([], []);
    }

    bool IsKnown(JobRecord job) => job.IsHeld || _running.ContainsKey(job.Sequence)
        || _waiting.Contains(job.Kind, job.LineKey);

    /// <summary>A pause of the visitor no longer concerns a job that waits, and one of the account does.</summary>
    void Hand(JobRecord job, UserId account, DateTimeOffset now)
    {
        if (_running.ContainsKey(job.Sequence))
            _adopted[job.Sequence] = account;
        else if (_waiting.PausedOwnerOf(job.LineKey) is not null)
        {
            _waiting.Remove(job.Kind, job.LineKey);
            _waiting.Enter(job.Kind, account, job.LineKey, new(EntryCause.Resume), due: null, now);
        }
        else if (_waiting.IsPaused(account))
        {
            _waiting.Park(account, job.Kind, job.LineKey);
        }
    }

    Change.Adopt Adopt(Adoption adoption, DateTimeOffset now)
    {
        var seats = adoption.Seats(kinds, job => _running.ContainsKey(job.Sequence));
        var jobs = adoption.Coming.Concat(adoption.There).ToDictionary(job => job.Sequence);
        foreach (var job in seats.Where(seat => seat.IsHeld).Select(seat => jobs[seat.Job]).Where(job => !job.IsHeld))
        {
            Invariant.Holds(_waiting.Remove(job.Kind, job.LineKey));
            _estimate.Left(job.LineKey);
        }

        foreach (var job in seats.Where(seat => !seat.IsHeld).Select(seat => jobs[seat.Job]).Where(job => job.User == adoption.Visitor))
            Hand(job, adoption.Account, now);
        return new(adoption.Visitor, adoption.Account, now, seats)
        {
            SubscriptionsMax = adoption.SubscriptionsMax, FinishedMax = Adoption.FinishedMax,
        };
    }
}
