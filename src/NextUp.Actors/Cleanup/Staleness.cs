using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;

namespace NextUp.Actors.Cleanup;

/// <summary>What is stale (system.md B2). A long line alone never is, nor who waits for a time or for a pause's end.</summary>
public static class Staleness
{
    /// <summary>Past its end by this much, an attempt's own actor must have ended it, grace time included.</summary>
    public static readonly TimeSpan DeadlineSlack = TimeSpan.FromMinutes(1);

    /// <summary>Why the running attempt is stale; null where it is not.</summary>
    public static string? OfAttempt(KindPolicy policy, JobRecord job, DateTimeOffset now) =>
        job.State == JobState.Processing && JobLife.StopAt(policy, job) is { } stop && stop.At + DeadlineSlack <= now
            ? $"processing since {job.StartedAt:u}, its time was over at {stop.At:u}" : null;

    /// <summary>Whether a waiting job has waited for so long that the queue is asked whether it was passed over.</summary>
    public static bool IsToBeAskedFor(KindPolicy policy, JobRecord job, DateTimeOffset now) =>
        job is { State: JobState.Pending, IsHeld: false } && WaitsSince(job) + policy.StalePendingAfter <= now;

    /// <summary>Why a waiting job fails; its user reads it.</summary>
    public static string Reason(KindPolicy policy, PassedOver how)
    {
        var time = $"{policy.StalePendingAfter.TotalMinutes:0.##} minutes";
        return how switch
        {
            PassedOver.LineMoved => $"Stuck in the line: for over {time} others that stood behind it started, and it did not.",
            _ => $"Stuck in the line: it did not start for over {time} although a slot was free.",
        };
    }

    static DateTimeOffset WaitsSince(JobRecord job)
    {
        var entered = DateTimeOffset.UnixEpoch.AddTicks(job.LineKey.At * TimeSpan.TicksPerMicrosecond) + job.HeadStart;
        return job.NotBefore > entered ? job.NotBefore.Value : entered;
    }
}
