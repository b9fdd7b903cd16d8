using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Storage.Sql.Side;

namespace NextUp.Storage.Sql.Documents;

/// <summary>What is asked. The user is part of every question, so that nothing of anyone else is read at all.</summary>
public sealed partial class SqlDocumentStore
{
    /// <summary>Joins chunks <c>c</c> to a user's document <c>d</c>, where they are of its visible version.</summary>
    const string VisibleChunks =
        " FROM document d JOIN chunk c ON c.document = d.seq AND c.version = d.version WHERE d.owner = ? ";

    public Task<IReadOnlyList<JobId>> UnsettledAsync(JobId? after, int limit) => database.ReadAsync<IReadOnlyList<JobId>>(session =>
    {
        var from = 0L;
        if (after is { } last)
            from = session.Of("SELECT seq FROM document WHERE job = ?").With(last.Value).Number() ?? long.MaxValue;

        return SqlRows.All(
            session.Of("SELECT job FROM document WHERE state = 0 AND seq > ? ORDER BY seq LIMIT ?").With(from).With(limit),
            row => new JobId(row.Id(0)));
    });

    public Task<IReadOnlyList<UserId>> VisitorsAsync(UserId? after, int limit) =>
        database.ReadAsync<IReadOnlyList<UserId>>(session => SqlRows.All(
            session.Of("SELECT owner FROM holding WHERE owner > ? AND owner < 'visitor;' AND documents > 0 ORDER BY owner LIMIT ?")
                .With(after?.Value ?? UserId.Visitor("").Value).With(limit),
            row => new UserId(row.Text(0))));

    public Task<IReadOnlyList<JobId>> OrphansAsync(JobId? after, int limit) =>
        database.ReadAsync<IReadOnlyList<JobId>>(session => SqlRows.All(
            session.Of("SELECT job FROM document_job WHERE is_orphan = 1 AND job > ? ORDER BY job LIMIT ?")
                .With(after?.Value ?? Guid.Empty).With(limit),
            row => new JobId(row.Id(0))));

    public Task<DocumentRecord?> FindAsync(UserId user, DocumentId document) => database.ReadAsync(session => One(
        session.Of(DocumentRows.Select + "WHERE d.owner = ? AND d.id = ?").With(user.Value).With(document.Value)));

    public Task<DocumentRecord?> FindByJobAsync(JobId job) => database.ReadAsync(session => ByJob(session, job));

    public Task<IReadOnlyList<DocumentRecord>> ListAsync(UserId user, long? before, int limit) =>
        database.ReadAsync<IReadOnlyList<DocumentRecord>>(session => SqlRows.All(
            session.Of(DocumentRows.Select + "WHERE d.owner = ? AND d.seq < ? ORDER BY d.seq DESC LIMIT ?")
                .With(user.Value).With(before ?? long.MaxValue).With(limit),
            DocumentRows.Document));

    public Task<IReadOnlyList<DocumentChunk>> ChunksAsync(UserId user, DocumentId document, int from, int limit) =>
        database.ReadAsync<IReadOnlyList<DocumentChunk>>(session => SqlRows.All(
            session.Of("SELECT " + DocumentRows.ChunkColumns + VisibleChunks + "AND d.id = ? AND c.ordinal >= ? ORDER BY c.ordinal LIMIT ?")
                .With(user.Value).With(document.Value).With(from).With(limit),
            row => DocumentRows.Chunk(row, 0)));

    public Task<IReadOnlyList<EmbeddedChunk>> EmbeddedAsync(UserId user, VersionKey version, int from, int limit) =>
        database.ReadAsync<IReadOnlyList<EmbeddedChunk>>(session => SqlRows.All(
            session.Of(
                "SELECT " + DocumentRows.ChunkColumns + ", c.scale, c.vector" + VisibleChunks
                + "AND d.seq = ? AND d.version = ? AND c.ordinal >= ? ORDER BY c.ordinal LIMIT ?")
                .With(user.Value).With(version.Document).With(version.Number).With(from).With(limit),
            row => new EmbeddedChunk(DocumentRows.Chunk(row, 0), DocumentRows.Vector(row, 7, 8))));

    public Task<IReadOnlyList<FoundChunk>> FindChunksAsync(UserId user, IReadOnlyList<ChunkKey> chunks) =>
        database.ReadAsync<IReadOnlyList<FoundChunk>>(session =>
        {
            var found = session.Of(
                "SELECT d.id, d.name, d.seq, d.version, " + DocumentRows.ChunkColumns + VisibleChunks
                + "AND d.seq = ? AND d.version = ? AND c.ordinal = ?").FirstOfEach(
                chunks,
                (one, key) => one.With(user.Value).With(key.Version.Document).With(key.Version.Number).With(key.Ordinal),
                row => new FoundChunk(
                    new(new(row.Long(2), row.Int(3)), row.Int(4)), new(row.Id(0)), row.Text(1), DocumentRows.Chunk(row, 4)));
            return [.. found.OfType<FoundChunk>()];
        });

    public Task<DocumentCounts> CountsAsync(UserId user) => database.ReadAsync(session =>
        session.Of("SELECT documents, chunks, bytes, revision FROM holding WHERE owner = ?").With(user.Value)
            .First(row => new DocumentCounts(row.Long(0), row.Long(1), row.Long(2), row.Long(3))));

    public Task<IReadOnlyList<VisibleVersion>> VersionsAsync(UserId user) =>
        database.ReadAsync<IReadOnlyList<VisibleVersion>>(session => SqlRows.All(
        session.Of(
            "SELECT d.seq, v.number, d.id, v.model, v.dimension, v.chunks FROM document d "
            + "JOIN version v ON v.document = d.seq AND v.number = d.version WHERE d.owner = ? ORDER BY d.seq").With(user.Value),
        row => new VisibleVersion(
            new(row.Long(0), row.Int(1)), new(row.Id(2)), new(row.Text(3), row.Int(4)), row.Int(5))));

    public Task<IReadOnlyList<DocumentRecord>> OutsideAsync(EmbeddingSpace space, long after, int limit) =>
        database.ReadAsync<IReadOnlyList<DocumentRecord>>(session => SqlRows.All(
            session.Of(
                DocumentRows.Select
                + "WHERE d.seq > ? AND d.state <> 0 AND v.number > 0 AND (v.model <> ? OR v.dimension <> ?) ORDER BY d.seq LIMIT ?")
                .With(after).With(space.Model).With(space.Dimension).With(limit),
            DocumentRows.Document));

    static DocumentRecord? ByJob(SqlSession session, JobId job) =>
        One(session.Of(DocumentRows.Select + "WHERE d.job = ?").With(job.Value));

    static DocumentRecord? One(SqlStatement row) => row.First(DocumentRows.Document);
}
