using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Statistics;
using NextUp.Actors.Store;
using NextUp.Storage.Sql.Statistics;

namespace NextUp.Storage.Sql;

/// <summary>What changes count for.</summary>
sealed partial class ChangeWriter
{
    void CountAccepted(long userKey, JobRecord job, JobEvent told)
    {
        statistics.Add(new(Counted.Accepted, job.AcceptedAt.ToUnixTimeSeconds(), KindKey(job.Kind), userKey, null));
        statistics.Transitions?.Add(new JobTransition(told.Type, job, told.At, null, IsNew: true, null));
    }

    /// <param name="row">As it was before.</param>
    void Count(JobRow row, JobRecord next, in Told told)
    {
        var (before, happened) = (row.Record, told.Event);
        var duration = happened.Type == JobEventType.Started
            ? WaitOf(row, next, happened.At)
            : before.State == JobState.Processing ? happened.At - before.StartedAt : null;
        if (CountedAs(happened.Type, before, next) is { } what)
        {
            var cause = what is Counted.Failed or Counted.Retried
                ? FailureCause.Of(happened.Reason, before.FileName)
                : null;
            statistics.Add(new(
                what, happened.At.ToUnixTimeSeconds(), KindKey(before.Kind), told.User.Key,
                duration is { } known ? known.Ticks / TimeSpan.TicksPerMicrosecond : null, cause,
                cause is null ? default : before.Id.Value));
        }

        statistics.Transitions?.Add(
            new JobTransition(happened.Type, next, happened.At, duration, IsNew: false, happened.Reason));
    }

    static Counted? CountedAs(JobEventType type, JobRecord before, JobRecord next) => type switch
    {
        JobEventType.Started => Counted.Started,
        JobEventType.Completed => Counted.Completed,
        JobEventType.Failed => Counted.Failed,
        JobEventType.Cancelled => Counted.Cancelled,
        JobEventType.Retrying => next.Failures > before.Failures ? Counted.Retried : Counted.Interrupted,
        _ => null,
    };

    /// <summary>
    /// From the job's entry into the line, later than its arrival where it was to wait for a time, to its first attempt. A
    /// retry's wait is of its own making.
    /// </summary>
    static TimeSpan? WaitOf(JobRow row, JobRecord next, DateTimeOffset at)
    {
        if (next.Attempt != 1 || EventTrail.TimeOfLast(row.Events, JobEventType.Queued) is not { } queued)
            return null;
        if (EventTrail.TimeOfLast(row.Events, JobEventType.Requeued) is { } requeued)
            queued = Math.Max(queued, requeued);

        var entered = row.Record.NotBefore is { } due ? Math.Max(queued, LineKey.Microseconds(due)) : queued;
        return TimeSpan.FromMicroseconds(Math.Max(0, LineKey.Microseconds(at) - entered));
    }
}
