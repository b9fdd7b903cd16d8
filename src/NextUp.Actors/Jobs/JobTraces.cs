using System.Diagnostics;

namespace NextUp.Actors.Jobs;

/// <summary>
/// One trace from the upload to the result: the submission's trace is kept with the job and each attempt goes on with it,
/// on whichever day and after however many restarts. While nobody listens all of this is a look at a field.
/// </summary>
public static class JobTraces
{
    /// <summary>The name of the source, for whoever wants to listen.</summary>
    public const string SourceName = "NextUp";

    const string Done = "done";
    const string Stopped = "stopped";

    static readonly ActivitySource Source = new(SourceName);

    /// <summary>The running request's trace, where it is recorded; see <see cref="JobRecord.Trace"/>.</summary>
    public static string? Current =>
        Source.HasListeners() && Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } request ? request.Id : null;

    /// <summary>Begins the span of the job's running attempt, with the wait before the first one as a span of its own.</summary>
    public static Activity? StartAttempt(JobRecord job)
    {
        if (!Source.HasListeners())
            return null;

        ActivityContext.TryParse(job.Trace, null, isRemote: true, out var upload);
        if (job is { Attempt: 1, Trace: not null, StartedAt: { } started })
        {
            using var wait = Source.StartActivity("wait in line", ActivityKind.Internal, upload, startTime: job.AcceptedAt);
            Tag(wait, job);
            wait?.SetEndTime(started.UtcDateTime);
        }

        var attempt = Source.StartActivity("attempt", ActivityKind.Consumer, upload);
        Tag(attempt, job);
        return attempt;
    }

    /// <summary>Begins the span of an attempt that is worked on in a process of its own, which knows of the job only this.</summary>
    /// <param name="trace">See <see cref="JobRecord.Trace"/>; without it nothing is traced.</param>
    public static Activity? StartWork(string? trace, JobId job, JobKind kind, int attempt)
    {
        if (!Source.HasListeners() || !ActivityContext.TryParse(trace, null, isRemote: true, out var upload))
            return null;

        var work = Source.StartActivity("work", ActivityKind.Consumer, upload);
        Tag(work, job, kind, attempt);
        return work;
    }

    /// <summary>Says in the span how the attempt went.</summary>
    public static void End(Activity? attempt, AttemptEnd end) => End(attempt, end switch
    {
        AttemptEnd.Finished finished => Word(finished.Outcome),
        AttemptEnd.Faulted => "faulted",
        _ => Stopped,
    });

    /// <summary>The same, of work that stopped because it was asked to where there is no outcome.</summary>
    public static void End(Activity? work, JobOutcome? outcome) => End(work, outcome is null ? Stopped : Word(outcome));

    static void End(Activity? span, string outcome) => span?
        .SetTag("nextup.attempt.outcome", outcome)
        .SetStatus(outcome is Done or Stopped ? ActivityStatusCode.Ok : ActivityStatusCode.Error);

    static string Word(JobOutcome outcome) => outcome switch
    {
        JobOutcome.Done => Done,
        JobOutcome.GiveUp => "gave-up",
        _ => "to-be-retried",
    };

    static void Tag(Activity? span, JobRecord job) => Tag(span, job.Id, job.Kind, job.Attempt);

    static void Tag(Activity? span, JobId job, JobKind kind, int attempt) => span?
        .SetTag("nextup.job.id", job.ToString()).SetTag("nextup.job.kind", kind.Value).SetTag("nextup.job.attempt", attempt);
}
