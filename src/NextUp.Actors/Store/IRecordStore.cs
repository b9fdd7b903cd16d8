using NextUp.Actors.Jobs;
using NextUp.Actors.Tables;
using NextUp.Actors.Users;

namespace NextUp.Actors.Store;

/// <summary>
/// The records that imports bring, beside the job store and independent of it: nothing of the queue waits for it.
/// </summary>
/// <remarks>
/// An import's rows lie aside, seen by nobody, until the import is settled: made visible in one transaction where its job
/// completed, dropped otherwise. While an import into a table lies aside, no other import into that table of the user
/// begins and none of it is undone, so what was looked up for its rows stays true until it is settled. Every write
/// throws <see cref="StoreFailedException"/> where the store fails.
/// </remarks>
public interface IRecordStore
{
    /// <summary>Raised when an import begins, or goes on under a new attempt, after it is stored.</summary>
    event Action<JobId>? Begun;

    /// <summary>
    /// Begins the job's import, or goes on with it: an import that lies aside is answered with its row and counts, and
    /// belongs to the attempt from then on. One that was dropped is begun again from its first row.
    /// </summary>
    /// <param name="sketch">What a new import begins with; its number, state, row and counts are the store's.</param>
    Task<ImportBeginAnswer> BeginAsync(TableImport sketch);

    /// <summary>
    /// Who has each of the marks: a row of this import, else a visible record of its table. Marks that nobody has are
    /// left out.
    /// </summary>
    Task<IReadOnlyDictionary<ValueMark, RowPlace>> FindMarksAsync(ImportNumber import, IReadOnlyList<ValueMark> marks);

    /// <summary>
    /// Stores a batch with its checkpoint. False where the import does not lie aside under this attempt any more: the
    /// attempt is over.
    /// </summary>
    Task<bool> AppendAsync(RecordBatch batch);

    /// <summary>Makes the import's rows visible, in one transaction. Nothing where it does not lie aside.</summary>
    /// <param name="owner">Whose job it is now; the import moves to them where it was another's.</param>
    Task StoreAsync(JobId job, UserId owner, DateTimeOffset now);

    /// <summary>Lets the import's rows go; its row errors stay. Nothing where it does not lie aside.</summary>
    Task DropAsync(JobId job, DateTimeOffset now);

    /// <summary>
    /// Takes a stored import back, in one transaction: its rows are gone, and what they took the place of is back.
    /// </summary>
    Task<UndoAnswer> UndoAsync(UserId user, JobId job, DateTimeOffset now);

    /// <summary>Deletes a table with its records and imports.</summary>
    Task<UndoAnswer> DeleteTableAsync(UserId user, string table);

    /// <summary>Deletes at most so many rows of dropped and undone imports; how many there were.</summary>
    Task<int> PurgeAsync(int rowsMax);

    /// <summary>Imports that lie aside, oldest first.</summary>
    Task<IReadOnlyList<TableImport>> AsideAsync();

    /// <summary>Visitors that have anything here; for those who have become an account meanwhile.</summary>
    Task<IReadOnlyList<UserId>> VisitorsAsync();

    /// <summary>Everything of the visitor is the account's. A table or profile of the same name gets a number behind it.</summary>
    Task AdoptAsync(UserId visitor, UserId account);

    Task<TableImport?> FindImportAsync(UserId user, JobId job);

    /// <summary>Newest first; of one table where it is named.</summary>
    Task<IReadOnlyList<TableImport>> ImportsAsync(UserId user, string? table, ImportNumber? before, int limit);

    /// <summary>By row, from behind <paramref name="after"/>.</summary>
    Task<IReadOnlyList<RejectedRow>> RejectedAsync(UserId user, JobId job, long after, int limit);

    /// <summary>
    /// As <see cref="RejectedAsync(UserId, JobId, long, int)"/>, for the import's own work: its owner may have signed in.
    /// </summary>
    Task<IReadOnlyList<RejectedRow>> RejectedAsync(ImportNumber import, long after, int limit);

    Task<IReadOnlyList<UserTable>> TablesAsync(UserId user);

    /// <summary>Records of a table by import and row, from behind <paramref name="after"/>.</summary>
    /// <param name="job">Only those that this job brought.</param>
    Task<IReadOnlyList<StoredRecord>> RecordsAsync(UserId user, string table, JobId? job, RowPlace? after, int limit);

    Task<IReadOnlyList<StoredProfile>> ProfilesAsync(UserId user);

    /// <summary>Adds the profile, or replaces that of the same id and user.</summary>
    Task<ProfileAnswer> SaveProfileAsync(StoredProfile profile, int perUserMax);

    /// <summary>False where the user has none of this id.</summary>
    Task<bool> DeleteProfileAsync(UserId user, Guid id);

    /// <summary>What was remembered for files with this header; null where nothing was.</summary>
    Task<string?> RecallAsync(UserId user, string header);

    /// <summary>Remembers how files with this header are read; of more than the limit the oldest are forgotten.</summary>
    Task RememberAsync(UserId user, string header, string content, DateTimeOffset now, int perUserMax);
}

/// <summary>How an import can begin.</summary>
public abstract record ImportBeginAnswer
{
    ImportBeginAnswer() { }

    /// <param name="Import">Where it goes on.</param>
    public sealed record Begun(TableImport Import) : ImportBeginAnswer;

    /// <summary>A newer attempt has it, or it was stored already.</summary>
    public sealed record Over : ImportBeginAnswer;

    /// <summary>Another import into the table lies aside.</summary>
    public sealed record TableBusy(JobId Other) : ImportBeginAnswer;
}

/// <summary>How taking something back can end.</summary>
public abstract record UndoAnswer
{
    UndoAnswer() { }

    public sealed record Undone : UndoAnswer;

    public sealed record NotFound : UndoAnswer;

    /// <summary>It was never stored, or was undone before.</summary>
    public sealed record NotStored(ImportState State) : UndoAnswer;

    /// <summary>An import into the table lies aside.</summary>
    public sealed record TableBusy(JobId Other) : UndoAnswer;
}

/// <summary>How saving a profile can end.</summary>
public abstract record ProfileAnswer
{
    ProfileAnswer() { }

    public sealed record Saved : ProfileAnswer;

    public sealed record NameTaken : ProfileAnswer;

    public sealed record TooMany : ProfileAnswer;
}
