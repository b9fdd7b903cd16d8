using NextUp.Actors.Jobs;
using NextUp.Actors.Papers;
using NextUp.Actors.Users;

namespace NextUp.Actors.Store;

/// <summary>
/// Exam papers, the pictures of their pages, and syllabuses, in a database of their own. Whoever asks names the user; someone
/// else's paper is none. Every method may throw <see cref="StoreFailedException"/>: nothing is acknowledged then.
/// </summary>
/// <remarks>
/// What a job read and what people changed of it are kept apart: a new job over the same paper replaces the first in one
/// transaction and leaves the second alone.
/// </remarks>
public interface IPaperStore
{
    /// <summary>
    /// Puts an attempt's result aside, visible to nobody. False where a later attempt of the job is there already; the same
    /// attempt again is kept once.
    /// </summary>
    /// <param name="pages">Read once, one page at a time; what it throws fails the whole.</param>
    Task<bool> TakeAsync(PaperTake paper, IEnumerable<PaperPage> pages);

    /// <summary>
    /// Makes what lies aside for the job visible where it is of this attempt, in the place of what an earlier job read of the
    /// same paper; drops it otherwise.
    /// </summary>
    /// <param name="completedAttempt">The attempt that the job completed in; null where it did not.</param>
    Task SettleAsync(JobId job, int? completedAttempt);

    /// <summary>Jobs that have something aside, in the order of their ids.</summary>
    Task<IReadOnlyList<JobId>> UnsettledAsync(JobId? after, int limit);

    /// <summary>The user's papers, newest first, older than <paramref name="before"/>.</summary>
    Task<IReadOnlyList<PaperRecord>> ListAsync(UserId user, long? before, int limit);

    Task<StoredPaper?> FindAsync(UserId user, PaperId paper);

    Task<PaperPage?> PageAsync(UserId user, PaperId paper, int number);

    /// <summary>
    /// Replaces what people changed, where the paper is still the one that they saw. False where it is not, or not theirs.
    /// </summary>
    /// <param name="version">The version that the change was made on.</param>
    Task<bool> ChangeAsync(UserId user, PaperId paper, int version, byte[] manual, string summary, DateTimeOffset at);

    /// <summary>False where there is none.</summary>
    Task<bool> DeleteAsync(UserId user, PaperId paper);

    /// <summary>Keeps a syllabus, in the place of an earlier one of the same id.</summary>
    Task PutSyllabusAsync(SyllabusRecord syllabus);

    Task<SyllabusRecord?> FindSyllabusAsync(UserId user, PaperId syllabus);

    /// <summary>By name.</summary>
    Task<IReadOnlyList<SyllabusRecord>> SyllabusesAsync(UserId user, int limit);

    Task<bool> DeleteSyllabusAsync(UserId user, PaperId syllabus);
}
