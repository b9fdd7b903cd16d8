using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Users;

namespace NextUp.Actors.Store;

/// <summary>
/// Documents, their chunks and vectors; a database of its own, so that the queue's commits never wait for it. What a user
/// may see is filtered here, by user. Every method may throw <see cref="StoreFailedException"/>.
/// </summary>
/// <remarks>
/// A version is written aside, chunk by chunk, as a <see cref="VersionDraft"/>; nobody sees any of it until
/// <see cref="SettleAsync"/> makes all of it visible, and the version before it invisible, in one transaction. What is no
/// longer wanted (an older version, one of an attempt that was lost, a deleted document) is invisible at once and is erased
/// in pieces by <see cref="EraseAsync"/>, so that no commit is long.
/// </remarks>
public interface IDocumentStore
{
    /// <summary>
    /// A document for an upload that is about to be submitted as <see cref="NewDocument.Job"/>. Where the user already has
    /// the same bytes nothing is stored and that one is answered; of two at the same time one wins.
    /// </summary>
    Task<AnnounceAnswer> AnnounceAsync(NewDocument document);

    /// <summary>A further job over the user's document. False where they have no such document, or it is open.</summary>
    Task<bool> AssignAsync(UserId user, DocumentId document, JobId job);

    /// <summary>The job was not accepted: a document that it was announced for goes; another is as it was before.</summary>
    Task DismissAsync(JobId job);

    /// <summary>
    /// Begins to take what an attempt made. An earlier attempt's is dropped; the same attempt's, where it is whole, is
    /// answered as it is.
    /// </summary>
    /// <param name="facts">Its number is given by the store, and its count of chunks by what is added.</param>
    /// <param name="chunksMax">Chunks that the user may have in all, the version that this one replaces aside.</param>
    Task<BeginAnswer> BeginAsync(JobId job, int attempt, DocumentVersion facts, int chunksMax);

    /// <summary>Adds chunks; false where the draft is no longer wanted.</summary>
    Task<bool> AddAsync(VersionDraft draft, IReadOnlyList<EmbeddedChunk> chunks);

    /// <summary>All chunks are added; false where the draft is no longer wanted, or there are none.</summary>
    Task<bool> FinishAsync(VersionDraft draft);

    /// <summary>The job has ended; what lies aside for it is made visible or dropped. Harmless when it was settled before.</summary>
    Task SettleAsync(JobId job, DocumentEnd end);

    /// <summary>Jobs whose documents are open, in the order of announcement, behind a job of an earlier answer.</summary>
    Task<IReadOnlyList<JobId>> UnsettledAsync(JobId? after, int limit);

    /// <summary>Everything of a visitor becomes the account's. Harmless when repeated.</summary>
    Task MoveAsync(UserId visitor, UserId account);

    /// <summary>Visitors that have documents, in the order of their ids, behind one of an earlier answer.</summary>
    Task<IReadOnlyList<UserId>> VisitorsAsync(UserId? after, int limit);

    /// <summary>
    /// The user's document goes with everything of it; invisible when this answers, erased by <see cref="EraseAsync"/>. All jobs
    /// over it, earlier ones too, are orphans from then on, in the same transaction: their files are another store's, and
    /// whoever deletes those finds here which. False where they have none such.
    /// </summary>
    Task<bool> DeleteAsync(UserId user, DocumentId document);

    /// <summary>Jobs of deleted documents whose files are still to go, in an order of their own, behind one of an earlier answer.</summary>
    Task<IReadOnlyList<JobId>> OrphansAsync(JobId? after, int limit);

    /// <summary>The orphan has no files any more. Harmless when repeated, and for a job that is no orphan.</summary>
    Task ForgetAsync(JobId orphan);

    /// <summary>Erases some of what is no longer visible; false where there was nothing left.</summary>
    Task<bool> EraseAsync();

    /// <summary>The document, if it is this user's; someone else's is null like one that does not exist.</summary>
    Task<DocumentRecord?> FindAsync(UserId user, DocumentId document);

    /// <summary>The document that the job works or worked on last; not filtered by user.</summary>
    Task<DocumentRecord?> FindByJobAsync(JobId job);

    /// <summary>The user's documents, newest first, strictly older than <paramref name="before"/>.</summary>
    Task<IReadOnlyList<DocumentRecord>> ListAsync(UserId user, long? before, int limit);

    /// <summary>Chunks of the visible version, in order, from an ordinal on; empty where the user has no such document.</summary>
    Task<IReadOnlyList<DocumentChunk>> ChunksAsync(UserId user, DocumentId document, int from, int limit);

    /// <summary>The same with vectors. A version that is no longer the visible one has none.</summary>
    Task<IReadOnlyList<EmbeddedChunk>> EmbeddedAsync(UserId user, VersionKey version, int from, int limit);

    /// <summary>Chunks by their place, in any order; those that are no longer visible are left out.</summary>
    Task<IReadOnlyList<FoundChunk>> FindChunksAsync(UserId user, IReadOnlyList<ChunkKey> chunks);

    /// <summary>Kept counts of what is visible, and a number that grows with each change of it.</summary>
    Task<DocumentCounts> CountsAsync(UserId user);

    /// <summary>Every visible version of the user.</summary>
    Task<IReadOnlyList<VisibleVersion>> VersionsAsync(UserId user);

    /// <summary>
    /// Everybody's documents whose visible version lies in another space and that no job works on, in the order of
    /// announcement; for a change of the model.
    /// </summary>
    Task<IReadOnlyList<DocumentRecord>> OutsideAsync(EmbeddingSpace space, long after, int limit);
}

/// <param name="Sha256">In hexadecimal.</param>
public sealed record NewDocument(
    DocumentId Id, UserId User, string Name, long Size, string Sha256, string ContentType, JobId Job, DateTimeOffset At);

public abstract record AnnounceAnswer
{
    AnnounceAnswer() { }

    public sealed record Announced : AnnounceAnswer;

    /// <summary>The same bytes are there: completed, or worked on.</summary>
    public sealed record Duplicate(DocumentRecord Document) : AnnounceAnswer;

    /// <summary>The same bytes were there and could not be worked on; the new job is another try at that document.</summary>
    public sealed record AnotherTry(DocumentRecord Document) : AnnounceAnswer;
}

/// <summary>A version that is being taken.</summary>
public readonly record struct VersionDraft(VersionKey Version, JobId Job, int Attempt);

public readonly record struct VersionKey(long Document, int Number);

public readonly record struct ChunkKey(VersionKey Version, int Ordinal);

public sealed record FoundChunk(ChunkKey Key, DocumentId Document, string Name, DocumentChunk Chunk);

public sealed record VisibleVersion(VersionKey Key, DocumentId Document, EmbeddingSpace Space, int Chunks);

/// <param name="Documents">All documents, those that are open or failed included.</param>
/// <param name="Revision">Grows whenever what can be searched changes; 0 where the user never had anything.</param>
public readonly record struct DocumentCounts(long Documents, long Chunks, long Bytes, long Revision);

public abstract record BeginAnswer
{
    BeginAnswer() { }

    public sealed record Begun(VersionDraft Draft) : BeginAnswer;

    /// <summary>This attempt's version is whole already.</summary>
    public sealed record Whole : BeginAnswer;

    /// <summary>A later attempt was here before.</summary>
    public sealed record Superseded : BeginAnswer;

    /// <summary>The document was deleted.</summary>
    public sealed record Gone : BeginAnswer;

    /// <summary>The user has no room for so many chunks.</summary>
    public sealed record Full(long Chunks) : BeginAnswer;
}

/// <summary>How a job of a document ended.</summary>
public abstract record DocumentEnd
{
    DocumentEnd() { }

    /// <summary>It completed in this attempt, whose version becomes the visible one.</summary>
    public sealed record Completed(int Attempt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt) : DocumentEnd;

    /// <param name="State">Failed or cancelled.</param>
    public sealed record Ended(DocumentState State, string? Error, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt) : DocumentEnd;

    /// <summary>The job goes on in an attempt: what older ones left is dropped.</summary>
    public sealed record GoesOn(int Attempt) : DocumentEnd;
}
