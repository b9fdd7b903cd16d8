using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;

namespace NextUp.Storage.Sql;

/// <summary>
/// Jobs that come back after their end, and jobs that are set aside. What only these need is written by statements of their
/// own, so that other jobs pay nothing for it.
/// </summary>
sealed partial class ChangeWriter
{
    readonly SqlStatement updateReopen = connection.Prepare(
        "UPDATE job SET state = 0, is_open = 1, is_held = ?, place = ?, line_at = ?, head_start = ?, started_at = NULL, "
        + "first_started_at = NULL, ended_at = NULL, set_aside_at = NULL, error = NULL, failures = 0, crashes = 0, "
        + "progress_done = 0, progress_total = NULL, progress_failed = 0, progress_percent = 0, progress_step = ?, "
        + "events = ? WHERE seq = ? AND state = ?");

    readonly SqlStatement updateEvidence = connection.Prepare("UPDATE job SET crashes = ?, set_aside_at = ? WHERE seq = ?");

    static bool HasEndedBadly(JobRow row) => row.Record.State is JobState.Failed or JobState.Cancelled;

    string? Reopen(Change.Reopen reopen)
    {
        if (Find(reopen.Job) is not { } row)
            return Missing(reopen.Job);
        if (!HasEndedBadly(row))
            return Unexpected(row, "failed or cancelled");
        if (row.Record.User != reopen.User)
            return $"Job {row.Record.Id} is another user's by now.";

        var next = row.Record.Reopened(reopen.IsHeld, reopen.Place, reopen.LineKey, reopen.HeadStart);
        var told = Tell(row, reopen.At, JobEventType.Requeued, next.Attempt, reopen.Reason);
        updateReopen.With(reopen.IsHeld).With(reopen.Place).With(reopen.LineKey.At)
            .With(LineKey.Microseconds(reopen.HeadStart)).With(JobProgress.None.Step).With(told.Events)
            .With(reopen.Job.Value).With((long)row.Record.State);
        if (!updateReopen.OneLater())
            return Stale(row);

        Take(row, next, told);
        users.NoteReopened(told.User, reopen.Job.Value, row.Born);
        rows.Keep(reopen.Job.Value, row);
        return null;
    }

    string? SetAside(Change.SetAside aside)
    {
        if (Find(aside.Job) is not { } row)
            return Missing(aside.Job);
        if (!HasEndedBadly(row) || row.Record.SetAsideAt is null == aside.At is null)
            return Unexpected(row, aside.At is null ? "set aside" : "failed or cancelled, and not set aside");

        HasTouched = true;
        StoreEvidence(row.Record with { SetAsideAt = Stored(aside.At) });
        return null;
    }

    string? DropFiles(Change.DropFiles drop)
    {
        if (Find(drop.Job) is not { } row)
            return Missing(drop.Job);
        if (!row.Record.State.IsFinished())
            return Unexpected(row, "finished");

        HasTouched = true;
        RemoveFiles(drop.Job);
        return null;
    }

    void RemoveFiles(JobSequence job)
    {
        connection.Erases();
        var files = job.Value * RolesMax;
        readPaths.With(files).With(files + RolesMax - 1);
        while (readPaths.Step())
            Released.Add(readPaths.Text(0));
        readPaths.Reset();
        deleteFiles.With(files).With(files + RolesMax - 1).Later();
    }

    void StoreEvidence(JobRecord job) =>
        updateEvidence.With(job.Crashes).With(job.SetAsideAt).With(job.Sequence.Value).Later();
}
