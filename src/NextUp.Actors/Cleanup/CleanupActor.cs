using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Actors.Cleanup;

/// <summary>
/// The periodic sweep. It repairs nothing itself: it points the actor that is responsible at what it found, so that every
/// change still has one owner. A long line is never a fault: who waits for their turn is not touched.
/// </summary>
public sealed partial class CleanupActor(
    IJobStore store, IActorDirectory actors, IActorContext context, KindPolicies kinds, CleanupSettings settings,
    Action<SweepOutcome>? told = null) : ICleanupActor
{
    /// <summary>Unfinished jobs that are looked at together.</summary>
    const int PageMax = 1_000;

    readonly StaleSearch _search = new(store, actors, kinds, context.Clock);
    readonly LinkedList<SweepOutcome> _outcomes = [];
    Task? _sweeping;

    public ValueTask<IReadOnlyList<SweepOutcome>> OutcomesAsync() => new([.. _outcomes]);

    public async ValueTask<CleanupReport> SweepAsync(CleanupRequest request)
    {
        while (_sweeping is { } other)
            await other;
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _sweeping = over.Task;
        var (at, begun, touched) = (context.Clock.GetUtcNow(), context.Clock.GetTimestamp(), new Touched());
        string? fault = null;
        try
        {
            var counts = await store.CountsAsync(at);
            await SweepAsync(request, touched);
            return new(request.IsDryRun, counts, touched.Jobs, touched.Count);
        }
        catch (Exception error)
        {
            fault = error.Message;
            throw;
        }
        finally
        {
            _sweeping = null;
            over.SetResult();
            Keep(new(
                at, context.Clock.GetElapsedTime(begun), request.IsDryRun, request.IsPeriodic,
                touched.Of(CleanupAction.FailTimedOut) + touched.Of(CleanupAction.FailPassedOver),
                touched.Of(CleanupAction.LetIn), touched.Of(CleanupAction.Delete), fault));
        }
    }

    async ValueTask SweepAsync(CleanupRequest request, Touched touched)
    {
        // The queue proves itself, and looks again who may start, before anybody is called passed over.
        if (!request.IsDryRun)
            await TryAsync(() => actors.Queue.ReviewAsync());
        await ClearStaleAsync(JobState.Processing, request, touched);
        await ClearStaleAsync(JobState.Pending, request, touched);
        await LetInAsync(request, touched);
        if (!request.IsDryRun)
            await MoveOnAsync();
        if (LatestEnd(request) is { } endedBefore)
            await DeleteAsync(request, endedBefore, touched);
    }

    void Keep(SweepOutcome outcome)
    {
        _outcomes.AddFirst(outcome);
        if (_outcomes.Count > SweepOutcome.KeptMax)
            _outcomes.RemoveLast();
        told?.Invoke(outcome);
    }

    async ValueTask ClearStaleAsync(JobState state, CleanupRequest request, Touched touched)
    {
        var action = state == JobState.Processing ? CleanupAction.FailTimedOut : CleanupAction.FailPassedOver;
        IReadOnlyList<JobRecord> page;
        JobSequence after = default;
        do
        {
            page = await store.UnfinishedBeforeAsync(state, context.Clock.GetUtcNow(), PageMax, after);
            var stale = await _search.FindAsync(page);
            foreach (var (job, reason) in stale)
                touched.Add(new(job.Id, action, reason));
            foreach (var user in request.IsDryRun ? [] : stale.Select(found => found.Job.User).Distinct())
                await TryAsync(async () => await actors.User(user).ClearStaleAsync());
            after = page.Count > 0 ? page[^1].Sequence : after;
        }
        while (page.Count == PageMax);
    }

    async ValueTask LetInAsync(CleanupRequest request, Touched touched)
    {
        foreach (var user in await store.UsersToPromoteAsync(CleanupReport.TouchedMax))
        {
            if (await FirstHeldAsync(user) is { } held)
                touched.Add(new(held.Id, CleanupAction.LetIn, "held although its user's place is free"));
            if (!request.IsDryRun)
                await TryAsync(() => actors.User(user).PromoteAsync());
        }
    }

    /// <summary>Sign-ins whose process died before all finished jobs had moved.</summary>
    async ValueTask MoveOnAsync()
    {
        foreach (var moving in await store.MovingAsync(PageMax))
            await TryAsync(async () => await actors.User(moving.Visitor).MoveToAsync(moving.Account, subscriptionsMax: 0));
    }

    async ValueTask<JobRecord?> FirstHeldAsync(UserId user) =>
        (await store.LaneAsync(user)).FirstOrDefault(job => job.IsHeld);

    static async ValueTask TryAsync(Func<ValueTask> call)
    {
        try
        {
            await call();
        }
        catch (ActorForgottenException)
        {
            // Its successor has read the store by the next sweep.
        }
    }

    sealed class Touched
    {
        readonly Dictionary<CleanupAction, int> _counts = [];

        public List<CleanupTouch> Jobs { get; } = [];

        public int Count => _counts.Values.Sum();

        public int Of(CleanupAction action) => _counts.GetValueOrDefault(action);

        public void Add(CleanupTouch touch)
        {
            _counts[touch.Action] = Of(touch.Action) + 1;
            if (Jobs.Count < CleanupReport.TouchedMax)
                Jobs.Add(touch);
        }
    }
}
