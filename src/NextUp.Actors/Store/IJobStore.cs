using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Users;

namespace NextUp.Actors.Store;

/// <summary>
/// The one truth. Writes go through one queue and share commits; reads see every write that was acknowledged before them.
/// What a user may see is filtered here, by user, never by the caller. Every method may throw <see cref="StoreFailedException"/>.
/// </summary>
public interface IJobStore
{
    /// <summary>
    /// Commits the changes together, durable when it answers. Writes are taken in the order of the calls.
    /// The answer's continuation runs on the caller's scheduler.
    /// </summary>
    Task<CommitAnswer> CommitAsync(StoreWrite write);

    /// <summary>Raised after each commit, in commit order, from one thread at a time. Must return quickly and not throw.</summary>
    event Action<IReadOnlyList<JobEvent>>? Happened;

    /// <summary>Starts a new epoch for the queue actor, which ends every older one, and says where to go on.</summary>
    Task<QueueClaim> ClaimQueueAsync();

    /// <summary>All jobs that are in the line, waiting out a retry, or processing. Not the held ones. In any order.</summary>
    IEnumerable<QueueRow> ReadQueue();

    /// <summary>A user's unfinished jobs, by sequence.</summary>
    Task<IReadOnlyList<JobRecord>> LaneAsync(UserId user);

    /// <summary>Users that have a held job although none of that kind is active: a crash came between the two.</summary>
    Task<IReadOnlyList<UserId>> UsersToPromoteAsync(int limit);

    /// <summary>The account that a visitor's jobs went to, or null where they went nowhere.</summary>
    Task<UserId?> AdoptedByAsync(UserId visitor);

    /// <summary>Adopted visitors with finished jobs that have not moved yet; in any order. For clean-up.</summary>
    Task<IReadOnlyList<MovingVisitor>> MovingAsync(int limit);

    /// <summary>Unfinished jobs of visitors that have an origin; see <see cref="JobRecord.Origin"/>.</summary>
    Task<IReadOnlyList<JobRecord>> UnfinishedWithOriginAsync();

    /// <summary>Held jobs of all users behind a sequence, by sequence. For actors only.</summary>
    Task<IReadOnlyList<HeldJob>> HeldAsync(JobSequence after, int limit);

    /// <summary>For actors and operators only: not filtered by user.</summary>
    Task<JobRecord?> FindAsync(JobId job);

    /// <summary>The job, if it is this user's; someone else's is null like one that does not exist.</summary>
    Task<JobRecord?> FindAsync(UserId user, JobId job);

    Task<JobRecord?> FindByKeyAsync(UserId user, string key);

    /// <summary>
    /// The user's jobs, those that became theirs last first, strictly behind <paramref name="before"/>. One answer passes
    /// over at most <see cref="JobListing.PassedOverMax"/> jobs of other states, so it takes no longer than a page, however
    /// many there are; it then has fewer jobs than asked for, and says where to go on.
    /// </summary>
    /// <param name="limit">Jobs in the answer, at least 1.</param>
    Task<JobListing> ListAsync(UserId user, JobState? state, JobSequence? before, int limit);

    /// <summary>A file of a job, or null. The caller has found the job through its user.</summary>
    Task<StagedFile?> FindFileAsync(JobSequence job, FileRole role);

    /// <summary>Log lines numbered from 1, those after <paramref name="after"/>.</summary>
    Task<IReadOnlyList<LogLine>> LogAsync(JobSequence job, long after, int limit);

    Task<byte[]?> LoadCheckpointAsync(JobSequence job, string name);

    /// <summary>The user's events with a number above <paramref name="after"/>, in order.</summary>
    Task<IReadOnlyList<JobEvent>> EventsAsync(UserId user, long after, int limit);

    Task<long> LastEventNumberAsync(UserId user);

    /// <summary>Kept counts, never counted: the same speed with ten million finished jobs.</summary>
    Task<StoreCounts> CountsAsync(DateTimeOffset now);

    /// <summary>
    /// Finished jobs that ended before the time and are not set aside, in the order of acceptance from
    /// <paramref name="after"/> on, for clean-up. One answer passes over at most <see cref="OldJobs.PassedOverMax"/> others
    /// and says where to go on.
    /// </summary>
    Task<OldJobs> FinishedBeforeAsync(DateTimeOffset endedBefore, JobSequence after, int limit);

    /// <summary>
    /// Unfinished jobs of one state that began (processing) or were accepted (pending) before the time, by sequence from
    /// <paramref name="after"/> on, for clean-up.
    /// </summary>
    Task<IReadOnlyList<JobRecord>> UnfinishedBeforeAsync(
        JobState state, DateTimeOffset before, int limit, JobSequence after = default);

    /// <summary>
    /// For operators: everybody's jobs, newest first, strictly older than <paramref name="before"/>; passes over others as
    /// <see cref="ListAsync"/> does.
    /// </summary>
    Task<JobListing> ListAllAsync(JobChoice choice, JobSequence? before, int limit);

    /// <summary>What happened to a job, oldest first.</summary>
    Task<IReadOnlyList<JobEvent>> HistoryAsync(JobRecord job);
}

/// <param name="Epoch">The new epoch; the first write in it carries ordinal 1.</param>
/// <param name="LastSequence">The highest sequence ever given; 0 at the start.</param>
/// <param name="LastLineAt">
/// The latest arrival in the line of an unfinished job, in unix microseconds: its key plus its head start, those that wait
/// for their first entry at a later time aside; 0 without one.
/// </param>
/// <param name="Steering">What operators have said.</param>
public sealed record QueueClaim(long Epoch, JobSequence LastSequence, long LastLineAt, Steering Steering)
{
    /// <summary>What the estimate learned before, one a kind.</summary>
    public IReadOnlyList<LearnedKind> Learned { get; init; } = [];
}

/// <summary>What the queue actor needs of a job when it rebuilds itself.</summary>
/// <param name="IsElsewhere">Its last attempt was given to a worker elsewhere.</param>
public readonly record struct QueueRow(
    JobId Id, JobKind Kind, LineKey LineKey, JobState State, int Attempt, DateTimeOffset? NotBefore, DateTimeOffset? StartedAt,
    TimeSpan HeadStart, bool IsElsewhere = false);

public readonly record struct MovingVisitor(UserId Visitor, UserId Account);

public readonly record struct HeldJob(JobSequence Job, UserId User);

public sealed record LogLine(long Number, DateTimeOffset At, string Text);

/// <param name="Held">Jobs held in lanes now.</param>
/// <param name="CompletedLastHour">Jobs completed in the 60 minutes before now, to the minute.</param>
public sealed record StoreCounts(
    long Pending, long Held, long Processing, long Completed, long Failed, long Cancelled, long CompletedLastHour);

/// <summary>Old jobs, and where the next ones are.</summary>
/// <param name="Next">Go on behind this one; null at the end.</param>
public sealed record OldJobs(IReadOnlyList<JobRecord> Jobs, JobSequence? Next)
{
    /// <summary>Jobs that one answer passes over, so that none takes long.</summary>
    public const int PassedOverMax = 4_000;
}

/// <summary>Which jobs an operator wants to see.</summary>
public abstract record JobChoice
{
    JobChoice() { }

    public sealed record All : JobChoice;

    public sealed record In(JobState State) : JobChoice;

    public sealed record SetAside : JobChoice;
}

/// <summary>A part of a user's jobs, or of everybody's, newest first.</summary>
/// <param name="Next">There may be more, older than this job; null at the end.</param>
public sealed record JobListing(IReadOnlyList<JobRecord> Jobs, JobSequence? Next)
{
    /// <summary>Jobs of other states that one answer passes over.</summary>
    public const int PassedOverMax = 2_000;
}
