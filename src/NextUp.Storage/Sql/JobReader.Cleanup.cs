using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;

namespace NextUp.Storage.Sql;

/// <summary>What clean-up and operators ask: everybody's jobs.</summary>
sealed partial class JobReader
{
    const string Unfinished =
        $"SELECT {JobRow.Columns} FROM job j INDEXED BY job_unfinished JOIN \"user\" u ON u.user_key = j.user_key "
        + "JOIN kind k ON k.kind_key = j.kind_key WHERE j.is_open = 1 ";

    readonly SqlStatement oldest = connection.Prepare(
        "SELECT seq, is_open, accepted_at, ended_at, set_aside_at FROM job WHERE seq > ? ORDER BY seq LIMIT ?");

    readonly SqlStatement processingBefore = connection.Prepare(
        Unfinished + "AND j.state = 1 AND j.started_at < ? AND j.seq > ? ORDER BY j.seq LIMIT ?");

    readonly SqlStatement pendingBefore = connection.Prepare(
        Unfinished + "AND j.state = 0 AND j.accepted_at < ? AND j.seq > ? ORDER BY j.seq LIMIT ?");

    readonly SqlStatement newest = connection.Prepare("SELECT seq, state FROM job WHERE seq < ? ORDER BY seq DESC LIMIT ?");

    readonly SqlStatement newestOpen = connection.Prepare(
        "SELECT seq, state FROM job INDEXED BY job_unfinished WHERE is_open = 1 AND seq < ? ORDER BY seq DESC LIMIT ?");

    readonly SqlStatement newestSetAside = connection.Prepare(
        "SELECT seq, state FROM job INDEXED BY job_set_aside WHERE set_aside_at IS NOT NULL AND seq < ? ORDER BY seq DESC LIMIT ?");

    readonly SqlStatement history = connection.Prepare("SELECT events FROM job WHERE seq = ?");

    /// <remarks>
    /// Goes along the sequences from the oldest job on and stops at the first that was accepted too late to qualify, so
    /// it passes over few rows that it does not answer and needs no index of its own, which every end of a job would
    /// have to pay for. A clock that was set back makes some jobs wait for a later sweep.
    /// </remarks>
    public OldJobs FinishedBefore(DateTimeOffset endedBefore, JobSequence after, int limit)
    {
        var found = new List<JobRecord>();
        var (time, last, passedOver) = (LineKey.Microseconds(endedBefore), after, 0);
        JobSequence? next = null;
        oldest.With(after.Value).With(limit + OldJobs.PassedOverMax + 1L);
        while (oldest.Step() && oldest.Long(2) < time)
        {
            var isWanted = oldest.Long(1) == 0 && oldest.Long(3) < time && oldest.IsNull(4);
            if (found.Count == limit || (!isWanted && passedOver++ == OldJobs.PassedOverMax))
            {
                next = last;
                break;
            }

            last = new(oldest.Long(0));
            if (isWanted && One(bySequence.With(last.Value)) is { } job)
                found.Add(job);
        }

        oldest.Reset();
        return new(found, next);
    }

    public List<JobRecord> UnfinishedBefore(JobState state, DateTimeOffset before, int limit, JobSequence after) =>
        state switch
        {
            JobState.Processing => All(processingBefore.With(before).With(after.Value).With(limit)),
            JobState.Pending => All(pendingBefore.With(before).With(after.Value).With(limit)),
            _ => throw new ArgumentOutOfRangeException(
                nameof(state), state, "Only pending and processing are unfinished."),
        };

    /// <remarks>Unfinished jobs and those set aside have an index; others are found on the way along all jobs.</remarks>
    public JobListing ListAll(JobChoice choice, JobSequence? before, int limit)
    {
        var way = choice switch
        {
            JobChoice.SetAside => newestSetAside,
            JobChoice.In { State: JobState.Pending or JobState.Processing } => newestOpen,
            _ => newest,
        };
        var state = (choice as JobChoice.In)?.State;
        way.With(before?.Value ?? long.MaxValue).With(limit + 1L + (state is null ? 0 : JobListing.PassedOverMax));

        var found = new List<JobRecord>();
        var (last, passedOver) = (0L, 0);
        JobSequence? next = null;
        while (way.Step())
        {
            var isWanted = state is null || state == (JobState)way.Int(1);
            if (found.Count >= limit || (!isWanted && passedOver++ == JobListing.PassedOverMax))
            {
                next = new(last);
                break;
            }

            last = way.Long(0);
            if (isWanted && One(bySequence.With(last)) is { } job)
                found.Add(job);
        }

        way.Reset();
        return new(found, next);
    }

    public List<JobEvent> History(JobRecord job)
    {
        var events = new List<JobEvent>();
        if (history.With(job.Sequence.Value).Step())
            EventTrail.Read(history.Bytes(0), job.User, job.Id, 0, events);
        history.Reset();
        return events;
    }
}
