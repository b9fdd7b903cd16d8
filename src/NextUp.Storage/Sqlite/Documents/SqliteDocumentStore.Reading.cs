using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using Session = NextUp.Storage.Sqlite.Documents.DocumentDatabase.Session;

namespace NextUp.Storage.Sqlite.Documents;

/// <summary>What is asked. The user is part of every question, so that nothing of anyone else is read at all.</summary>
public sealed partial class SqliteDocumentStore
{
    /// <summary>Joins chunks <c>c</c> to a user's document <c>d</c>, where they are of its visible version.</summary>
    const string VisibleChunks =
        " FROM document d JOIN chunk c ON c.document = d.seq AND c.version = d.version WHERE d.user = ? ";

    public Task<IReadOnlyList<JobId>> UnsettledAsync(JobId? after, int limit) => database.ReadAsync<IReadOnlyList<JobId>>(session =>
    {
        var from = 0L;
        if (after is { } last)
        {
            var place = session.Of("SELECT seq FROM document WHERE job = ?").With(last.Value);
            from = place.Step() ? place.Long(0) : long.MaxValue;
            place.Reset();
        }

        return List(
            session.Of("SELECT job FROM document WHERE state = 0 AND seq > ? ORDER BY seq LIMIT ?").With(from).With(limit),
            row => new JobId(row.Id(0)));
    });

    public Task<IReadOnlyList<UserId>> VisitorsAsync(UserId? after, int limit) => database.ReadAsync<IReadOnlyList<UserId>>(session => List(
        session.Of("SELECT user FROM holding WHERE user > ? AND user < 'visitor;' AND documents > 0 ORDER BY user LIMIT ?")
            .With(after?.Value ?? UserId.Visitor("").Value).With(limit),
        row => new UserId(row.Text(0))));

    public Task<DocumentRecord?> FindAsync(UserId user, DocumentId document) => database.ReadAsync(session => One(
        session.Of(DocumentRows.Select + "WHERE d.user = ? AND d.id = ?").With(user.Value).With(document.Value)));

    public Task<DocumentRecord?> FindByJobAsync(JobId job) => database.ReadAsync(session => ByJob(session, job));

    public Task<IReadOnlyList<DocumentRecord>> ListAsync(UserId user, long? before, int limit) =>
        database.ReadAsync<IReadOnlyList<DocumentRecord>>(session => List(
            session.Of(DocumentRows.Select + "WHERE d.user = ? AND d.seq < ? ORDER BY d.seq DESC LIMIT ?")
                .With(user.Value).With(before ?? long.MaxValue).With(limit),
            DocumentRows.Document));

    public Task<IReadOnlyList<DocumentChunk>> ChunksAsync(UserId user, DocumentId document, int from, int limit) =>
        database.ReadAsync<IReadOnlyList<DocumentChunk>>(session => List(
            session.Of("SELECT " + DocumentRows.ChunkColumns + VisibleChunks + "AND d.id = ? AND c.ordinal >= ? ORDER BY c.ordinal LIMIT ?")
                .With(user.Value).With(document.Value).With(from).With(limit),
            row => DocumentRows.Chunk(row, 0)));

    public Task<IReadOnlyList<EmbeddedChunk>> EmbeddedAsync(UserId user, VersionKey version, int from, int limit) =>
        database.ReadAsync<IReadOnlyList<EmbeddedChunk>>(session => List(
            session.Of(
                "SELECT " + DocumentRows.ChunkColumns + ", c.scale, c.vector" + VisibleChunks
                + "AND d.seq = ? AND d.version = ? AND c.ordinal >= ? ORDER BY c.ordinal LIMIT ?")
                .With(user.Value).With(version.Document).With(version.Number).With(from).With(limit),
            row => new EmbeddedChunk(DocumentRows.Chunk(row, 0), DocumentRows.Vector(row, 7, 8))));

    public Task<IReadOnlyList<FoundChunk>> FindChunksAsync(UserId user, IReadOnlyList<ChunkKey> chunks) =>
        database.ReadAsync<IReadOnlyList<FoundChunk>>(session =>
        {
            List<FoundChunk> found = new(chunks.Count);
            foreach (var key in chunks)
            {
                var row = session.Of(
                    "SELECT d.id, d.name, " + DocumentRows.ChunkColumns + VisibleChunks
                    + "AND d.seq = ? AND d.version = ? AND c.ordinal = ?")
                    .With(user.Value).With(key.Version.Document).With(key.Version.Number).With(key.Ordinal);
                if (row.Step())
                    found.Add(new(key, new(row.Id(0)), row.Text(1), DocumentRows.Chunk(row, 2)));
                row.Reset();
            }

            return found;
        });

    public Task<DocumentCounts> CountsAsync(UserId user) => database.ReadAsync(session =>
    {
        var row = session.Of("SELECT documents, chunks, bytes, revision FROM holding WHERE user = ?").With(user.Value);
        var counts = row.Step() ? new DocumentCounts(row.Long(0), row.Long(1), row.Long(2), row.Long(3)) : default;
        row.Reset();
        return counts;
    });

    public Task<IReadOnlyList<VisibleVersion>> VersionsAsync(UserId user) =>
        database.ReadAsync<IReadOnlyList<VisibleVersion>>(session => List(
        session.Of(
            "SELECT d.seq, v.number, d.id, v.model, v.dimension, v.chunks FROM document d "
            + "JOIN version v ON v.document = d.seq AND v.number = d.version WHERE d.user = ? ORDER BY d.seq").With(user.Value),
        row => new VisibleVersion(
            new(row.Long(0), row.Int(1)), new(row.Id(2)), new(row.Text(3), row.Int(4)), row.Int(5))));

    public Task<IReadOnlyList<DocumentRecord>> OutsideAsync(EmbeddingSpace space, long after, int limit) =>
        database.ReadAsync<IReadOnlyList<DocumentRecord>>(session => List(
            session.Of(
                DocumentRows.Select
                + "WHERE d.seq > ? AND d.state <> 0 AND v.number > 0 AND (v.model <> ? OR v.dimension <> ?) ORDER BY d.seq LIMIT ?")
                .With(after).With(space.Model).With(space.Dimension).With(limit),
            DocumentRows.Document));

    static DocumentRecord? ByJob(Session session, JobId job) =>
        One(session.Of(DocumentRows.Select + "WHERE d.job = ?").With(job.Value));

    static DocumentRecord? One(Statement row)
    {
        var document = row.Step() ? DocumentRows.Document(row) : null;
        row.Reset();
        return document;
    }

    static List<T> List<T>(Statement rows, Func<Statement, T> read)
    {
        List<T> list = [];
        while (rows.Step())
            list.Add(read(rows));
        rows.Reset();
        return list;
    }
}
