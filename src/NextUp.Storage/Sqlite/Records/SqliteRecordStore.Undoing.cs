using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Actors.Users;

namespace NextUp.Storage.Sqlite.Records;

/// <summary>What is taken back, deleted, or handed to an account.</summary>
public sealed partial class SqliteRecordStore
{
    public Task<UndoAnswer> UndoAsync(UserId user, JobId job, DateTimeOffset now) => WriteAsync<UndoAnswer>(records =>
    {
        if (Find(records, job) is not { } home || home.Import.User != user)
            return new UndoAnswer.NotFound();
        if (home.Import.State != ImportState.Stored)
            return new UndoAnswer.NotStored(home.Import.State);
        if (BusyWith(records, home.Table) is { } other)
            return new UndoAnswer.TableBusy(other);

        var number = home.Import.Number.Value;
        var gone = RecordConnection.Number(records.Sql(
            "SELECT count(*) FROM record WHERE import = ? AND superseded_by IS NULL").With(number))!.Value;

        // What this import took the place of is back, or belongs to whoever took this import's place since.
        records.Sql(
            "UPDATE record AS o SET superseded_by = (SELECT r.superseded_by FROM record r "
            + "WHERE r.replaces_import = o.import AND r.replaces_row = o.row_no AND r.import = ?1) "
            + "WHERE o.superseded_by = ?1 AND o.import <> ?1").With(number).Run();
        var back = RecordConnection.Number(records.Sql(
            "SELECT count(*) FROM record r JOIN record o ON o.import = r.replaces_import AND o.row_no = r.replaces_row "
            + "WHERE r.import = ? AND r.replaces_import IS NOT NULL AND o.superseded_by IS NULL").With(number))!.Value;
        records.Sql(
            "UPDATE record AS l SET (replaces_import, replaces_row) = (SELECT r.replaces_import, r.replaces_row FROM record r "
            + "WHERE r.import = ?1 AND r.row_no = l.replaces_row) WHERE l.replaces_import = ?1").With(number).Run();

        records.Sql("UPDATE import SET state = 3, settled_at = ? WHERE number = ?").With(now).With(number).Run();
        records.Sql("UPDATE user_table SET records = records + ?, imports = imports - 1, changed_at = ? WHERE id = ?")
            .With(back - gone).With(now).With(home.Table).Run();
        Purge(records, home);
        return new UndoAnswer.Undone();
    });

    public Task<UndoAnswer> DeleteTableAsync(UserId user, string table) => WriteAsync<UndoAnswer>(records =>
    {
        if (TableOf(records, user, table) is not { } id)
            return new UndoAnswer.NotFound();
        if (BusyWith(records, id) is { } other)
            return new UndoAnswer.TableBusy(other);

        records.Sql(
            "INSERT OR IGNORE INTO import_to_purge (number, table_id) SELECT number, table_id FROM import WHERE table_id = ?")
            .With(id).Run();
        records.Sql("DELETE FROM import WHERE table_id = ?").With(id).Run();
        records.Sql("DELETE FROM user_table WHERE id = ?").With(id).Run();
        return new UndoAnswer.Undone();
    });

    public Task<int> PurgeAsync(int rowsMax) => WriteAsync(records =>
    {
        var next = RecordConnection.One(
            records.Sql("SELECT number, table_id FROM import_to_purge ORDER BY number LIMIT 1"),
            row => ((long Number, long Table)?)(row.Long(0), row.Long(1)));
        if (next is not { } import)
            return 0;

        var isKnown = RecordConnection.Number(
            records.Sql("SELECT number FROM import WHERE number = ?").With(import.Number)) is not null;
        var deleted = records.Sql(
            "DELETE FROM record WHERE import = ?1 AND row_no IN (SELECT row_no FROM record WHERE import = ?1 LIMIT ?2)")
            .With(import.Number).With(rowsMax).Run();
        deleted += records.Sql(
            "DELETE FROM mark WHERE table_id = ?1 AND import = ?2 AND mark IN "
            + "(SELECT mark FROM mark WHERE table_id = ?1 AND import = ?2 LIMIT ?3)")
            .With(import.Table).With(import.Number).With(rowsMax).Run();
        if (!isKnown)
        {
            deleted += records.Sql(
                "DELETE FROM rejected WHERE import = ?1 AND row_no IN (SELECT row_no FROM rejected WHERE import = ?1 LIMIT ?2)")
                .With(import.Number).With(rowsMax).Run();
        }

        if (deleted == 0)
            records.Sql("DELETE FROM import_to_purge WHERE number = ?").With(import.Number).Run();
        return Math.Max(deleted, 1);
    });

    public Task AdoptAsync(UserId visitor, UserId account) => WriteAsync(records =>
    {
        Adopt(records, visitor, account);
        return true;
    });

    static void Adopt(RecordConnection records, UserId visitor, UserId account)
    {
        foreach (var table in new[] { "user_table", "profile" })
        {
            var names = RecordConnection.All(
                records.Sql($"SELECT name FROM {table} WHERE user = ?").With(visitor.Value), row => row.Text(0));
            var taken = RecordConnection.All(
                records.Sql($"SELECT name FROM {table} WHERE user = ?").With(account.Value), row => row.Text(0))
                .ToHashSet(StringComparer.Ordinal);
            foreach (var name in names)
            {
                var free = name;
                for (var n = 2; !taken.Add(free); n++)
                    free = $"{name} {n}";
                records.Sql($"UPDATE {table} SET user = ?, name = ? WHERE user = ? AND name = ?")
                    .With(account.Value).With(free).With(visitor.Value).With(name).Run();
            }
        }

        records.Sql("UPDATE import SET user = ? WHERE user = ?").With(account.Value).With(visitor.Value).Run();
        records.Sql("UPDATE OR IGNORE remembered SET user = ? WHERE user = ?").With(account.Value).With(visitor.Value).Run();
        records.Sql("DELETE FROM remembered WHERE user = ?").With(visitor.Value).Run();
    }

    static JobId? BusyWith(RecordConnection records, long table) => RecordConnection.One(
        records.Sql("SELECT job FROM import WHERE table_id = ? AND state = 0").With(table), row => (JobId?)new JobId(row.Id(0)));
}
