using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using Session = NextUp.Storage.Sqlite.Documents.DocumentDatabase.Session;

namespace NextUp.Storage.Sqlite.Documents;

/// <summary>The steps that transactions are made of. The numbers that they answer mean nothing.</summary>
public sealed partial class SqliteDocumentStore
{
    static void Reopen(Session session, DocumentRecord document, JobId job) =>
        session.Of("UPDATE document SET before = job, job = ?, state = 0 WHERE seq = ?")
            .With(job.Value).With(document.Sequence).Run();

    /// <summary>The document is again what its earlier job made of it.</summary>
    static int Return(Session session, DocumentRecord document, Guid job)
    {
        var state = document.Version is not null ? DocumentState.Completed : DocumentState.Failed;
        return session.Of("UPDATE document SET job = ?, before = NULL, state = ? WHERE seq = ?")
            .With(job).With((int)state).With(document.Sequence).Run();
    }

    static int Remove(Session session, DocumentRecord document)
    {
        session.Of("UPDATE version SET state = 3 WHERE document = ?").With(document.Sequence).Run();
        session.Of("DELETE FROM document WHERE seq = ?").With(document.Sequence).Run();
        return Count(
            session, document.User, -1, -(document.Version?.Chunks ?? 0), -document.Size, isSearched: document.Version is not null);
    }

    static int Show(Session session, DocumentRecord document, DocumentEnd.Completed done)
    {
        var row = session.Of("SELECT number, chunks FROM version WHERE document = ? AND job = ? AND attempt = ? AND state = 1")
            .With(document.Sequence).With(document.Job.Value).With(done.Attempt);
        var made = row.Step() ? (Number: row.Int(0), Chunks: row.Int(1)) : default;
        row.Reset();
        if (made.Number == 0)
        {
            // A completed job was taken before; where its version is not here all the same (a restored backup), say so.
            return End(session, document, new(
                DocumentState.Failed, "Its chunks were lost. Have the document processed again.", done.StartedAt, done.EndedAt));
        }

        Drop(session, document.Sequence, made.Number);
        session.Of("UPDATE version SET state = 2 WHERE document = ? AND number = ?").With(document.Sequence).With(made.Number).Run();
        session.Of(
            "UPDATE document SET version = ?, state = 1, error = NULL, before = NULL, started_at = ?, processed_at = ? WHERE seq = ?")
            .With(made.Number).With(done.StartedAt).With(done.EndedAt).With(document.Sequence).Run();
        if (document.Version is { } old)
            session.Of("UPDATE version SET state = 3 WHERE document = ? AND number = ?").With(document.Sequence).With(old.Number).Run();
        return Count(session, document.User, 0, made.Chunks - (document.Version?.Chunks ?? 0), 0, isSearched: true);
    }

    static int End(Session session, DocumentRecord document, DocumentEnd.Ended ended)
    {
        Drop(session, document.Sequence, except: null);
        var state = document.Version is not null ? DocumentState.Completed : ended.State;
        return session.Of(
            "UPDATE document SET state = ?, error = ?, before = NULL, started_at = ?, processed_at = ? WHERE seq = ?")
            .With((int)state).With(ended.Error).With(ended.StartedAt).With(ended.EndedAt).With(document.Sequence).Run();
    }

    /// <summary>What lies aside of the document, or is being taken, is for nobody any more.</summary>
    static void Drop(Session session, long document, int? except) =>
        session.Of("UPDATE version SET state = 3 WHERE document = ? AND state IN (0, 1) AND number <> ?")
            .With(document).With(except ?? 0).Run();

    static int DropOlder(Session session, long document, int attempt) =>
        session.Of("UPDATE version SET state = 3 WHERE document = ? AND state IN (0, 1) AND attempt < ?")
            .With(document).With(attempt).Run();

    static (string Model, int Dimension) SpaceOf(Session session, VersionKey version)
    {
        var row = session.Of("SELECT model, dimension FROM version WHERE document = ? AND number = ?")
            .With(version.Document).With(version.Number);
        row.Step();
        var space = (row.Text(0), row.Int(1));
        row.Reset();
        return space;
    }

    static int Count(Session session, UserId user, int documents = 0, int chunks = 0, long bytes = 0, bool isSearched = false) =>
        session.Of(
            "INSERT INTO holding (user, documents, chunks, bytes, revision) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (user) DO UPDATE "
            + "SET documents = documents + ?2, chunks = chunks + ?3, bytes = bytes + ?4, revision = revision + ?5")
            .With(user.Value).With(documents).With(chunks).With(bytes).With(isSearched).Run();
}
