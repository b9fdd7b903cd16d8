using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Actors.Queue;

/// <summary>Jobs that come back after their end, and jobs that the queue would never come to by itself.</summary>
public sealed partial class QueueActor
{
    /// <summary>Of each kind, the key that stands furthest back of those that started.</summary>
    readonly Dictionary<JobKind, LineKey> _furthest = [];

    /// <summary>
    /// Starts are taken in the line's order, so a job that stands in it is never passed over, and neither is one that waits
    /// for a time or for the end of a pause. What can be is a job that the store holds as waiting and that is not here: its
    /// row came to be without this queue, and nobody would ever start it.
    /// </summary>
    public ValueTask<IReadOnlyList<PassedOver?>> PassedOverAsync(IReadOnlyList<JobRecord> jobs)
    {
        var now = context.Clock.GetUtcNow();
        _waiting.Look(now);
        return new([.. jobs.Select(job => PassedOverOf(job, now))]);
    }

    PassedOver? PassedOverOf(JobRecord job, DateTimeOffset now)
    {
        var (kind, key) = (job.Kind, job.LineKey);
        if (_waiting.Contains(kind, key) || _running.ContainsKey(key.Sequence))
            return null;
        if (IsPaused || _waiting.IsPaused(kind) || _waiting.IsPaused(job.User) || kinds.Of(kind).Windows?.IsOpen(now) == false)
            return null;
        if (_furthest.TryGetValue(kind, out var furthest) && key < furthest)
            return PassedOver.LineMoved;
        return _slots.IsFree(kind) ? PassedOver.SlotFree : null;
    }

    void NoteFurthest(JobKind kind, LineKey key)
    {
        if (!_furthest.TryGetValue(kind, out var furthest) || furthest < key)
            _furthest[kind] = key;
    }

    /// <summary>
    /// We are the one that the store knows, and still it holds an attempt as running that is not here: our picture is wrong,
    /// and nobody could ever end that attempt. Our successor reads it.
    /// </summary>
    async ValueTask ForgetIfOutOfStepAsync(QueueChange change)
    {
        var attempts = change.Ends.Where(end => end.Attempt is not null).Select(end => (end.Job, Attempt: end.Attempt!.Value))
            .Concat(change.Requeues.Select(requeue => (requeue.Job, requeue.Job.Attempt)));
        foreach (var (job, attempt) in attempts)
        {
            if (_running.ContainsKey(job.Sequence))
                continue;
            var stored = await store.FindAsync(job.Id);
            if (stored is { State: JobState.Processing } && stored.Attempt == attempt && !_running.ContainsKey(job.Sequence))
            {
                Forget();
                throw new ActorForgottenException($"Job {job.Id} runs in the store and not in the queue.");
            }
        }
    }

    Change.Reopen Reopen(QueueChange.Reopening reopening, DateTimeOffset now, out JobRecord job)
    {
        var ended = reopening.Job with { NotBefore = null };
        var standing = reopening.IsHeld ? new(Arrival(now), 0, null) : StandingOf(ended, now);
        LineKey key = new(standing.At, ended.Sequence) { Size = SizeClass.Of(ended.FileSize) };
        job = ended.Reopened(reopening.IsHeld, reopening.Place, key, standing.HeadStartSpan);
        if (!job.IsHeld)
            Enter(job, now);
        return new(job.Sequence, job.User, now, job.LineKey, job.HeadStart, job.Place, job.IsHeld, reopening.Reason);
    }
}
