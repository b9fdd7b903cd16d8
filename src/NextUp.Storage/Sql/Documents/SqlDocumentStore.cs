using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Storage.Sql.Side;

namespace NextUp.Storage.Sql.Documents;

/// <summary>Documents, chunks and vectors. Each method is one transaction.</summary>
/// <remarks>
/// A crash leaves the state after some of them. What was being taken then has nobody who would finish it: where no other
/// server works on the store opening drops it, else the job's next attempt does, or its end.
/// </remarks>
public sealed partial class SqlDocumentStore : IDocumentStore
{
    /// <summary>Chunks erased in one transaction.</summary>
    const int EraseMax = 500;

    const int Taking = 0, Aside = 1, Visible = 2, Dropped = 3;

    /// <summary>The one turn of erasing: two at once would each believe to have erased the last of a version.</summary>
    const string Erasing = "erasing documents";

    readonly SideDatabase database;

    internal SqlDocumentStore(SideDatabase database) => this.database = database;

    /// <summary>Called where a transaction is about to be committed; what it throws fails it. For tests.</summary>
    internal Action? AtCommit
    {
        set => database.AtCommit = value;
    }

    /// <summary>Nobody else works on the store: what is half taken will not be finished.</summary>
    internal Task DropTakenAsync() => database.WriteAsync(session =>
        session.Of("UPDATE version SET state = ? WHERE state = ?").With(Dropped).With(Taking).Run());

    public Task<AnnounceAnswer> AnnounceAsync(NewDocument document) => database.WriteAsync<AnnounceAnswer>(session =>
    {
        session.Enter(document.User);
        var same = One(session.Of(
            DocumentRows.Select + "WHERE d.owner = ? AND d.sha256 = ? ORDER BY d.version > 0 DESC, d.state = 0 DESC, d.seq DESC LIMIT 1")
            .With(document.User.Value).With(document.Sha256));
        if (same is not null && (same.Version is not null || same.State == DocumentState.Open))
            return new AnnounceAnswer.Duplicate(same);
        if (same is not null)
        {
            Reopen(session, same, document.Job);
            return new AnnounceAnswer.AnotherTry(same);
        }

        session.Of(
            "INSERT INTO document (id, owner, name, size, sha256, content_type, job, state, version, created_at) "
            + "VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?)")
            .With(document.Id.Value).With(document.User.Value).With(document.Name).With(document.Size)
            .With(document.Sha256).With(document.ContentType).With(document.Job.Value).With(document.At).Later();
        // The number is given by the insert, so it is asked for by the id.
        session.Of("INSERT INTO document_job (job, document, is_orphan) SELECT ?, seq, 0 FROM document WHERE id = ?")
            .With(document.Job.Value).With(document.Id.Value).Later();
        Count(session, document.User, documents: 1, bytes: document.Size);
        return new AnnounceAnswer.Announced();
    });

    public Task<bool> AssignAsync(UserId user, DocumentId document, JobId job) => database.WriteAsync(session =>
    {
        session.Enter(user);
        var found = One(session.Of(DocumentRows.Select + "WHERE d.owner = ? AND d.id = ?").With(user.Value).With(document.Value));
        if (found is null or { State: DocumentState.Open })
            return false;
        Reopen(session, found, job);
        return true;
    });

    public Task DismissAsync(JobId job) => database.WriteAsync(session =>
    {
        if (Entered(session, job) is not { State: DocumentState.Open } document)
            return 0;
        var before = session.Of("SELECT before FROM document WHERE seq = ?").With(document.Sequence)
            .First(row => row.IsNull(0) ? (Guid?)null : row.Id(0));
        Drop(session, document.Sequence, except: null);
        session.Of("DELETE FROM document_job WHERE job = ?").With(job.Value).Later();
        return before is { } earlier ? Return(session, document, earlier) : Remove(session, document);
    });

    public Task<BeginAnswer> BeginAsync(JobId job, int attempt, DocumentVersion facts, int chunksMax) =>
        database.WriteAsync<BeginAnswer>(session =>
        {
            if (Entered(session, job) is not { } document)
                return new BeginAnswer.Gone();
            var newest = session.Of("SELECT attempt, state FROM version WHERE job = ? AND state < 3 ORDER BY attempt DESC LIMIT 1")
                .With(job.Value).First(row => (Attempt: row.Int(0), State: row.Int(1)));
            if (newest.Attempt > attempt)
                return new BeginAnswer.Superseded();
            if (newest.Attempt == attempt && newest.State != Taking)
                return new BeginAnswer.Whole();

            var chunks = session.Of("SELECT chunks FROM holding WHERE owner = ?").With(document.User.Value).Number() ?? 0;
            if (chunks - (document.Version?.Chunks ?? 0) + facts.Chunks > chunksMax)
                return new BeginAnswer.Full(chunks);

            if (document.State != DocumentState.Open)
            {
                // A job that had ended is done again: what is stored of its end is no longer so.
                session.Of("UPDATE document SET state = 0 WHERE seq = ?").With(document.Sequence).Later();
            }

            Drop(session, document.Sequence, except: null);
            var number = 1 + (int)(session.Of("SELECT max(number) FROM version WHERE document = ?").With(document.Sequence).Number() ?? 0);
            session.Of(
                "INSERT INTO version (document, number, state, job, attempt, model, dimension, chunks, pages, language, warnings) "
                + "VALUES (?, ?, 0, ?, ?, ?, ?, 0, ?, ?, ?)")
                .With(document.Sequence).With(number).With(job.Value).With(attempt).With(facts.Space.Model)
                .With(facts.Space.Dimension).With(facts.Pages).With(facts.Language).With(DocumentRows.Text(facts.Warnings)).Later();
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
                .With(System.Runtime.InteropServices.MemoryMarshal.AsBytes(vector.Values.Span)).Touching(chunk.Ordinal + 1).Later();
        }

        return true;
    });

    public Task<bool> FinishAsync(VersionDraft draft) => database.WriteAsync(session =>
        session.Of("UPDATE version SET state = ? WHERE document = ? AND number = ? AND state = 0 AND chunks > 0")
            .With(Aside).With(draft.Version.Document).With(draft.Version.Number).Run() == 1);

    public Task SettleAsync(JobId job, DocumentEnd end) => database.WriteAsync(session =>
    {
        if (Entered(session, job) is not { } document)
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
        session.Enter(visitor, account);
        session.Of("UPDATE document SET owner = ? WHERE owner = ?").With(account.Value).With(visitor.Value).Later();
        var held = session.Of("SELECT documents, chunks, bytes FROM holding WHERE owner = ?").With(visitor.Value)
            .First(row => (Documents: row.Int(0), Chunks: row.Int(1), Bytes: row.Long(2)));
        if (held == default)
            return false;
        Count(session, account, held.Documents, held.Chunks, held.Bytes, isSearched: true);
        session.Of("UPDATE holding SET documents = 0, chunks = 0, bytes = 0, revision = revision + 1 WHERE owner = ?")
            .With(visitor.Value).Later();
        return true;
    });

    public Task<bool> DeleteAsync(UserId user, DocumentId document) => database.WriteAsync(session =>
    {
        session.Enter(user);
        var found = One(session.Of(DocumentRows.Select + "WHERE d.owner = ? AND d.id = ?").With(user.Value).With(document.Value));
        if (found is null)
            return false;
        session.Of("UPDATE document_job SET is_orphan = 1 WHERE document = ?").With(found.Sequence).Later();
        Remove(session, found);
        return true;
    });

    public Task ForgetAsync(JobId orphan) => database.WriteAsync(session =>
        session.Of("DELETE FROM document_job WHERE job = ? AND is_orphan = 1").With(orphan.Value).Run());

    public Task<bool> EraseAsync() => database.WriteAsync(session =>
    {
        session.Enter(Erasing);
        var next = session.Of("SELECT document, number FROM version WHERE state = 3 LIMIT 1")
            .First(row => (VersionKey?)new VersionKey(row.Long(0), row.Int(1)));
        if (next is not { } version)
            return false;
        var erased = session.Of(
            "DELETE FROM chunk WHERE document = ?1 AND version = ?2 AND ordinal IN "
            + "(SELECT ordinal FROM chunk WHERE document = ?1 AND version = ?2 ORDER BY ordinal LIMIT ?3)")
            .With(version.Document).With(version.Number).With(EraseMax).Run();
        if (erased < EraseMax)
        {
            session.Of("DELETE FROM version WHERE document = ? AND number = ?").With(version.Document).With(version.Number).Later();
        }

        return true;
    });
}
