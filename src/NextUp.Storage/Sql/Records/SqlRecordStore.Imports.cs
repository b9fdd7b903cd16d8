using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Actors.Users;
using NextUp.Storage.Sql.Side;

namespace NextUp.Storage.Sql.Records;

/// <summary>Imports while they lie aside, and how they are settled.</summary>
public sealed partial class SqlRecordStore
{
    const string FindByJob = ImportRows.Select + "WHERE i.job = ?";

    readonly record struct Found(TableImport Import, long Table);

    public event Action<JobId>? Begun;

    public async Task<ImportBeginAnswer> BeginAsync(TableImport sketch)
    {
        var answer = await database.WriteAsync(session => Begin(session, sketch));
        if (answer is ImportBeginAnswer.Begun)
            Begun?.Invoke(sketch.Job);
        return answer;
    }

    static ImportBeginAnswer Begin(SqlSession session, TableImport sketch)
    {
        var known = EnteredFor(session, sketch);
        if (known is { Import.State: ImportState.Stored or ImportState.Undone })
            return new ImportBeginAnswer.Over();

        if (known is { Import: { State: ImportState.Aside } aside })
        {
            if (aside.Attempt > sketch.Attempt)
                return new ImportBeginAnswer.Over();
            session.Of("UPDATE import SET attempt = ? WHERE number = ?").With(sketch.Attempt).With(aside.Number.Value).Later();
            return new ImportBeginAnswer.Begun(aside with { Attempt = sketch.Attempt });
        }

        if (known is { Import.Attempt: var last } && last > sketch.Attempt)
            return new ImportBeginAnswer.Over();
        var table = TableOf(session, sketch);
        var other = SqlRows.First(
            session.Of("SELECT job FROM import WHERE table_id = ? AND state = 0").With(table), row => (JobId?)new JobId(row.Id(0)));
        if (other is not null)
            return new ImportBeginAnswer.TableBusy(other.Value);

        // It was dropped before: what is left of it goes with its old number.
        if (known is { Import.Number: var old })
        {
            Purge(session, known.Value);
            session.Of("DELETE FROM import WHERE number = ?").With(old.Value).Later();
        }

        session.Of(
            "INSERT INTO import (job, owner, table_id, file_name, state, attempt, begun_at, row_no, total, inserted, updated, "
            + "duplicates, rejected, blank, plan, header, stores) VALUES (?, ?, ?, ?, 0, ?, ?, 0, 0, 0, 0, 0, 0, 0, ?, ?, ?)")
            .With(sketch.Job.Value).With(sketch.User.Value).With(table).With(sketch.FileName).With(sketch.Attempt)
            .With(sketch.BegunAt).With(sketch.Plan).With(sketch.Header).With(sketch.Stores).Later();
        return new ImportBeginAnswer.Begun(Find(session, sketch.Job)!.Value.Import);
    }

    public Task<bool> AppendAsync(RecordBatch batch) => database.WriteAsync(session =>
    {
        if (SqlRows.First(
            session.Of("SELECT job FROM import WHERE number = ?").With(batch.Import.Value),
            row => (JobId?)new JobId(row.Id(0))) is not { } job || Entered(session, job) is not { } home)
            return false;
        if (home.Import.State != ImportState.Aside || home.Import.Attempt != batch.Attempt || home.Import.Row >= batch.UpTo)
            return false;

        foreach (var row in batch.Rows)
            Append(session, batch.Import, home.Table, home.Import.Stores, row);
        foreach (var row in batch.Rejected)
        {
            session.Of("INSERT INTO rejected (import, row_no, line, cells, errors) VALUES (?, ?, ?, ?, ?)")
                .With(batch.Import.Value).With(row.Row).With(row.Line).With(row.Cells).With(row.Errors).Touching(row.Row).Later();
        }

        var counts = batch.Counts;
        session.Of(
            "UPDATE import SET row_no = ?, total = ?, inserted = ?, updated = ?, duplicates = ?, rejected = ?, blank = ? "
            + "WHERE number = ?")
            .With(batch.UpTo).With(counts.Total).With(counts.Inserted).With(counts.Updated).With(counts.Duplicates)
            .With(counts.Rejected).With(counts.Blank).With(batch.Import.Value).Later();
        return true;
    });

    public Task StoreAsync(JobId job, UserId owner, DateTimeOffset now) => database.WriteAsync(session =>
    {
        if (Entered(session, job) is not { Import: { State: ImportState.Aside } found } home)
            return false;
        if (found.User != owner)
        {
            session.Enter(found.User, owner);
            Adopt(session, found.User, owner);
        }

        if (!found.Stores)
        {
            Drop(session, home, now);
            return true;
        }

        session.Of(
            "UPDATE record AS o SET superseded_by = ?1 FROM record AS r "
            + "WHERE r.import = ?1 AND r.replaces_import = o.import AND r.replaces_row = o.row_no")
            .With(found.Number.Value).Later();
        session.Of("UPDATE import SET state = 1, settled_at = ? WHERE number = ?").With(now).With(found.Number.Value).Later();
        session.Of("UPDATE user_table SET records = records + ?, imports = imports + 1, changed_at = ? WHERE id = ?")
            .With(found.Counts.Inserted).With(now).With(home.Table).Later();
        return true;
    });

    public Task DropAsync(JobId job, DateTimeOffset now) => database.WriteAsync(session =>
    {
        if (Entered(session, job) is { Import.State: ImportState.Aside } home)
            Drop(session, home, now);
        return true;
    });

    static void Append(SqlSession session, ImportNumber import, long table, bool stores, RecordRow row)
    {
        var replaces = row.Replaces;
        if (stores)
        {
            if (replaces is { } place && place.Import == import)
                replaces = TakeOver(session, import, place.Row);
            var insert = session.Of(
                "INSERT INTO record (import, row_no, content, replaces_import, replaces_row) VALUES (?, ?, ?, ?, ?)")
                .With(import.Value).With(row.Row).With(row.Content);
            insert.With(replaces?.Import.Value).With(replaces?.Row).Touching(row.Row).Later();
        }

        foreach (var mark in row.Marks)
        {
            session.Of(
                "INSERT INTO mark (table_id, mark, import, row_no) VALUES (?, ?, ?, ?) "
                + "ON CONFLICT (table_id, mark, import) DO UPDATE SET row_no = excluded.row_no")
                .With(table).With(mark).With(import.Value).With(row.Row).Touching(NameOf(mark)).Later();
        }
    }

    /// <summary>
    /// A row of the same file gives way: what it would have taken the place of is now taken by the later row.
    /// </summary>
    static RowPlace? TakeOver(SqlSession session, ImportNumber import, long earlier)
    {
        var replaced = SqlRows.First(
            session.Of("SELECT replaces_import, replaces_row FROM record WHERE import = ? AND row_no = ?")
                .With(import.Value).With(earlier),
            row => row.IsNull(0) ? null : (RowPlace?)new RowPlace(new(row.Long(0)), row.Long(1)));
        session.Of(
            "UPDATE record SET superseded_by = ?1, replaces_import = NULL, replaces_row = NULL WHERE import = ?1 AND row_no = ?2")
            .With(import.Value).With(earlier).Later();
        return replaced;
    }

    /// <summary>A mark among what statements touch; rows have positive names.</summary>
    static long NameOf(ValueMark mark) => (long)(ulong)mark.Value | long.MinValue;

    static void Drop(SqlSession session, Found home, DateTimeOffset now)
    {
        session.Of("UPDATE import SET state = 2, settled_at = ? WHERE number = ?").With(now).With(home.Import.Number.Value).Later();
        Purge(session, home);
    }

    // Where it is there already the row is written anew: who deletes it at this moment waits, or is waited for.
    static void Purge(SqlSession session, Found home) =>
        session.Of(
            "INSERT INTO import_to_purge (number, table_id) VALUES (?, ?) ON CONFLICT (number) DO UPDATE SET table_id = excluded.table_id")
            .With(home.Import.Number.Value).With(home.Table).Later();

    /// <summary>The job's import, in the turn of its user; null where there is none.</summary>
    static Found? Entered(SqlSession session, JobId job)
    {
        while (true)
        {
            if (session.Of("SELECT owner FROM import WHERE job = ?").With(job.Value).First(row => row.Text(0)) is not { } owner)
                return null;
            session.Enter(new UserId(owner));
            // It may have been adopted, or gone, while we waited.
            if (Find(session, job) is not { } found)
                return null;
            if (found.Import.User.Value == owner)
                return found;
        }
    }

    /// <summary>As <see cref="Entered"/>, and in the turn of who is to have what begins.</summary>
    static Found? EnteredFor(SqlSession session, TableImport sketch)
    {
        var known = Entered(session, sketch.Job);
        if (known?.Import.User == sketch.User)
            return known;
        session.Enter(sketch.User);
        return known ?? Find(session, sketch.Job);
    }

    static Found? Find(SqlSession session, JobId job) => SqlRows.First(
        session.Of(FindByJob).With(job.Value),
        row => (Found?)new Found(ImportRows.Read(row), row.Long(ImportRows.TableId)));

    static long TableOf(SqlSession session, TableImport sketch)
    {
        session.Of("INSERT INTO user_table (owner, name, changed_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
            .With(sketch.User.Value).With(sketch.Table).With(sketch.BegunAt).Later();
        return TableOf(session, sketch.User, sketch.Table)!.Value;
    }

    static long? TableOf(SqlSession session, UserId user, string name) => SqlRows.Number(
        session.Of("SELECT id FROM user_table WHERE owner = ? AND name = ?").With(user.Value).With(name));
}
