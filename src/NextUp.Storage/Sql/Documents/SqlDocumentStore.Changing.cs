using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Storage.Sql.Side;

namespace NextUp.Storage.Sql.Documents;

/// <summary>The steps that transactions are made of. The numbers that they answer mean nothing.</summary>
public sealed partial class SqlDocumentStore
{
    static void Reopen(SqlSession session, DocumentRecord document, JobId job)
    {
        session.Of("UPDATE document SET before = job, job = ?, state = 0 WHERE seq = ?")
            .With(job.Value).With(document.Sequence).Later();
        session.Of("INSERT INTO document_job (job, document, is_orphan) VALUES (?, ?, 0)")
            .With(job.Value).With(document.Sequence).Later();
    }

    /// <summary>The document is again what its earlier job made of it.</summary>
    static int Return(SqlSession session, DocumentRecord document, Guid job)
    {
        var state = document.Version is not null ? DocumentState.Completed : DocumentState.Failed;
        return session.Of("UPDATE document SET job = ?, before = NULL, state = ? WHERE seq = ?")
            .With(job).With((int)state).With(document.Sequence).Run();
    }

    static int Remove(SqlSession session, DocumentRecord document)
    {
        session.Of("UPDATE version SET state = 3 WHERE document = ?").With(document.Sequence).Later();
        session.Of("DELETE FROM document WHERE seq = ?").With(document.Sequence).Later();
        return Count(
            session, document.User, -1, -(document.Version?.Chunks ?? 0), -document.Size, isSearched: document.Version is not null);
    }

    static int Show(SqlSession session, DocumentRecord document, DocumentEnd.Completed done)
    {
        var made = session.Of("SELECT number, chunks FROM version WHERE document = ? AND job = ? AND attempt = ? AND state = 1")
            .With(document.Sequence).With(document.Job.Value).With(done.Attempt)
            .First(row => (Number: row.Int(0), Chunks: row.Int(1)));
        if (made.Number == 0)
        {
            // A completed job was taken before; where its version is not here all the same (a restored backup), say so.
            return End(session, document, new(
                DocumentState.Failed, "Its chunks were lost. Have the document processed again.", done.StartedAt, done.EndedAt));
        }

        Drop(session, document.Sequence, made.Number);
        session.Of("UPDATE version SET state = 2 WHERE document = ? AND number = ?").With(document.Sequence).With(made.Number).Later();
        session.Of(
            "UPDATE document SET version = ?, state = 1, error = NULL, before = NULL, started_at = ?, processed_at = ? WHERE seq = ?")
            .With(made.Number).With(done.StartedAt).With(done.EndedAt).With(document.Sequence).Later();
        if (document.Version is { } old)
            session.Of("UPDATE version SET state = 3 WHERE document = ? AND number = ?").With(document.Sequence).With(old.Number).Later();
        return Count(session, document.User, 0, made.Chunks - (document.Version?.Chunks ?? 0), 0, isSearched: true);
    }

    static int End(SqlSession session, DocumentRecord document, DocumentEnd.Ended ended)
    {
        Drop(session, document.Sequence, except: null);
        var state = document.Version is not null ? DocumentState.Completed : ended.State;
        return session.Of(
            "UPDATE document SET state = ?, error = ?, before = NULL, started_at = ?, processed_at = ? WHERE seq = ?")
            .With((int)state).With(ended.Error).With(ended.StartedAt).With(ended.EndedAt).With(document.Sequence).Run();
    }

    /// <summary>What lies aside of the document, or is being taken, is for nobody any more.</summary>
    static void Drop(SqlSession session, long document, int? except) =>
        session.Of("UPDATE version SET state = 3 WHERE document = ? AND state IN (0, 1) AND number <> ?")
            .With(document).With(except ?? 0).Later();

    static int DropOlder(SqlSession session, long document, int attempt) =>
        session.Of("UPDATE version SET state = 3 WHERE document = ? AND state IN (0, 1) AND attempt < ?")
            .With(document).With(attempt).Run();

    static (string Model, int Dimension) SpaceOf(SqlSession session, VersionKey version)
    {
        return session.Of("SELECT model, dimension FROM version WHERE document = ? AND number = ?")
            .With(version.Document).With(version.Number).First(row => (row.Text(0), row.Int(1)));
    }

    /// <summary>The job's document, in the turn of its user; null where it has none.</summary>
    static DocumentRecord? Entered(SqlSession session, JobId job)
    {
        while (true)
        {
            if (session.Of("SELECT owner FROM document WHERE job = ?").With(job.Value).First(row => row.Text(0)) is not { } owner)
                return null;
            session.Enter(new UserId(owner));
            // It may have been adopted, or gone, while we waited.
            if (ByJob(session, job) is not { } document)
                return null;
            if (document.User.Value == owner)
                return document;
        }
    }

    static int Count(SqlSession session, UserId user, int documents = 0, int chunks = 0, long bytes = 0, bool isSearched = false) =>
        session.Of(
            "INSERT INTO holding (owner, documents, chunks, bytes, revision) VALUES (?, ?, ?, ?, ?) ON CONFLICT (owner) DO UPDATE "
            + "SET documents = holding.documents + excluded.documents, chunks = holding.chunks + excluded.chunks, "
            + "bytes = holding.bytes + excluded.bytes, revision = holding.revision + excluded.revision")
            .With(user.Value).With(documents).With(chunks).With(bytes).With(isSearched).Run();
}
