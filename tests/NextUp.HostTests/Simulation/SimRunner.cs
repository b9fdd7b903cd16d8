using NextUp.Actors.Jobs;

namespace NextUp.HostTests.Simulation;

/// <summary>Workers whose every move the simulation decides.</summary>
sealed class SimRunner : IJobRunner
{
    public List<SimAttempt> Live { get; } = [];

    public Task<AttemptEnd> RunAsync(JobRecord job, CancellationToken cancellationToken)
    {
        var attempt = new SimAttempt(job, cancellationToken);
        Live.Add(attempt);
        return attempt.End.Task;
    }
}

sealed class SimAttempt(JobRecord job, CancellationToken stop)
{
    public JobRecord Job => job;

    public bool IsAskedToStop => stop.IsCancellationRequested;

    public void WhenAskedToStop(Action stopped) => stop.Register(stopped);

    /// <summary>Does not answer when asked to stop.</summary>
    public bool IsStalled { get; set; }

    public TaskCompletionSource<AttemptEnd> End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
