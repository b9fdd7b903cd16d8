using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using Session = NextUp.Storage.Sqlite.Documents.DocumentDatabase.Session;

namespace NextUp.Storage.Sqlite.Documents;

/// <summary>Documents, chunks and vectors on SQLite, in a file of their own beside the queue's.</summary>
/// <remarks>
/// Every method that changes something is one transaction with <c>synchronous=FULL</c>. A crash leaves the state after some
/// of them; what was being taken then has nobody who would finish it, so opening drops it.
/// </remarks>
public sealed partial class SqliteDocumentStore : IDocumentStore, IDisposable
{
    /// <summary>Chunks erased in one transaction.</summary>
    const int EraseMax = 500;

    const int Taking = 0, Aside = 1, Visible = 2, Dropped = 3;

    readonly DocumentDatabase database;

    SqliteDocumentStore(DocumentDatabase database) => this.database = database;

    /// <summary>Called where a transaction is about to be committed; what it throws fails it. For tests.</summary>
    internal Action? AtCommit
    {
        set => database.AtCommit = value;
    }

    /// <summary>Opens the store in a data folder that the caller owns.</summary>
    /// <exception cref="StoreFailedException">It cannot be written, or the database is damaged or newer.</exception>
    public static async Task<SqliteDocumentStore> OpenAsync(string folder)
    {
        var database = DocumentDatabase.Open(folder);
        try
        {
            await database.WriteAsync(session =>
                session.Of("UPDATE version SET state = ? WHERE state = ?").With(Dropped).With(Taking).Run());
            return new(database);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public Task<AnnounceAnswer> AnnounceAsync(NewDocument document) => database.WriteAsync<AnnounceAnswer>(session =>
    {
        var same = One(session.Of(
            DocumentRows.Select + "WHERE d.user = ? AND d.sha256 = ? ORDER BY d.version > 0 DESC, d.state = 0 DESC, d.seq DESC LIMIT 1")
            .With(document.User.Value).With(document.Sha256));
        if (same is not null && (same.Version is not null || same.State == DocumentState.Open))
            return new AnnounceAnswer.Duplicate(same);
        if (same is not null)
        {
            Reopen(session, same, document.Job);
            return new AnnounceAnswer.AnotherTry(same);
        }

        session.Of(
            "INSERT INTO document (id, user, name, size, sha256, content_type, job, state, version, created_at) "
            + "VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?)")
            .With(document.Id.Value).With(document.User.Value).With(document.Name).With(document.Size)
            .With(document.Sha256).With(document.ContentType).With(document.Job.Value).With(document.At).Run();
        Count(session, document.User, documents: 1, bytes: document.Size);
        return new AnnounceAnswer.Announced();
    });

    public Task<bool> AssignAsync(UserId user, DocumentId document, JobId job) => database.WriteAsync(session =>
    {
        var found = One(session.Of(DocumentRows.Select + "WHERE d.user = ? AND d.id = ?").With(user.Value).With(document.Value));
        if (found is null or { State: DocumentState.Open })
            return false;
        Reopen(session, found, job);
        return true;
    });

    public Task DismissAsync(JobId job) => database.WriteAsync(session =>
    {
        if (ByJob(session, job) is not { State: DocumentState.Open } document)
            return 0;
        var earlier = session.Of("SELECT before FROM document WHERE seq = ?").With(document.Sequence);
        var before = earlier.Step() && !earlier.IsNull(0) ? earlier.Id(0) : (Guid?)null;
        earlier.Reset();
        Drop(session, document.Sequence, except: null);
        return before is { } job_ ? Return(session, document, job_) : Remove(session, document);
    });

    public Task<BeginAnswer> BeginAsync(JobId job, int attempt, DocumentVersion facts, int chunksMax) =>
        database.WriteAsync<BeginAnswer>(session =>
        {
            if (ByJob(session, job) is not { } document)
                return new BeginAnswer.Gone();
            if (document.State != DocumentState.Open)
            {
                // A job that had ended is done again: what is stored of its end is no longer so.
                session.Of("UPDATE document SET state = 0 WHERE seq = ?").With(document.Sequence).Run();
            }

            var held = session.Of("SELECT chunks FROM holding WHERE user = ?").With(document.User.Value);
            var chunks = held.Step() ? held.Long(0) : 0;
            held.Reset();
            if (chunks - (document.Version?.Chunks ?? 0) + facts.Chunks > chunksMax)
                return new BeginAnswer.Full(chunks);

            var rows = session.Of("SELECT attempt, state FROM version WHERE job = ? AND state IN (0, 1) ORDER BY attempt DESC LIMIT 1")
                .With(job.Value);
            var newest = rows.Step() ? (Attempt: rows.Int(0), State: rows.Int(1)) : default;
            rows.Reset();
            if (newest.Attempt > attempt)
                return new BeginAnswer.Superseded();
            if (newest.Attempt == attempt && newest.State == Aside)
                return new BeginAnswer.Whole();

            Drop(session, document.Sequence, except: null);
            var last = session.Of("SELECT max(number) FROM version WHERE document = ?").With(document.Sequence);
            var number = (last.Step() ? last.Int(0) : 0) + 1;
            last.Reset();
            session.Of(
                "INSERT INTO version (document, number, state, job, attempt, model, dimension, chunks, pages, language, warnings) "
                + "VALUES (?, ?, 0, ?, ?, ?, ?, 0, ?, ?, ?)")
                .With(document.Sequence).With(number).With(job.Value).With(attempt).With(facts.Space.Model)
                .With(facts.Space.Dimension).With(facts.Pages).With(facts.Language).With(DocumentRows.Text(facts.Warnings)).Run();
            return new BeginAnswer.Begun(new(new(document.Sequence, number), job, attempt));
        });

    public Task<bool> AddAsync(VersionDraft draft, IReadOnlyList<EmbeddedChunk> chunks) => database.WriteAsync(session =>
    {
        var isGood = session.Of("UPDATE version SET chunks = chunks + ? WHERE document = ? AND number = ? AND state = 0")
            .With(chunks.Count).With(draft.Version.Document).With(draft.Version.Number).Run() == 1;
        if (!isGood)
            return false;
        var (model, dimension) = SpaceOf(session, draft.Version);
        foreach (var (chunk, vector) in chunks)
        {
            session.Of(
                "INSERT INTO chunk (document, version, ordinal, page_from, page_to, char_from, char_to, heading, text, model, "
                + "dimension, scale, vector) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .With(draft.Version.Document).With(draft.Version.Number).With(chunk.Ordinal).With(chunk.PageFrom)
                .With(chunk.PageTo).With(chunk.CharFrom).With(chunk.CharTo).With(chunk.HeadingPath).With(chunk.Text)
                .With(model).With(dimension).With(BitConverter.SingleToInt32Bits(vector.Scale))
                .With(System.Runtime.InteropServices.MemoryMarshal.AsBytes(vector.Values.Span)).Run();
        }

        return true;
    });

    public Task<bool> FinishAsync(VersionDraft draft) => database.WriteAsync(session =>
        session.Of("UPDATE version SET state = ? WHERE document = ? AND number = ? AND state = 0 AND chunks > 0")
            .With(Aside).With(draft.Version.Document).With(draft.Version.Number).Run() == 1);

    public Task SettleAsync(JobId job, DocumentEnd end) => database.WriteAsync(session =>
    {
        if (ByJob(session, job) is not { } document)
            return 0;
        // A job that failed may have been done again and have failed again; one that completed stays so.
        if (document.State != DocumentState.Open && (document.Error is null || end is not DocumentEnd.Ended))
            return 0;
        return end switch
        {
            DocumentEnd.GoesOn on => DropOlder(session, document.Sequence, on.Attempt),
            DocumentEnd.Completed done => Show(session, document, done),
            DocumentEnd.Ended ended => End(session, document, ended),
            _ => throw new System.Diagnostics.UnreachableException($"{end}"),
        };
    });

    public Task MoveAsync(UserId visitor, UserId account) => database.WriteAsync(session =>
    {
        session.Of("UPDATE document SET user = ? WHERE user = ?").With(account.Value).With(visitor.Value).Run();
        var row = session.Of("SELECT documents, chunks, bytes FROM holding WHERE user = ?").With(visitor.Value);
        var held = row.Step() ? (row.Int(0), row.Int(1), row.Long(2)) : default;
        row.Reset();
        if (held == default)
            return 0;
        Count(session, account, held.Item1, held.Item2, held.Item3, isSearched: true);
        return session.Of("UPDATE holding SET documents = 0, chunks = 0, bytes = 0, revision = revision + 1 WHERE user = ?")
            .With(visitor.Value).Run();
    });

    public Task<bool> DeleteAsync(UserId user, DocumentId document) => database.WriteAsync(session =>
    {
        var found = One(session.Of(DocumentRows.Select + "WHERE d.user = ? AND d.id = ?").With(user.Value).With(document.Value));
        if (found is null)
            return false;
        Remove(session, found);
        return true;
    });

    public Task<bool> EraseAsync() => database.WriteAsync(session =>
    {
        var row = session.Of("SELECT document, number FROM version WHERE state = 3 LIMIT 1");
        var next = row.Step() ? new VersionKey(row.Long(0), row.Int(1)) : (VersionKey?)null;
        row.Reset();
        if (next is not { } version)
            return false;
        var erased = session.Of(
            "DELETE FROM chunk WHERE rowid IN (SELECT rowid FROM chunk WHERE document = ? AND version = ? LIMIT ?)")
            .With(version.Document).With(version.Number).With(EraseMax).Run();
        if (erased < EraseMax)
        {
            session.Of("DELETE FROM version WHERE document = ? AND number = ?").With(version.Document).With(version.Number).Run();
        }

        return true;
    });

    public void Dispose() => database.Dispose();
}
