using NextUp.Actors;
using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.HostTests.Simulation;
using NextUp.Hosting.Workers;

namespace NextUp.HostTests.Behaviour;

/// <summary>A host with a clock and workers that the test moves. The same rules are tested in every world.</summary>
abstract class World : IAsyncDisposable
{
    public static readonly JobKind Kind = new("probe");

    public SimClock Clock { get; } = new();

    public static readonly TimeSpan LeaseTerm = TimeSpan.FromSeconds(10);

    /// <summary>Sweeps happen when a test asks for one; that they come by themselves is looked at in the simulation.</summary>
    protected static readonly CleanupSettings Cleanup = new() { Interval = TimeSpan.FromDays(40) };

    public abstract IActorDirectory Actors { get; }

    /// <summary>What workers elsewhere talk to.</summary>
    public abstract LeaseDesk Desk { get; }

    public abstract IJobStore Store { get; }

    public ScriptedRunner Runner { get; protected set; } = new();

    /// <summary>Begins a call that is answered later.</summary>
    public abstract Task<T> BeginAnswer<T>(Func<Task<T>> call);

    /// <summary>Lets everything go on until the call has its answer.</summary>
    public abstract Task<T> AnswerAsync<T>(Func<Task<T>> call);

    /// <summary>The same while time passes, in steps of 100 ms.</summary>
    public abstract Task<T> AnswerInTimeAsync<T>(Func<Task<T>> call);

    /// <summary>New rules while everything goes on; answers when they are in force.</summary>
    public abstract Task ConfigureAsync(KindPolicy policy, QueueSettings settings);

    /// <summary>The process dies without a word and a new one starts on the same store.</summary>
    public abstract Task CrashAsync();

    /// <summary>The process stops in order and a new one starts.</summary>
    public abstract Task RestartAsync();

    public abstract ValueTask DisposeAsync();

    public Task<SubmitAnswer> SubmitAsync(UserId user, WhenBusy? wish = null, string? key = null, string name = "a.bib") =>
        AnswerAsync(() => Actors.User(user).SubmitAsync(Submission(wish, key, name)).AsTask());

    public async Task<JobRecord> AcceptedAsync(UserId user, WhenBusy? wish = null, string? key = null) =>
        Assert.IsType<SubmitAnswer.Accepted>(await SubmitAsync(user, wish, key)).Job;

    /// <summary>A submission of its own making.</summary>
    public Task<SubmitAnswer> SubmitAsync(UserId user, Func<Submission, Submission> with) =>
        AnswerAsync(() => Actors.User(user).SubmitAsync(with(Submission())).AsTask());

    public async Task<JobRecord> AcceptedAsync(UserId user, Func<Submission, Submission> with) =>
        Assert.IsType<SubmitAnswer.Accepted>(await SubmitAsync(user, with)).Job;

    public async Task<Steering> SteerAsync(SteerOrder order) =>
        Assert.IsType<SteerAnswer.Done>(await AnswerAsync(() => Actors.Queue.SteerAsync(order).AsTask())).Now;

    public async Task<QueuePlace?> PlaceAsync(JobRecord job) =>
        (await AnswerAsync(() => Actors.Queue.PlacesAsync([new(job.Kind, job.LineKey, job.HeadStart)]).AsTask()))[0];

    public Task<CancelAnswer> CancelAsync(UserId user, JobId job) =>
        AnswerAsync(() => Actors.User(user).CancelAsync(job).AsTask());

    public Task<SimAttempt> NextAttemptAsync() => AnswerAsync(() => Runner.NextAsync());

    /// <summary>The job as stored once it is in the state; each change of it is looked at.</summary>
    public Task<JobRecord> ReachesAsync(JobRecord job, JobState state) => AnswerAsync(async () =>
    {
        while (true)
        {
            var stored = (await Store.FindAsync(job.Id))!;
            if (stored.State == state)
                return stored;
            await Task.Yield();
        }
    });

    public async Task<int?> PositionAsync(JobRecord job)
    {
        var places = await AnswerAsync(() => Actors.Queue.PlacesAsync([new(job.Kind, job.LineKey)]).AsTask());
        return places[0]?.Position;
    }

    public Submission Submission(WhenBusy? wish = null, string? key = null, string name = "a.bib") => new(
        JobId.New(Clock.GetUtcNow()), Kind, new(FileRole.Original, name, "application/x-bibtex", 1, "00", [1], null), null, wish, key);

    public static void Complete(SimAttempt attempt) =>
        attempt.End.SetResult(new AttemptEnd.Finished(new JobOutcome.Done("{}", []), []));
}

/// <summary>Hands each started attempt to the test.</summary>
sealed class ScriptedRunner : IJobRunner
{
    readonly System.Threading.Channels.Channel<SimAttempt> _started = System.Threading.Channels.Channel.CreateUnbounded<SimAttempt>();

    public int Started { get; private set; }

    /// <summary>Work that is done before anybody could look.</summary>
    public bool CompletesAtOnce { get; set; }

    public Task<AttemptEnd> RunAsync(JobRecord job, CancellationToken cancellationToken)
    {
        var attempt = new SimAttempt(job, cancellationToken);
        Started++;
        if (CompletesAtOnce)
            World.Complete(attempt);
        _started.Writer.TryWrite(attempt);
        return attempt.End.Task;
    }

    public Task<SimAttempt> NextAsync() => _started.Reader.ReadAsync().AsTask();
}
