using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Actors.Cleanup;

/// <summary>Finds out which of some unfinished jobs are stale. It changes nothing.</summary>
sealed class StaleSearch(IJobStore store, IActorDirectory actors, KindPolicies kinds, TimeProvider clock)
{
    public async ValueTask<IReadOnlyList<StaleJob>> FindAsync(IEnumerable<JobRecord> jobs)
    {
        var now = clock.GetUtcNow();
        List<StaleJob> found = [];
        List<JobRecord> waiting = [];
        foreach (var job in jobs)
        {
            var policy = kinds.Of(job.Kind);
            if (Staleness.OfAttempt(policy, job, now) is { } reason)
                found.Add(new(job, reason));
            else if (Staleness.IsToBeAskedFor(policy, job, now))
                waiting.Add(job);
        }

        if (waiting.Count > 0)
            found.AddRange(await PassedOverAsync(waiting));
        return found;
    }

    async ValueTask<IReadOnlyList<StaleJob>> PassedOverAsync(List<JobRecord> waiting)
    {
        var passed = await actors.Queue.PassedOverAsync(waiting);
        if (passed.All(how => how is null))
            return [];

        // What the queue was about to store when it was asked is stored after this; only then does a row speak.
        await actors.Queue.ReviewAsync();
        List<StaleJob> found = [];
        for (var i = 0; i < waiting.Count; i++)
        {
            var job = waiting[i];
            if (passed[i] is { } how && await store.FindAsync(job.Id) is { State: JobState.Pending, IsHeld: false } stored
                && stored.Attempt == job.Attempt && stored.LineKey == job.LineKey)
            {
                found.Add(new(stored, Staleness.Reason(kinds.Of(job.Kind), how)));
            }
        }

        return found;
    }
}
