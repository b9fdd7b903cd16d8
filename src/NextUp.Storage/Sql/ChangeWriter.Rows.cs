using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;

namespace NextUp.Storage.Sql;

/// <summary>The statements, and the steps that several changes share.</summary>
sealed partial class ChangeWriter
{
    /// <summary>Room for the roles of one job's files in the key of a file; part of the layout.</summary>
    public const int RolesMax = 8;

    readonly SqlStatement findJob = connection.Prepare($"SELECT {JobRow.Columns} FROM {JobRow.From} WHERE j.seq = ?");

    readonly SqlStatement insertJob = connection.Prepare(
        "INSERT INTO job (seq, user_key, kind_key, place, is_open, is_held, state, born, lane_born, id, accepted_at, "
        + "line_at, attempt, started_at, ended_at, deadline, not_before, file_name, file_size, options, "
        + "submission_key, progress_done, progress_total, progress_failed, progress_percent, progress_step, "
        + "log_lines, has_checkpoints, error, summary, events, failures, priority, head_start, trace, origin) VALUES "
        + "(?, ?, ?, ?, 1, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?)");

    readonly SqlStatement updateJoin = connection.Prepare(
        "UPDATE job SET is_held = 0, line_at = ?, place = ?, head_start = ?, not_before = ?, events = ? "
        + "WHERE seq = ? AND state = 0 AND is_held = 1");

    readonly SqlStatement updateStart = connection.Prepare(
        "UPDATE job SET state = 1, attempt = ?, started_at = ?, deadline = ?, not_before = NULL, events = ? "
        + "WHERE seq = ? AND state = 0 AND is_held = 0 AND attempt = ?");

    readonly SqlStatement updateEnd = connection.Prepare(
        "UPDATE job SET state = ?, is_open = 0, is_held = 0, place = NULL, ended_at = ?, deadline = NULL, "
        + "not_before = NULL, origin = NULL, has_checkpoints = 0, error = ?, summary = ?, events = ? "
        + "WHERE seq = ? AND state = ? AND attempt = ?");

    readonly SqlStatement updateRequeue = connection.Prepare(
        "UPDATE job SET state = 0, started_at = NULL, deadline = NULL, not_before = ?, error = ?, failures = ?, "
        + "crashes = ?, first_started_at = coalesce(first_started_at, started_at), events = ? WHERE seq = ? AND state = 1 AND attempt = ?");

    readonly SqlStatement updateReport = connection.Prepare(
        "UPDATE job SET progress_done = ?, progress_total = ?, progress_failed = ?, progress_percent = ?, "
        + "progress_step = ?, log_lines = ? WHERE seq = ? AND state = 1 AND attempt = ?");

    readonly SqlStatement markCheckpoints = connection.Prepare("UPDATE job SET has_checkpoints = 1 WHERE seq = ?");

    readonly SqlStatement saveCheckpoint = connection.Prepare(
        "INSERT INTO checkpoint VALUES (?, ?, ?) ON CONFLICT (seq, name) DO UPDATE SET content = excluded.content");

    readonly SqlStatement deleteCheckpoints = connection.Prepare("DELETE FROM checkpoint WHERE seq = ?");

    readonly SqlStatement insertLogLine = connection.Prepare("INSERT INTO log_line VALUES (?, ?, ?, ?)");

    readonly SqlStatement deleteLog = connection.Prepare("DELETE FROM log_line WHERE seq = ?");

    readonly SqlStatement insertFile = connection.Prepare("INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?)");

    readonly SqlStatement readPaths = connection.Prepare(
        "SELECT path FROM file WHERE file_key BETWEEN ? AND ? AND path IS NOT NULL");

    readonly SqlStatement deleteFiles = connection.Prepare("DELETE FROM file WHERE file_key BETWEEN ? AND ?");

    readonly SqlStatement insertSubmission = connection.Prepare("INSERT INTO submission VALUES (?, ?, ?)");

    readonly SqlStatement deleteSubmission = connection.Prepare("DELETE FROM submission WHERE user_key = ? AND key = ?");

    readonly SqlStatement deleteJob = connection.Prepare("DELETE FROM job WHERE seq = ?");

    readonly SqlStatement findKind = connection.Prepare("SELECT kind_key FROM kind WHERE name = ?");

    readonly SqlStatement addKind = connection.Prepare("INSERT INTO kind (name) VALUES (?) RETURNING kind_key");

    /// <summary>A row's next event, before the row has it.</summary>
    readonly record struct Told(UserEntry User, JobEvent Event, byte[] Events);

    static string Missing(JobSequence job) => $"There is no job with sequence {job}.";

    static string Unexpected(JobRow row, string expected)
    {
        var state = row.Record.IsHeld ? "held" : row.Record.State.ToString().ToLowerInvariant();
        return $"Job {row.Record.Id} is {state} in attempt {row.Record.Attempt}, expected was {expected}.";
    }

    static bool IsRunning(JobRow row, int attempt) =>
        row.Record.State == JobState.Processing && row.Record.Attempt == attempt;

    // Memory must hold what a reader of the row would get: whole microseconds.
    static DateTimeOffset Stored(DateTimeOffset time) =>
        DateTimeOffset.UnixEpoch.AddTicks(LineKey.Microseconds(time) * 10);

    static DateTimeOffset? Stored(DateTimeOffset? time) => time is { } known ? Stored(known) : null;

    long PlaceOf(UserEntry user, JobRecord job) =>
        job.Place is null ? 0 : Touched.Place(user.Key, KindKey(job.Kind), job.Place);

    // The statement found another row than memory holds. Counting as touched makes the write run again on what is
    // stored.
    string Stale(JobRow row)
    {
        HasTouched = true;
        return $"Job {row.Record.Id} is not in the state that was expected.";
    }

    JobRow? Find(JobSequence job)
    {
        if (rows.Find(job.Value) is { } known)
            return known;

        var row = findJob.With(job.Value).Step() ? JobRow.Read(findJob) : null;
        findJob.Reset();
        if (row is not null && !row.Record.State.IsFinished())
            rows.Keep(job.Value, row);
        return row;
    }

    Told Tell(JobRow row, DateTimeOffset at, JobEventType type, int attempt, string? reason)
    {
        var user = users.Enter(row.Record.User);
        var number = user.LastEvent + 1;
        var trail = EventTrail.Append(row.Events, new(number, LineKey.Microseconds(at), type, attempt, reason));
        return new(user, new JobEvent(row.Record.User, number, at, type, row.Record.Id, attempt, reason), trail);
    }

    void Take(JobRow row, JobRecord next, Told told)
    {
        HasTouched = true;
        tally.State.Count(row.Record, -1);
        tally.State.Count(next, 1);
        Count(row, next, told);
        row.Record = next;
        row.Events = told.Events;
        told.User.LastEvent = told.Event.Number;
        Events?.Add(told.Event);
        notices.Record(told.User.Key, next, told.Event);
    }

    void Insert(JobRow row, long userKey, long kindKey)
    {
        var job = row.Record;
        insertJob.With(job.Sequence.Value).With(userKey).With(kindKey).With(job.Place).With(job.IsHeld)
            .With(row.Born).With(row.LaneBorn).With(job.Id.Value).With(job.AcceptedAt).With(job.LineKey.At)
            .With(job.Attempt).With(job.StartedAt).With(job.EndedAt).With(job.Deadline).With(job.NotBefore)
            .With(job.FileName).With(job.FileSize).With(job.Options).With(row.SubmissionKey)
            .With((long)job.Progress.Done).With((long?)job.Progress.Total).With((long)job.Progress.Failed)
            .With((long)job.Progress.Percent).With(job.Progress.Step).With(job.Error).With(job.Summary)
            .With(row.Events).With(job.Failures).With((long)job.Priority)
            .With(LineKey.Microseconds(job.HeadStart)).With(job.Trace).With(job.Origin)
            .Touching(Touched.Job(job.Sequence.Value), Touched.Place(userKey, kindKey, job.Place)).Later();
    }

    void Insert(JobSequence job, IReadOnlyList<StagedFile> files)
    {
        foreach (var file in files)
        {
            insertFile.With((job.Value * RolesMax) + (int)file.Role).With(file.Name).With(file.ContentType)
                .With(file.Size).With(file.Sha256).With(file.Path).With(file.Inline)
                .Touching(Touched.Job(job.Value)).Later();
        }
    }

    long KindKey(JobKind kind)
    {
        if (kinds.TryGetValue(kind, out var key))
            return key;

        var statement = findKind.With(kind.Value).Step() ? findKind : Added(kind);
        key = statement.Long(0);
        statement.Reset();
        kinds[kind] = key;
        return key;
    }

    SqlStatement Added(JobKind kind)
    {
        findKind.Reset();
        addKind.With(kind.Value).Step();
        return addKind;
    }
}
