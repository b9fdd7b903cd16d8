using NextUp.Actors.Jobs;
using NextUp.Actors.Tables;
using NextUp.Actors.Users;
using NextUp.Storage.Sql.Side;

namespace NextUp.Storage.Sql.Records;

/// <summary>Questions; what is a user's is looked for through the user.</summary>
public sealed partial class SqlRecordStore
{
    public Task<IReadOnlyDictionary<ValueMark, RowPlace>> FindMarksAsync(
        ImportNumber import, IReadOnlyList<ValueMark> marks) =>
        database.ReadWrittenAsync<IReadOnlyDictionary<ValueMark, RowPlace>>(session => FindMarks(session, import, marks));

    static Dictionary<ValueMark, RowPlace> FindMarks(
        SqlSession session, ImportNumber import, IReadOnlyList<ValueMark> marks)
    {
        var found = new Dictionary<ValueMark, RowPlace>();
        var table = SqlRows.Number(
            session.Of("SELECT table_id FROM import WHERE number = ?").With(import.Value));
        if (table is null)
            return found;

        // A row of this import counts before a record that is stored.
        var statement = session.Of(
            "SELECT m.import, m.row_no FROM mark m JOIN import i ON i.number = m.import "
            + "LEFT JOIN record r ON r.import = m.import AND r.row_no = m.row_no "
            + "WHERE m.table_id = ?1 AND m.mark = ?2 "
            + "AND r.superseded_by IS NULL AND (m.import = ?3 OR (i.state = 1 AND r.row_no IS NOT NULL)) "
            + "ORDER BY m.import = ?3 DESC LIMIT 1");
        var places = statement.FirstOfEach(
            marks, (one, mark) => one.With(table.Value).With(mark).With(import.Value),
            row => (RowPlace?)new RowPlace(new(row.Long(0)), row.Long(1)));
        foreach (var (mark, place) in marks.Zip(places))
        {
            if (place is { } taken)
                found[mark] = taken;
        }

        return found;
    }

    public Task<IReadOnlyList<TableImport>> AsideAsync() => database.ReadAsync<IReadOnlyList<TableImport>>(session =>
        SqlRows.All(session.Of(ImportRows.Select + "WHERE i.state = 0 ORDER BY i.number"), ImportRows.Read));

    public Task<IReadOnlyList<UserId>> VisitorsAsync() => database.ReadAsync<IReadOnlyList<UserId>>(session => SqlRows.All(
        session.Of(
            "SELECT owner FROM user_table WHERE owner > 'visitor:' AND owner < 'visitor;' "
            + "UNION SELECT owner FROM profile WHERE owner > 'visitor:' AND owner < 'visitor;'"),
        row => new UserId(row.Text(0))));

    public Task<TableImport?> FindImportAsync(UserId user, JobId job) => database.ReadAsync(session => SqlRows.First(
        session.Of(ImportRows.Select + "WHERE i.job = ? AND i.owner = ?").With(job.Value).With(user.Value), ImportRows.Read));

    public Task<IReadOnlyList<TableImport>> ImportsAsync(UserId user, string? table, ImportNumber? before, int limit) =>
        database.ReadAsync<IReadOnlyList<TableImport>>(session =>
        {
            var statement = session.Of(
                ImportRows.Select + "WHERE i.owner = ? AND i.number < ? AND (?3 IS NULL OR t.name = ?3) "
                + "ORDER BY i.number DESC LIMIT ?4");
            statement.With(user.Value).With(before?.Value ?? long.MaxValue).With(table).With(limit);
            return SqlRows.All(statement, ImportRows.Read);
        });

    public Task<IReadOnlyList<RejectedRow>> RejectedAsync(UserId user, JobId job, long after, int limit) =>
        database.ReadAsync<IReadOnlyList<RejectedRow>>(session =>
        {
            var statement = session.Of(
                "SELECT r.row_no, r.line, r.cells, r.errors FROM import i JOIN rejected r ON r.import = i.number "
                + "WHERE i.job = ? AND i.owner = ? AND r.row_no > ? ORDER BY r.row_no LIMIT ?");
            statement.With(job.Value).With(user.Value).With(after).With(limit);
            return SqlRows.All(statement, Rejected);
        });

    public Task<IReadOnlyList<RejectedRow>> RejectedAsync(ImportNumber import, long after, int limit) =>
        database.ReadAsync<IReadOnlyList<RejectedRow>>(session => SqlRows.All(
            session.Of(
                "SELECT row_no, line, cells, errors FROM rejected WHERE import = ? AND row_no > ? ORDER BY row_no LIMIT ?")
                .With(import.Value).With(after).With(limit),
            Rejected));

    static RejectedRow Rejected(SqlStatement row) => new(row.Long(0), row.Long(1), row.Text(2), row.Text(3));

    public Task<IReadOnlyList<UserTable>> TablesAsync(UserId user) => database.ReadAsync<IReadOnlyList<UserTable>>(session =>
        SqlRows.All(
            session.Of("SELECT name, records, imports, changed_at FROM user_table WHERE owner = ? AND imports > 0 ORDER BY name")
                .With(user.Value),
            row => new UserTable(row.Text(0), row.Long(1), row.Int(2), row.Time(3))));

    public Task<IReadOnlyList<StoredRecord>> RecordsAsync(
        UserId user, string table, JobId? job, RowPlace? after, int limit) => database.ReadAsync<IReadOnlyList<StoredRecord>>(session =>
    {
        if (TableOf(session, user, table) is not { } id)
            return [];

        // Import by import, so that rows which lie aside or are being deleted are never even passed over.
        var imports = SqlRows.All(
            session.Of("SELECT number, job FROM import WHERE table_id = ? AND state = 1 AND number >= ? ORDER BY number")
                .With(id).With(after?.Import.Value ?? 0),
            row => (Number: row.Long(0), Job: new JobId(row.Id(1))));
        var found = new List<StoredRecord>();
        foreach (var import in imports.Where(one => job is null || one.Job == job))
        {
            var statement = session.Of(
                "SELECT row_no, content FROM record WHERE import = ? AND row_no > ? AND superseded_by IS NULL "
                + "ORDER BY row_no LIMIT ?");
            statement.With(import.Number).With(after is { } place && place.Import.Value == import.Number ? place.Row : 0)
                .With(limit - found.Count);
            found.AddRange(SqlRows.All(
                statement, row => new StoredRecord(new(new(import.Number), row.Long(0)), import.Job, row.Text(1))));
            if (found.Count >= limit)
                break;
        }

        return found;
    });
}
