namespace NextUp.Actors.Jobs;

/// <summary>One a job, alive while its attempt runs: starts the work, watches its time, ends it.</summary>
public interface IJobActor
{
    /// <summary>The attempt in <paramref name="job"/> was committed as begun; do the work.</summary>
    ValueTask StartAsync(JobRecord job);

    /// <summary>The queue was rebuilt and found the job processing: an attempt that nobody runs any more is lost.</summary>
    ValueTask RecoverAsync(JobId job);

    /// <summary>
    /// Stops the work: asks, waits a grace time, cuts off; then commits cancelled. True when the job is cancelled, false when
    /// it ended some other way before.
    /// </summary>
    ValueTask<bool> CancelAsync(JobId job, string reason);

    /// <summary>
    /// The host stops: the work is asked to, and the job goes back to waiting without a failure counted. Answers when that
    /// is stored.
    /// </summary>
    ValueTask ShutDownAsync();

    /// <summary>
    /// A worker elsewhere reports how its attempt went; answers when what follows is stored. Asked twice (an answer was
    /// lost on its way) it says the same twice and stores nothing the second time.
    /// </summary>
    ValueTask<FinishAnswer> FinishAsync(JobId job, int attempt, AttemptEnd end);
}

/// <summary>What a report of an attempt's end came to.</summary>
/// <param name="State">The job's state; null where there is no such job.</param>
/// <param name="Attempt">The job's latest attempt; the report speaks for it only where it is the same.</param>
/// <param name="IsTaken">This very report decided; its files are the job's if <paramref name="State"/> is completed.</param>
public readonly record struct FinishAnswer(JobState? State, int Attempt, bool IsTaken);
