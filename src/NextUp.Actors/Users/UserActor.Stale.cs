using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;

namespace NextUp.Actors.Users;

/// <summary>
/// The first layer of the clean-up: what keeps the user from going on is cleared before a submission is decided. A
/// submission pays a look at the clock for it; the store is asked only where a job of the user is old enough to be stale.
/// </summary>
public sealed partial class UserActor
{
    /// <summary>How often a submission looks for the user's stale jobs, at most.</summary>
    static readonly TimeSpan StaleLookInterval = TimeSpan.FromSeconds(30);

    readonly StaleSearch _search = new(store, actors, kinds, context.Clock);
    DateTimeOffset _staleLookAt;

    public async ValueTask<IReadOnlyList<StaleJob>> ClearStaleAsync()
    {
        var stale = await _search.FindAsync(await store.LaneAsync(user));
        foreach (var (job, reason) in stale)
        {
            // An attempt is ended by its own actor, in the way in which every attempt ends.
            if (job.State == JobState.Processing)
                await actors.Job(job.Id).RecoverAsync(job.Id);
            else
                await FailPassedOverAsync(job, reason);
        }

        return stale;
    }

    async ValueTask ClearOwnStaleAsync()
    {
        var now = context.Clock.GetUtcNow();
        if (now < _staleLookAt)
            return;
        _staleLookAt = now + StaleLookInterval;
        if (_lanes.Values.Any(lane => lane.Active.Any(job => MayBeStale(lane.Policy, job, now))))
            await ClearStaleAsync();
    }

    static bool MayBeStale(KindPolicy policy, JobRecord job, DateTimeOffset now)
    {
        var age = now - job.AcceptedAt;
        return age >= policy.AttemptDuration || age >= policy.StalePendingAfter || age >= policy.TotalDuration;
    }

    async ValueTask FailPassedOverAsync(JobRecord job, string reason)
    {
        if (LaneOf(job.Kind).Find(job.Id) is not { } there)
            throw Lost($"job {job.Id} is stored and not in its lane");
        await LeaveAsync(there, new(there, null, JobState.Failed, reason, null, []) { IsPassedOver = true });
    }
}
