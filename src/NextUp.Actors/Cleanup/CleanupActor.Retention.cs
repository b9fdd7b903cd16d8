using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Actors.Cleanup;

/// <summary>
/// Old jobs go, with their events and files, in small writes with as much time between them as they took, so that those
/// who wait for a commit meanwhile hardly notice. The store refuses to delete what is not finished or was set aside, so a
/// job that comes back while it is about to be deleted stays.
/// </summary>
public sealed partial class CleanupActor
{
    /// <summary>Jobs that are deleted in one write. A write keeps all others waiting for as long as it takes.</summary>
    const int DeleteBatch = 64;

    /// <summary>Whose end lies before this may be too old; null where nothing is to be deleted.</summary>
    DateTimeOffset? LatestEnd(CleanupRequest request)
    {
        var now = context.Clock.GetUtcNow();
        if (!request.IsPeriodic)
            return now - request.DeleteOlderThan;
        var shortest = kinds.All.Select(kind => kind.Retention).Append(settings.Retention).Min();
        return now - shortest;
    }

    bool IsTooOld(CleanupRequest request, JobRecord job, DateTimeOffset now)
    {
        var kept = request.IsPeriodic ? kinds.Find(job.Kind)?.Retention ?? settings.Retention : request.DeleteOlderThan;
        return job.EndedAt < now - kept;
    }

    async ValueTask DeleteAsync(CleanupRequest request, DateTimeOffset endedBefore, Touched touched)
    {
        JobSequence? after = default(JobSequence);
        while (after is { } from)
        {
            var old = await store.FinishedBeforeAsync(endedBefore, from, DeleteBatch);
            var now = context.Clock.GetUtcNow();
            List<JobRecord> going = [.. old.Jobs.Where(job => IsTooOld(request, job, now))];
            if (going.Count > 0)
            {
                var begun = context.Clock.GetTimestamp();
                var gone = request.IsDryRun ? going : await DeleteAsync(going);
                foreach (var job in gone)
                    touched.Add(new(job.Id, CleanupAction.Delete, $"{job.State.ToString().ToLowerInvariant()} since {job.EndedAt:u}"));
                if (!request.IsDryRun)
                    await Task.Delay(context.Clock.GetElapsedTime(begun), context.Clock);
            }

            after = old.Next;
        }
    }

    /// <summary>Those that were deleted: where one of them changed meanwhile, the others go one by one.</summary>
    async ValueTask<IReadOnlyList<JobRecord>> DeleteAsync(List<JobRecord> jobs)
    {
        var answer = await store.CommitAsync(new([.. jobs.Select(job => new Change.Delete(job.Sequence))]));
        if (answer is CommitAnswer.Committed)
            return jobs;
        if (jobs.Count == 1)
            return [];

        List<JobRecord> gone = [];
        foreach (var job in jobs)
            gone.AddRange(await DeleteAsync([job]));
        return gone;
    }
}
