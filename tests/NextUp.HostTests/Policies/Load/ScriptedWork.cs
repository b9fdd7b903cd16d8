using NextUp.Actors.Jobs;

namespace NextUp.HostTests.Policies.Load;

/// <summary>What an attempt comes to.</summary>
enum Fate
{
    Done,
    Retry,
    Fault,
    GiveUp,
    Stuck,
    HandBack,
    Silence,
}

/// <summary>Work that takes a moment and then does what the job's id and attempt have in store for it.</summary>
sealed class ScriptedWork(JobKind kind) : IJobProcessor
{
    static readonly TimeSpan LongestWork = TimeSpan.FromSeconds(1);
    static readonly JobOutcome Done = new JobOutcome.Done("{}", []);
    static readonly JobOutcome DoneWithFile =
        new JobOutcome.Done("{}", [new(FileRole.Result, "result.txt", "text/plain") { Content = "done"u8.ToArray() }]);

    public JobKind Kind => kind;

    /// <summary>The same for the same attempt, also in another process.</summary>
    public static Random DiceOf(JobId job, int attempt) => new(job.Value.GetHashCode() + attempt);

    public static Fate FateOf(Random dice) => dice.Next(2_000) switch
    {
        < 100 => Fate.Retry,
        < 160 => Fate.Fault,
        < 200 => Fate.GiveUp,
        < 201 => Fate.Stuck,
        < 240 => Fate.HandBack,
        < 243 => Fate.Silence,
        _ => Fate.Done,
    };

    public static TimeSpan DurationOf(Random dice) => LongestWork * dice.NextDouble();

    public ValueTask<UploadVerdict> CheckAsync(string fileName, Stream content, CancellationToken cancellationToken) =>
        new(new UploadVerdict.Fit(1));

    public async Task<JobOutcome> RunAsync(IJobRun run, CancellationToken cancellationToken)
    {
        var dice = DiceOf(run.Job, run.Attempt);
        var fate = FateOf(dice);
        await Task.Delay(DurationOf(dice), run.Clock, cancellationToken);
        if (dice.Next(20) == 0)
            await run.SaveCheckpointAsync("work", "half"u8.ToArray(), cancellationToken);
        if (dice.Next(20) == 0)
            run.Log("half of it");
        if (fate == Fate.Stuck)
            await Task.Delay(Timeout.InfiniteTimeSpan, run.Clock, cancellationToken);
        return fate switch
        {
            Fate.Retry => new JobOutcome.Retry("The scripted service is busy."),
            Fate.Fault => throw new InvalidOperationException("A scripted fault."),
            Fate.GiveUp => new JobOutcome.GiveUp("The scripted input is of no use."),
            _ => dice.Next(4) == 0 ? DoneWithFile : Done,
        };
    }
}
