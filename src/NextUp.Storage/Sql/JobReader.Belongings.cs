using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Storage.Sql;

/// <summary>What belongs to jobs: events, files, log, checkpoints; and the counts.</summary>
sealed partial class JobReader
{
    readonly SqlStatement trail = connection.Prepare(
        "SELECT born, lane_born, id, events FROM job WHERE seq = ? AND user_key = ?");

    readonly SqlStatement file = connection.Prepare(
        "SELECT name, content_type, size, sha256, path, content FROM file WHERE file_key = ?");

    readonly SqlStatement fileByPath = connection.Prepare("SELECT 1 FROM file WHERE path = ?");

    readonly SqlStatement log = connection.Prepare(
        "SELECT number, at, text FROM log_line WHERE seq = ? AND number > ? ORDER BY number LIMIT ?");

    readonly SqlStatement checkpoint = connection.Prepare("SELECT content FROM checkpoint WHERE seq = ? AND name = ?");

    readonly SqlStatement counts = connection.Prepare(
        "SELECT pending, held, processing, completed, failed, cancelled, "
        + "(SELECT CAST(coalesce(sum(jobs), 0) AS BIGINT) FROM completed_minute WHERE minute > ? AND minute <= ?) FROM store_state");

    /// <remarks>
    /// Events lie with their jobs. Those after a number are of jobs accepted after it, and of jobs that were open at
    /// it; the latter were open too when the last job up to that number was accepted, whose row says where they begin.
    /// </remarks>
    public List<JobEvent> Events(UserId user, long after, int limit)
    {
        var events = new List<JobEvent>();
        if (Key(user) is not { } known)
            return events;

        var recent = recentJobs.Of(known.Key);
        using var _ = new Snapshot(connection);
        var back = Reopened(known);
        foreach (var sequence in back)
        {
            if (trail.With(sequence).With(known.Key).Step())
                EventTrail.Read(trail.Bytes(3), user, new JobId(trail.Id(2)), after, events);
            trail.Reset();
        }

        foreach (var sequence in jobs.Since(known.Key, LaneBorn(known.Key, after, recent), recent))
        {
            if (back.Contains(sequence))
                continue;
            if (!trail.With(sequence).With(known.Key).Step())
            {
                trail.Reset();
                continue;
            }

            // This job's events, and those of all that follow, may come after the ones that are wanted.
            var born = trail.Long(0);
            var isEnough = events.Count >= limit && events.Count(told => told.Number < born) >= limit;
            if (!isEnough)
                EventTrail.Read(trail.Bytes(3), user, new JobId(trail.Id(2)), after, events);
            trail.Reset();
            if (isEnough)
                break;
        }

        events.Sort(static (left, right) => left.Number.CompareTo(right.Number));
        if (events.Count > limit)
            events.RemoveRange(limit, events.Count - limit);
        return events;
    }

    public long LastEventNumber(UserId user)
    {
        if (Key(user) is not { } known)
            return 0;

        var (recent, last) = (recentJobs.Of(known.Key), known.EventFloor);
        using var _ = new Snapshot(connection);
        var since = jobs.Since(known.Key, LaneBorn(known.Key, long.MaxValue, recent), recent);
        foreach (var sequence in Reopened(known).Concat(since))
        {
            if (trail.With(sequence).With(known.Key).Step())
                last = Math.Max(last, EventTrail.LastNumber(trail.Bytes(3)));
            trail.Reset();
        }

        return last;
    }

    long LaneBorn(long user, long number, List<UserJob> recent)
    {
        foreach (var sequence in jobs.UpTo(user, number, recent))
        {
            long? laneBorn = trail.With(sequence).With(user).Step() ? trail.Long(1) : null;
            trail.Reset();
            if (laneBorn is { } known)
                return known;
        }

        return 0;
    }

    public StagedFile? File(JobSequence job, FileRole role)
    {
        StagedFile? found = null;
        if (file.With((job.Value * ChangeWriter.RolesMax) + (int)role).Step())
        {
            var path = file.TextOrNull(4);
            found = new StagedFile(
                role, file.Text(0), file.Text(1), file.Long(2), file.Text(3),
                path is null ? file.Bytes(5).ToArray() : null, path);
        }

        file.Reset();
        return found;
    }

    public bool HasFile(string path)
    {
        var found = fileByPath.With(path).Step();
        fileByPath.Reset();
        return found;
    }

    public List<LogLine> Log(JobSequence job, long after, int limit)
    {
        var lines = new List<LogLine>();
        log.With(job.Value).With(after).With(limit);
        while (log.Step())
            lines.Add(new LogLine(log.Long(0), log.Time(1), log.Text(2)));
        log.Reset();
        return lines;
    }

    public byte[]? Checkpoint(JobSequence job, string name)
    {
        var content = checkpoint.With(job.Value).With(name).Step() ? checkpoint.Bytes(0).ToArray() : null;
        checkpoint.Reset();
        return content;
    }

    public StoreCounts Counts(DateTimeOffset now)
    {
        var minute = Tally.MinuteOf(now);
        counts.With(minute - 60).With(minute).Step();
        var found = new StoreCounts(
            counts.Long(0), counts.Long(1), counts.Long(2), counts.Long(3), counts.Long(4), counts.Long(5),
            counts.Long(6));
        counts.Reset();
        return found;
    }
}
