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

    /// <summary>Says in the span how the attempt went.</summary>
    public static void End(Activity? attempt, AttemptEnd end)
    {
        if (attempt is null)
            return;

        var outcome = end switch
        {
            AttemptEnd.Finished { Outcome: JobOutcome.Done } => "done",
            AttemptEnd.Finished { Outcome: JobOutcome.GiveUp } => "gave-up",
            AttemptEnd.Finished => "to-be-retried",
            AttemptEnd.Faulted => "faulted",
            _ => "stopped",
        };
        attempt.SetTag("nextup.attempt.outcome", outcome);
        attempt.SetStatus(outcome is "done" or "stopped" ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
    }

    static void Tag(Activity? span, JobRecord job) => span?
        .SetTag("nextup.job.id", job.Id.ToString()).SetTag("nextup.job.kind", job.Kind.Value)
        .SetTag("nextup.job.attempt", job.Attempt);
}
