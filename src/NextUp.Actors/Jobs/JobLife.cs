namespace NextUp.Actors.Jobs;

/// <summary>What becomes of a job whose attempt is over. All decisions of <see cref="JobActor"/>, without clock, store or await.</summary>
public static class JobLife
{
    public const string CancelledByUser = "Cancelled by user";

    public const string CancelledByOperator = "Cancelled by an operator";

    const string StoppedByOperator = "The server was stopped while the job ran; it goes on where it was.";

    /// <summary>How an attempt went, and what the job does next.</summary>
    public static JobStep Next(KindPolicy policy, JobRecord job, AttemptEnd end, StopCause cause, Random random) => cause switch
    {
        // What was asked first wins: a result that arrives while the user's cancel is carried out is not handed out.
        StopCause.Cancelled cancelled => new JobStep.End(new(JobState.Cancelled, cancelled.Reason, null, [])),
        StopCause.TimedOut { IsTotal: true } => new JobStep.End(new(JobState.Failed, TookTooLong(policy), null, [])),
        StopCause.TimedOut => new JobStep.End(new(JobState.Failed, TimedOut(policy), null, [])),
        StopCause.ShuttingDown when end is not AttemptEnd.Finished =>
            new JobStep.Requeue(job.Failures, StoppedByOperator, TimeSpan.Zero),
        _ => end switch
        {
            AttemptEnd.Finished { Outcome: JobOutcome.Done done, Files: var files } =>
                new JobStep.End(new(JobState.Completed, null, done.Summary, files)),
            AttemptEnd.Finished { Outcome: JobOutcome.GiveUp giveUp } =>
                new JobStep.End(new(JobState.Failed, giveUp.Reason, null, [])),
            AttemptEnd.Finished { Outcome: JobOutcome.Retry retry } =>
                RetryOrFail(policy, job, retry.Reason, retry.After, random),
            AttemptEnd.Faulted faulted => RetryOrFail(policy, job, faulted.Reason, null, random),
            AttemptEnd.Lost lost => RetryOrSetAside(policy, job, lost.Reason, random),
            AttemptEnd.HandedBack back => new JobStep.Requeue(job.Failures, back.Reason, TimeSpan.Zero),
            _ => RetryOrFail(policy, job, "The work stopped without being asked to.", null, random),
        },
    };

    /// <summary>The attempt's worker is gone for certain: a crash counts as a failed attempt, so that no job crashes for ever.</summary>
    public static JobStep Lost(KindPolicy policy, JobRecord job, DateTimeOffset now, Random random) =>
        job.Deadline <= now
            ? new JobStep.End(new(JobState.Failed, TimedOut(policy), null, []))
            : RetryOrSetAside(policy, job, "The server stopped while the job ran.", random);

    /// <summary>
    /// The step, if the job has time left for it: one whose first attempt began longer ago than its kind lets it take is not
    /// put back any more.
    /// </summary>
    public static JobStep WithinTotal(KindPolicy policy, JobRecord job, JobStep step, DateTimeOffset now) =>
        step is JobStep.Requeue requeue && TotalDeadline(policy, job) <= now + requeue.Delay
            ? new JobStep.End(new(JobState.Failed, $"{TookTooLong(policy)} Last: {requeue.Reason}", null, []) { Crashes = requeue.Crashes })
            : step;

    /// <summary>When the running attempt is to be stopped, and whether that is for the job's whole time.</summary>
    public static (DateTimeOffset At, bool IsTotal)? StopAt(KindPolicy policy, JobRecord job) =>
        TotalDeadline(policy, job) is { } total && !(job.Deadline < total) ? (total, true)
            : job.Deadline is { } deadline ? (deadline, false) : null;

    static DateTimeOffset? TotalDeadline(KindPolicy policy, JobRecord job) =>
        policy.TotalDuration is { } total ? (job.FirstStartedAt ?? job.StartedAt) + total : null;

    /// <summary>
    /// Where a worker was lost, the work itself may be to blame; after some of these nobody tries again before a person has
    /// looked.
    /// </summary>
    static JobStep RetryOrSetAside(KindPolicy policy, JobRecord job, string reason, Random random)
    {
        var crashes = job.Crashes + 1;
        if (crashes < policy.CrashesMax)
        {
            return RetryOrFail(policy, job, reason, null, random) switch
            {
                JobStep.Requeue requeue => requeue with { Crashes = crashes },
                JobStep.End end => new JobStep.End(end.How with { Crashes = crashes }),
                var other => other,
            };
        }

        var set = crashes == 1 ? "once" : $"{crashes} times";
        return new JobStep.End(
            new(JobState.Failed, $"Set aside: its worker was lost {set}. Last: {reason}", null, [])
            {
                IsSetAside = true,
                Crashes = crashes,
            });
    }

    static string TookTooLong(KindPolicy policy) =>
        $"Took too long: a job may take {policy.TotalDuration?.TotalMinutes:0.##} minutes with all its attempts.";

    static JobStep RetryOrFail(KindPolicy policy, JobRecord job, string reason, TimeSpan? after, Random random)
    {
        var failures = job.Failures + 1;
        var last = failures == 1 ? reason : $"{reason} (attempt {failures} of {policy.AttemptsMax})";
        return failures >= policy.AttemptsMax
            ? new JobStep.End(new(JobState.Failed, last, null, []))
            : new JobStep.Requeue(failures, reason, RetryPolicy.Delay(policy, failures, after, random));
    }

    static string TimedOut(KindPolicy policy) =>
        $"Timed out: one attempt may take {policy.AttemptDuration.TotalMinutes:0.##} minutes.";
}

/// <summary>What a job does after an attempt.</summary>
public abstract record JobStep
{
    JobStep() { }

    public sealed record End(JobEnd How) : JobStep;

    /// <param name="Crashes">The job's count of lost attempts from now on; null leaves it.</param>
    public sealed record Requeue(int Failures, string Reason, TimeSpan Delay, int? Crashes = null) : JobStep;
}

/// <summary>How a job leaves the queue for good, decided by its actor.</summary>
/// <param name="To">Completed, failed or cancelled.</param>
public sealed record JobEnd(JobState To, string? Error, string? Summary, IReadOnlyList<Store.StagedFile> Files)
{
    /// <summary>See <see cref="JobRecord.SetAsideAt"/>.</summary>
    public bool IsSetAside { get; init; }

    /// <summary>Lost attempts, this one included; null where it was none.</summary>
    public int? Crashes { get; init; }
}

/// <summary>How the work of an attempt came to rest.</summary>
public abstract record AttemptEnd
{
    AttemptEnd() { }

    /// <summary>The processor answered; its files are staged.</summary>
    public sealed record Finished(JobOutcome Outcome, IReadOnlyList<Store.StagedFile> Files) : AttemptEnd;

    /// <summary>The processor threw; a fault that may pass.</summary>
    public sealed record Faulted(string Reason) : AttemptEnd;

    /// <summary>The worker is gone, by proof (see <see cref="Workers.LeaseBook"/>); like a crash it counts as a failure.</summary>
    public sealed record Lost(string Reason) : AttemptEnd;

    /// <summary>The worker drains and gives the job back unfinished. No failure: the job goes on at once elsewhere.</summary>
    public sealed record HandedBack(string Reason) : AttemptEnd;

    /// <summary>The work stopped because it was asked to.</summary>
    public sealed record Stopped : AttemptEnd;
}

/// <summary>Why an attempt was asked to stop.</summary>
public abstract record StopCause
{
    StopCause() { }

    public sealed record None : StopCause;

    public sealed record Cancelled(string Reason) : StopCause;

    /// <param name="IsTotal">Not the attempt's time is over but the job's, with all its attempts.</param>
    public sealed record TimedOut(bool IsTotal = false) : StopCause;

    public sealed record ShuttingDown : StopCause;
}

/// <summary>Runs attempts: on this machine's threads, or scripted in a simulation.</summary>
public interface IJobRunner
{
    /// <summary>
    /// Does the work of the job's current attempt. Never throws. Cancellation asks the work to stop; the answer then comes
    /// when it has. What is registered with the token runs in the actor's turn and has to be brief.
    /// </summary>
    Task<AttemptEnd> RunAsync(JobRecord job, CancellationToken cancellationToken);

    /// <summary>The end of the job's attempt is stored, whatever it was and whoever decided. Returns at once.</summary>
    void Ended(JobRecord job)
    {
        // Most runners keep nothing of an attempt.
    }

    /// <summary>How long attempts of the kind take here lately, from the first instruction; null where nobody knows.</summary>
    TimeSpan? Typical(JobKind kind) => null;
}
