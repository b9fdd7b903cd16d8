using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Actors.Jobs;

/// <summary>
/// The shell around <see cref="JobLife"/>: runs one attempt at a time and sees it to its end.
///
/// A stop (cancel, time limit) asks the work first, through its cancellation token; work that has not come to rest after
/// the kind's grace time is cut off: its attempt ends, so that nothing it still does can be stored, and it is told so.
/// The end is retried for as long as the store is away; until it is stored the slot stays taken.
///
/// If we die while the attempt runs, or between its last instruction and the commit of its end: the store says processing,
/// the queue finds that when it is rebuilt and asks us to recover; what the processor checkpointed is where it goes on.
/// </summary>
public sealed partial class JobActor(
    IJobStore store, IActorDirectory actors, IActorContext context, KindPolicies kinds, IJobRunner runner) : IJobActor
{
    static readonly TimeSpan StoreRetryDelay = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan StoreRetryDelayMax = TimeSpan.FromSeconds(5);

    Run? _run;

    // The newest attempt this actor has seen end: a start that arrives after it is late and must not run.
    int _attemptOver;

    sealed class Run(JobRecord job)
    {
        public JobRecord Job { get; } = job;

        public CancellationTokenSource Stopping { get; } = new();

        public StopCause Cause { get; set; } = new StopCause.None();

        public bool IsEnding { get; set; }

        /// <summary>
        /// Once it has ended: the job's attempt as stored. A higher one means that another took over, and nothing of this
        /// one was kept.
        /// </summary>
        public int AttemptStored { get; set; }

        public ITimer? Watch { get; set; }

        /// <summary>Completes, with the state the job is in then, when the attempt's end is stored.</summary>
        public TaskCompletionSource<JobState> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public ValueTask StartAsync(JobRecord job)
    {
        if (_attemptOver >= job.Attempt || _run?.Job.Attempt >= job.Attempt)
            return default;

        var run = _run = new(job);
        if (JobLife.StopAt(kinds.Of(job.Kind), job) is { } stop)
            run.Watch = WatchDeadline(run, stop.At - context.Clock.GetUtcNow(), stop.IsTotal);
        context.Tell(() => RunToEndAsync(run));
        return default;
    }

    public async ValueTask RecoverAsync(JobId job)
    {
        if (await FindPatientlyAsync(job) is not { State: JobState.Processing } stored)
        {
            ForgetIfIdle();
            return;
        }

        if (_run is { } current && current.Job.Attempt >= stored.Attempt)
        {
            // It runs. Where its own timer did not ring, this does: asked twice to stop is asked once.
            var stop = JobLife.StopAt(kinds.Of(stored.Kind), stored);
            if (stop?.At <= context.Clock.GetUtcNow())
            {
                context.Tell(() => StopAsync(current, new StopCause.TimedOut(stop.Value.IsTotal)));
                await current.Ended.Task;
            }

            return;
        }

        // A run of an older attempt, if there is one, is over: it finds that out when it tries to end.
        if (_run is { } older)
            older.Stopping.Cancel();
        if (stored.Lease is not null)
        {
            // Whoever works on it is elsewhere and did not die with us: its lease is watched from here on.
            await StartAsync(stored);
            return;
        }

        var lost = _run = new(stored) { IsEnding = true };
        await EndAsync(lost, JobLife.Lost(kinds.Of(stored.Kind), stored, context.Clock.GetUtcNow(), context.Random));
    }

    public async ValueTask<bool> CancelAsync(JobId job, string reason)
    {
        if (_run is null)
        {
            // Not told to start yet, or its start was lost: end the attempt as it is stored, so that a late start finds it over.
            if (await store.FindAsync(job) is not { State: JobState.Processing } stored)
            {
                ForgetIfIdle();
                return false;
            }

            if (_run is null)
            {
                var waiting = _run = new(stored) { IsEnding = true };
                await EndAsync(waiting, new JobStep.End(new(JobState.Cancelled, reason, null, [])));
                return await waiting.Ended.Task == JobState.Cancelled;
            }
        }

        var run = _run;
        context.Tell(() => StopAsync(run, new StopCause.Cancelled(reason)));
        return await run.Ended.Task == JobState.Cancelled;
    }

    public async ValueTask ShutDownAsync()
    {
        // What a worker elsewhere does goes on without us.
        if (_run is not { Job.Lease: null } run)
            return;
        context.Tell(() => StopAsync(run, new StopCause.ShuttingDown()));
        await run.Ended.Task;
    }

    async ValueTask RunToEndAsync(Run run)
    {
        using var attempt = JobTraces.StartAttempt(run.Job);
        var end = await runner.RunAsync(run.Job, run.Stopping.Token);
        await EndOnceAsync(run, end);
        JobTraces.End(attempt, end);
    }

    ITimer WatchDeadline(Run run, TimeSpan left, bool isTotal)
    {
        void TellToStop(object? _) => context.Tell(() => StopAsync(run, new StopCause.TimedOut(isTotal)));
        return context.Clock.CreateTimer(TellToStop, null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    async ValueTask StopAsync(Run run, StopCause cause)
    {
        if (run.IsEnding || run.Cause is not StopCause.None)
            return;
        run.Cause = cause;
        run.Stopping.Cancel();
        if (run.IsEnding)
            return;
        await Task.Delay(kinds.Of(run.Job.Kind).StopGrace, context.Clock);
        await EndOnceAsync(run, new AttemptEnd.Stopped());
    }

    /// <summary>The first to get here decides: the work that came to rest, or the end of its grace time.</summary>
    async ValueTask EndOnceAsync(Run run, AttemptEnd end)
    {
        if (run.IsEnding)
            return;
        run.IsEnding = true;
        await EndAsync(run, JobLife.Next(kinds.Of(run.Job.Kind), run.Job, end, run.Cause, context.Random));
    }

    async ValueTask EndAsync(Run run, JobStep next)
    {
        var step = JobLife.WithinTotal(kinds.Of(run.Job.Kind), run.Job, next, context.Clock.GetUtcNow());
        (var state, run.AttemptStored) = await StoreAsync(run.Job, step);
        _attemptOver = Math.Max(_attemptOver, run.Job.Attempt);
        if (_run == run)
            _run = null;
        run.Watch?.Dispose();
        runner.Ended(run.Job);
        run.Ended.SetResult(state);
        ForgetIfIdle();
    }

    /// <summary>Stores the step, however long that takes, and says which state the job is in then, in which attempt.</summary>
    async ValueTask<(JobState State, int Attempt)> StoreAsync(JobRecord job, JobStep step)
    {
        for (var delay = StoreRetryDelay; ; delay = Longer(delay))
        {
            try
            {
                if (await TryStoreAsync(job, step) is { } state)
                    return (state, job.Attempt);
            }
            catch (Exception error) when (error is StoreFailedException or ActorForgottenException)
            {
                // The store is away, or an actor on the way was rebuilt: the outcome is kept here and tried again.
            }

            // Somebody else ended this attempt, or it was us and the answer was lost.
            var stored = await FindPatientlyAsync(job.Id);
            if (stored is null || stored.State != JobState.Processing || stored.Attempt != job.Attempt)
                return (stored?.State ?? JobState.Cancelled, stored?.Attempt ?? job.Attempt);
            if (stored.User != job.User)
            {
                job = stored; // It was a visitor's, who has signed in: it ends for the account.
                continue;
            }

            await Task.Delay(delay, context.Clock);
        }
    }

    /// <summary>Nobody else would recover the job: it is looked for until the store answers.</summary>
    async ValueTask<JobRecord?> FindPatientlyAsync(JobId job)
    {
        for (var delay = StoreRetryDelay; ; delay = Longer(delay))
        {
            try
            {
                return await store.FindAsync(job);
            }
            catch (StoreFailedException)
            {
                await Task.Delay(delay, context.Clock);
            }
        }
    }

    static TimeSpan Longer(TimeSpan delay) => delay * 2 < StoreRetryDelayMax ? delay * 2 : StoreRetryDelayMax;

    async ValueTask<JobState?> TryStoreAsync(JobRecord job, JobStep step)
    {
        switch (step)
        {
            case JobStep.End end:
                return await actors.User(job.User).EndAsync(job, end.How) == EndAnswer.Ended ? end.How.To : null;
            case JobStep.Requeue requeue:
                if (job.User.IsVisitor)
                    job = await store.FindAsync(job.Id) ?? job; // It may be an account's by now.
                var requeueing = new QueueChange.Requeueing(job, requeue.Failures, requeue.Reason, requeue.Delay)
                {
                    Crashes = requeue.Crashes,
                };
                var change = QueueChange.None with { Requeues = [requeueing] };
                return await actors.Queue.ChangeAsync(change) is QueueAnswer.Done ? JobState.Pending : null;
            default:
                throw new System.Diagnostics.UnreachableException($"{step}");
        }
    }

    void ForgetIfIdle()
    {
        if (_run is null)
            context.Forget();
    }
}
