using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Actors.Users;

namespace NextUp.Storage.Sqlite.Records;

/// <summary>Imports while they lie aside, and how they are settled.</summary>
public sealed partial class SqliteRecordStore
{
    const string FindByJob = ImportRows.Select + "WHERE i.job = ?";

    readonly record struct Found(TableImport Import, long Table);

    public event Action<JobId>? Begun;

    public async Task<ImportBeginAnswer> BeginAsync(TableImport sketch)
    {
        var answer = await WriteAsync(records => Begin(records, sketch));
        if (answer is ImportBeginAnswer.Begun)
            Begun?.Invoke(sketch.Job);
        return answer;
    }

    static ImportBeginAnswer Begin(RecordConnection records, TableImport sketch)
    {
        var known = Find(records, sketch.Job);
        if (known is { Import.State: ImportState.Stored or ImportState.Undone })
            return new ImportBeginAnswer.Over();

        if (known is { Import: { State: ImportState.Aside } aside })
        {
            if (aside.Attempt > sketch.Attempt)
                return new ImportBeginAnswer.Over();
            records.Sql("UPDATE import SET attempt = ? WHERE number = ?").With(sketch.Attempt).With(aside.Number.Value).Run();
            return new ImportBeginAnswer.Begun(aside with { Attempt = sketch.Attempt });
        }

        if (known is { Import.Attempt: var last } && last > sketch.Attempt)
            return new ImportBeginAnswer.Over();
        var table = TableOf(records, sketch);
        var other = RecordConnection.One(
            records.Sql("SELECT job FROM import WHERE table_id = ? AND state = 0").With(table), row => (JobId?)new JobId(row.Id(0)));
        if (other is not null)
            return new ImportBeginAnswer.TableBusy(other.Value);

        // It was dropped before: what is left of it goes with its old number.
        if (known is { Import.Number: var old })
        {
            records.Sql("INSERT OR IGNORE INTO import_to_purge (number, table_id) VALUES (?, ?)").With(
                old.Value).With(known.Value.Table).Run();
            records.Sql("DELETE FROM import WHERE number = ?").With(old.Value).Run();
        }

        records.Sql(
            "INSERT INTO import (job, user, table_id, file_name, state, attempt, begun_at, row_no, total, inserted, updated, "
            + "duplicates, rejected, blank, plan, header, stores) VALUES (?, ?, ?, ?, 0, ?, ?, 0, 0, 0, 0, 0, 0, 0, ?, ?, ?)")
            .With(sketch.Job.Value).With(sketch.User.Value).With(table).With(sketch.FileName).With(sketch.Attempt)
            .With(sketch.BegunAt).With(sketch.Plan).With(sketch.Header).With(sketch.Stores).Run();
        return new ImportBeginAnswer.Begun(Find(records, sketch.Job)!.Value.Import);
    }

    public Task<bool> AppendAsync(RecordBatch batch) => WriteAsync(records =>
    {
        var import = RecordConnection.One(
            records.Sql("SELECT table_id, stores FROM import WHERE number = ? AND state = 0 AND attempt = ? AND row_no < ?")
                .With(batch.Import.Value).With(batch.Attempt).With(batch.UpTo),
            row => ((long Table, bool Stores)?)(row.Long(0), row.Long(1) != 0));
        if (import is not { } home)
            return false;

        foreach (var row in batch.Rows)
            Append(records, batch.Import, home.Table, home.Stores, row);
        foreach (var row in batch.Rejected)
        {
            records.Sql("INSERT INTO rejected (import, row_no, line, cells, errors) VALUES (?, ?, ?, ?, ?)")
                .With(batch.Import.Value).With(row.Row).With(row.Line).With(row.Cells).With(row.Errors).Run();
        }

        var counts = batch.Counts;
        records.Sql(
            "UPDATE import SET row_no = ?, total = ?, inserted = ?, updated = ?, duplicates = ?, rejected = ?, blank = ? "
            + "WHERE number = ?")
            .With(batch.UpTo).With(counts.Total).With(counts.Inserted).With(counts.Updated).With(counts.Duplicates)
            .With(counts.Rejected).With(counts.Blank).With(batch.Import.Value).Run();
        return true;
    });

    public Task StoreAsync(JobId job, UserId owner, DateTimeOffset now) => WriteAsync(records =>
    {
        if (Find(records, job) is not { Import: { State: ImportState.Aside } found } home)
            return false;
        if (found.User != owner)
            Adopt(records, found.User, owner);
        if (!found.Stores)
        {
            Drop(records, home, now);
            return true;
        }

        records.Sql(
            "UPDATE record SET superseded_by = ?1 WHERE (import, row_no) IN "
            + "(SELECT replaces_import, replaces_row FROM record WHERE import = ?1 AND replaces_import IS NOT NULL)")
            .With(found.Number.Value).Run();
        records.Sql("UPDATE import SET state = 1, settled_at = ? WHERE number = ?").With(now).With(found.Number.Value).Run();
        records.Sql("UPDATE user_table SET records = records + ?, imports = imports + 1, changed_at = ? WHERE id = ?")
            .With(found.Counts.Inserted).With(now).With(home.Table).Run();
        return true;
    });

    public Task DropAsync(JobId job, DateTimeOffset now) => WriteAsync(records =>
    {
        if (Find(records, job) is { Import.State: ImportState.Aside } home)
            Drop(records, home, now);
        return true;
    });

    static void Append(RecordConnection records, ImportNumber import, long table, bool stores, RecordRow row)
    {
        var replaces = row.Replaces;
        if (stores)
        {
            if (replaces is { } place && place.Import == import)
                replaces = TakeOver(records, import, place.Row);
            var insert = records.Sql(
                "INSERT INTO record (import, row_no, content, replaces_import, replaces_row) VALUES (?, ?, ?, ?, ?)")
                .With(import.Value).With(row.Row).With(row.Content);
            insert.With(replaces?.Import.Value).With(replaces?.Row).Run();
        }

        foreach (var mark in row.Marks)
        {
            records.Sql(
                "INSERT INTO mark (table_id, mark, import, row_no) VALUES (?, ?, ?, ?) "
                + "ON CONFLICT (table_id, mark, import) DO UPDATE SET row_no = excluded.row_no")
                .With(table).With(mark).With(import.Value).With(row.Row).Run();
        }
    }

    /// <summary>
    /// A row of the same file gives way: what it would have taken the place of is now taken by the later row.
    /// </summary>
    static RowPlace? TakeOver(RecordConnection records, ImportNumber import, long earlier)
    {
        var replaced = RecordConnection.One(
            records.Sql("SELECT replaces_import, replaces_row FROM record WHERE import = ? AND row_no = ?")
                .With(import.Value).With(earlier),
            row => row.IsNull(0) ? null : (RowPlace?)new RowPlace(new(row.Long(0)), row.Long(1)));
        records.Sql(
            "UPDATE record SET superseded_by = ?1, replaces_import = NULL, replaces_row = NULL WHERE import = ?1 AND row_no = ?2")
            .With(import.Value).With(earlier).Run();
        return replaced;
    }

    static void Drop(RecordConnection records, Found home, DateTimeOffset now)
    {
        records.Sql("UPDATE import SET state = 2, settled_at = ? WHERE number = ?").With(now).With(home.Import.Number.Value).Run();
        Purge(records, home);
    }

    static void Purge(RecordConnection records, Found home) =>
        records.Sql("INSERT OR IGNORE INTO import_to_purge (number, table_id) VALUES (?, ?)")
            .With(home.Import.Number.Value).With(home.Table).Run();

    static Found? Find(RecordConnection records, JobId job) => RecordConnection.One(
        records.Sql(FindByJob).With(job.Value),
        row => (Found?)new Found(ImportRows.Read(row), row.Long(ImportRows.TableId)));

    static long TableOf(RecordConnection records, TableImport sketch)
    {
        records.Sql("INSERT OR IGNORE INTO user_table (user, name, changed_at) VALUES (?, ?, ?)")
            .With(sketch.User.Value).With(sketch.Table).With(sketch.BegunAt).Run();
        return TableOf(records, sketch.User, sketch.Table)!.Value;
    }

    static long? TableOf(RecordConnection records, UserId user, string name) => RecordConnection.Number(
        records.Sql("SELECT id FROM user_table WHERE user = ? AND name = ?").With(user.Value).With(name));
}
