using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Actors.Users;
using NextUp.Storage.Sql.Side;

namespace NextUp.Storage.Sql.Records;

/// <summary>What is taken back, deleted, or handed to an account.</summary>
public sealed partial class SqlRecordStore
{
    /// <summary>The one turn of purging: two at once would each believe to have deleted the last of an import.</summary>
    const string Purging = "purging imports";

    public Task<UndoAnswer> UndoAsync(UserId user, JobId job, DateTimeOffset now) => database.WriteAsync<UndoAnswer>(session =>
    {
        session.Enter(user);
        if (Find(session, job) is not { } home || home.Import.User != user)
            return new UndoAnswer.NotFound();
        if (home.Import.State != ImportState.Stored)
            return new UndoAnswer.NotStored(home.Import.State);
        if (BusyWith(session, home.Table) is { } other)
            return new UndoAnswer.TableBusy(other);

        var number = home.Import.Number.Value;
        var gone = SqlRows.Number(session.Of(
            "SELECT count(*) FROM record WHERE import = ? AND superseded_by IS NULL").With(number))!.Value;

        // What this import took the place of is back, or belongs to whoever took this import's place since.
        session.Of(
            "UPDATE record AS o SET superseded_by = (SELECT r.superseded_by FROM record r "
            + "WHERE r.replaces_import = o.import AND r.replaces_row = o.row_no AND r.import = ?1) "
            + "WHERE o.superseded_by = ?1 AND o.import <> ?1").With(number).Later();
        var back = SqlRows.Number(session.Of(
            "SELECT count(*) FROM record r JOIN record o ON o.import = r.replaces_import AND o.row_no = r.replaces_row "
            + "WHERE r.import = ? AND r.replaces_import IS NOT NULL AND o.superseded_by IS NULL").With(number))!.Value;
        session.Of(
            "UPDATE record AS l SET (replaces_import, replaces_row) = (SELECT r.replaces_import, r.replaces_row FROM record r "
            + "WHERE r.import = ?1 AND r.row_no = l.replaces_row) WHERE l.replaces_import = ?1").With(number).Later();

        session.Of("UPDATE import SET state = 3, settled_at = ? WHERE number = ?").With(now).With(number).Later();
        session.Of("UPDATE user_table SET records = records + ?, imports = imports - 1, changed_at = ? WHERE id = ?")
            .With(back - gone).With(now).With(home.Table).Later();
        Purge(session, home);
        return new UndoAnswer.Undone();
    });

    public Task<UndoAnswer> DeleteTableAsync(UserId user, string table) => database.WriteAsync<UndoAnswer>(session =>
    {
        session.Enter(user);
        if (TableOf(session, user, table) is not { } id)
            return new UndoAnswer.NotFound();
        if (BusyWith(session, id) is { } other)
            return new UndoAnswer.TableBusy(other);

        session.Of(
            "INSERT INTO import_to_purge (number, table_id) SELECT number, table_id FROM import WHERE table_id = ? "
            + "ON CONFLICT (number) DO UPDATE SET table_id = excluded.table_id")
            .With(id).Later();
        session.Of("DELETE FROM import WHERE table_id = ?").With(id).Later();
        session.Of("DELETE FROM user_table WHERE id = ?").With(id).Later();
        return new UndoAnswer.Undone();
    });

    public Task<int> PurgeAsync(int rowsMax) => database.WriteAsync(session =>
    {
        session.Enter(Purging);
        var next = SqlRows.First(
            session.Of("SELECT number, table_id FROM import_to_purge ORDER BY number LIMIT 1"),
            row => ((long Number, long Table)?)(row.Long(0), row.Long(1)));
        if (next is not { } import)
            return 0;

        // Who begins the import anew writes this row, too: either that is over, or it waits for us.
        session.Of("UPDATE import_to_purge SET table_id = table_id WHERE number = ?").With(import.Number).Later();
        var isKnown = SqlRows.Number(
            session.Of("SELECT number FROM import WHERE number = ?").With(import.Number)) is not null;
        var deleted = session.Of(
            "DELETE FROM record WHERE import = ?1 AND row_no IN (SELECT row_no FROM record WHERE import = ?1 LIMIT ?2)")
            .With(import.Number).With(rowsMax).Run();
        deleted += session.Of(
            "DELETE FROM mark WHERE table_id = ?1 AND import = ?2 AND mark IN "
            + "(SELECT mark FROM mark WHERE table_id = ?1 AND import = ?2 LIMIT ?3)")
            .With(import.Table).With(import.Number).With(rowsMax).Run();
        if (!isKnown)
        {
            deleted += session.Of(
                "DELETE FROM rejected WHERE import = ?1 AND row_no IN (SELECT row_no FROM rejected WHERE import = ?1 LIMIT ?2)")
                .With(import.Number).With(rowsMax).Run();
        }

        if (deleted == 0)
            session.Of("DELETE FROM import_to_purge WHERE number = ?").With(import.Number).Later();
        return Math.Max(deleted, 1);
    });

    public Task AdoptAsync(UserId visitor, UserId account) => database.WriteAsync(session =>
    {
        session.Enter(visitor, account);
        Adopt(session, visitor, account);
        return true;
    });

    static void Adopt(SqlSession session, UserId visitor, UserId account)
    {
        foreach (var table in new[] { "user_table", "profile" })
        {
            var names = SqlRows.All(
                session.Of($"SELECT name FROM {table} WHERE owner = ?").With(visitor.Value), row => row.Text(0));
            var taken = SqlRows.All(
                session.Of($"SELECT name FROM {table} WHERE owner = ?").With(account.Value), row => row.Text(0))
                .ToHashSet(StringComparer.Ordinal);
            foreach (var name in names)
            {
                var free = name;
                for (var n = 2; !taken.Add(free); n++)
                    free = $"{name} {n}";
                session.Of($"UPDATE {table} SET owner = ?, name = ? WHERE owner = ? AND name = ?")
                    .With(account.Value).With(free).With(visitor.Value).With(name).Later();
            }
        }

        session.Of("UPDATE import SET owner = ? WHERE owner = ?").With(account.Value).With(visitor.Value).Later();
        session.Of(
            "UPDATE remembered SET owner = ?1 WHERE owner = ?2 AND header NOT IN (SELECT header FROM remembered WHERE owner = ?1)")
            .With(account.Value).With(visitor.Value).Later();
        session.Of("DELETE FROM remembered WHERE owner = ?").With(visitor.Value).Later();
    }

    static JobId? BusyWith(SqlSession session, long table) => SqlRows.First(
        session.Of("SELECT job FROM import WHERE table_id = ? AND state = 0").With(table), row => (JobId?)new JobId(row.Id(0)));
}
