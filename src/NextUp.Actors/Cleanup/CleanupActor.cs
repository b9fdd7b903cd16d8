using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Actors.Cleanup;

/// <summary>
/// The periodic sweep. It repairs nothing itself: it points the actor that is responsible at what it found, so that every
/// change still has one owner. A long line is never a fault: who waits for their turn is not touched.
/// </summary>
public sealed class CleanupActor(IJobStore store, IActorDirectory actors, IActorContext context) : ICleanupActor
{
    /// <summary>Past its deadline by this much, an attempt's own actor must have ended it, grace time included.</summary>
    static readonly TimeSpan DeadlineSlack = TimeSpan.FromMinutes(1);

    const int BatchMax = 256;

    public async ValueTask<CleanupReport> SweepAsync(CleanupRequest request)
    {
        var now = context.Clock.GetUtcNow();
        var counts = await store.CountsAsync(now);
        var touched = new Touched();
        if (!request.IsDryRun)
            await ReviewQueueAsync();
        await FailTimedOutAsync(request, now, touched);
        await LetInAsync(request, touched);
        if (!request.IsDryRun)
            await MoveOnAsync();
        if (request.DeleteOlderThan is { } age)
            await DeleteAsync(request, now - age, touched);
        return new(request.IsDryRun, counts, touched.Jobs, touched.Count);
    }

    async ValueTask ReviewQueueAsync()
    {
        try
        {
            await actors.Queue.ReviewAsync();
        }
        catch (ActorForgottenException)
        {
            // That is what the review is for: its successor has read the store by the next call.
        }
    }

    async ValueTask FailTimedOutAsync(CleanupRequest request, DateTimeOffset now, Touched touched)
    {
        foreach (var job in await store.UnfinishedBeforeAsync(JobState.Processing, now, CleanupReport.TouchedMax))
        {
            if (job.Deadline is not { } deadline || deadline + DeadlineSlack > now)
                continue;
            touched.Add(new(job.Id, CleanupAction.FailTimedOut, $"processing since {job.StartedAt:u}, deadline {deadline:u}"));
            if (!request.IsDryRun)
                await actors.Job(job.Id).RecoverAsync(job.Id);
        }
    }

    async ValueTask LetInAsync(CleanupRequest request, Touched touched)
    {
        foreach (var user in await store.UsersToPromoteAsync(CleanupReport.TouchedMax))
        {
            if (await FirstHeldAsync(user) is { } held)
                touched.Add(new(held.Id, CleanupAction.LetIn, "held although its user's place is free"));
            if (!request.IsDryRun)
                await actors.User(user).PromoteAsync();
        }
    }

    /// <summary>Sign-ins whose process died before all finished jobs had moved.</summary>
    async ValueTask MoveOnAsync()
    {
        foreach (var moving in await store.MovingAsync(BatchMax))
            await actors.User(moving.Visitor).MoveToAsync(moving.Account, subscriptionsMax: 0);
    }

    async ValueTask<JobRecord?> FirstHeldAsync(UserId user) =>
        (await store.LaneAsync(user)).FirstOrDefault(job => job.IsHeld);

    async ValueTask DeleteAsync(CleanupRequest request, DateTimeOffset endedBefore, Touched touched)
    {
        while (true)
        {
            var old = await store.FinishedBeforeAsync(endedBefore, request.IsDryRun ? CleanupReport.TouchedMax : BatchMax);
            foreach (var job in old)
                touched.Add(new(job.Id, CleanupAction.Delete, $"{job.State.ToString().ToLowerInvariant()} since {job.EndedAt:u}"));
            if (old.Count == 0 || request.IsDryRun)
                return;

            // A conflict means that somebody deleted one of them meanwhile: the next round does not find it any more.
            await store.CommitAsync(new([.. old.Select(job => new Change.Delete(job.Sequence))]));
        }
    }

    sealed class Touched
    {
        public List<CleanupTouch> Jobs { get; } = [];

        public int Count { get; private set; }

        public void Add(CleanupTouch touch)
        {
            Count++;
            if (Jobs.Count < CleanupReport.TouchedMax)
                Jobs.Add(touch);
        }
    }
}
