using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Users;
using NextUp.Actors.Workers;

namespace NextUp.Actors.Store;

/// <summary>
/// One durable change. Each names the state it expects; where the store holds another, the whole write it belongs to is
/// refused as a conflict and changes nothing. Each state change appends the user's next event in the same transaction.
/// </summary>
public abstract partial record Change
{
    Change() { }

    /// <summary>A new job: into the line (event <see cref="JobEventType.Queued"/>) or held (<see cref="JobEventType.Held"/>).</summary>
    /// <param name="Key">The submitter's idempotency key; unique per user, forgotten with the job.</param>
    public sealed record Accept(JobRecord Job, string? Key, IReadOnlyList<StagedFile> Files) : Change
    {
        /// <summary>Why the job does not stand at the end of the line, for its user; null where it does.</summary>
        public string? Reason { get; init; }
    }

    /// <summary>A held job enters the line, or goes on waiting for its time. Expects: pending and held.</summary>
    public sealed record Join(JobSequence Job, DateTimeOffset At, LineKey LineKey, int? Place) : Change
    {
        /// <summary>The job's head start from now on; already taken off the key.</summary>
        public TimeSpan HeadStart { get; init; }

        /// <summary>The time that the job still waits for; null where it enters now.</summary>
        public DateTimeOffset? NotBefore { get; init; }

        /// <summary>As of <see cref="Accept"/>.</summary>
        public string? Reason { get; init; }
    }

    /// <summary>
    /// The next attempt begins: the attempt's number goes up by one. Expects: pending, not held. The row as it is then is
    /// returned in <see cref="CommitAnswer.Committed.Started"/>.
    /// </summary>
    /// <param name="Lease">Who works on it elsewhere; null for the server's own process.</param>
    public sealed record Start(JobSequence Job, DateTimeOffset At, DateTimeOffset Deadline, Lease? Lease = null) : Change;

    /// <summary>
    /// The job ends, its place is freed, its checkpoints go. Expects: processing in exactly that attempt, or, where
    /// <paramref name="Attempt"/> is null, pending and held exactly as <paramref name="IsHeld"/> says.
    /// </summary>
    /// <param name="To">Completed, failed or cancelled.</param>
    public sealed record End(
        JobSequence Job, int? Attempt, JobState To, DateTimeOffset At, string? Error, string? Summary,
        IReadOnlyList<StagedFile> Files, bool IsHeld = false) : Change
    {
        /// <summary>The job failed in a way that an operator has to look at; see <see cref="JobRecord.SetAsideAt"/>.</summary>
        public bool IsSetAside { get; init; }

        /// <summary>Attempts whose worker was lost, the last one included.</summary>
        public int? Crashes { get; init; }
    }

    /// <summary>
    /// The attempt is over without an end and the job goes back to pending, keeping its place and its key. Expects:
    /// processing in that attempt.
    /// </summary>
    /// <param name="Failures">The job's count of failures from now on.</param>
    public sealed record Requeue(
        JobSequence Job, int Attempt, int Failures, DateTimeOffset At, DateTimeOffset NotBefore, string Error) : Change
    {
        /// <summary>The job's count of lost attempts from now on; null leaves it.</summary>
        public int? Crashes { get; init; }
    }

    /// <summary>Progress and log lines of a running attempt. Expects: processing in that attempt. Not a numbered event.</summary>
    public sealed record Report(
        JobSequence Job, int Attempt, DateTimeOffset At, JobProgress Progress, IReadOnlyList<string> Lines) : Change;

    /// <summary>Work so far, replacing what the name held. Expects: processing in that attempt.</summary>
    public sealed record Checkpoint(JobSequence Job, int Attempt, string Name, ReadOnlyMemory<byte> Content) : Change;

    /// <summary>
    /// All jobs of a visitor, finished ones too, become an account's, with their files, log and idempotency keys (where
    /// both have the same key, the account's counts). Their events get the account's next numbers, in their old order,
    /// and each job a last one, <see cref="JobEventType.Adopted"/>; only that one is raised. From then on the visitor
    /// takes no new job. Expects: the visitor not adopted by another account, and exactly the seats' jobs unfinished.
    /// </summary>
    /// <param name="Seats">
    /// Every unfinished job of the visitor, and of the account's those that give way (pending ones that go back to their
    /// lane, event <see cref="JobEventType.Held"/>) or take another place.
    /// </param>
    public sealed record Adopt(UserId Visitor, UserId Account, DateTimeOffset At, IReadOnlyList<Seat> Seats) : Change
    {
        /// <summary>
        /// How many subscriptions the account may have. The visitor's move to it with their notices, the oldest first, as
        /// far as there is room; the others, and those to where the account is told already, stay behind disabled, with
        /// the reason in a sentence and without their notices.
        /// </summary>
        public int SubscriptionsMax { get; init; }

        /// <summary>
        /// How many finished jobs move with this change, the oldest first; unfinished ones all move with the first. The same
        /// change without seats moves the next ones; until none is left, <see cref="IJobStore.MovingAsync"/> names the
        /// visitor.
        /// </summary>
        public int FinishedMax { get; init; } = int.MaxValue;
    }

    /// <summary>Where an unfinished job is after an adoption.</summary>
    /// <param name="Place">The place it fills from then on; null for a held job, or where the kind has no limit.</param>
    public sealed record Seat(JobSequence Job, bool IsHeld, int? Place)
    {
        /// <summary>
        /// Places from here on are beyond the limit: for jobs that run when they come although the limit has no room for
        /// them. When a job in a place within the limit ends, the first of these takes it in the same commit, so that
        /// nobody else can.
        /// </summary>
        public const int SurplusFrom = 1_000_000;

        /// <summary>Expected: whether it was held until now. Whoever seats it by an old picture of a lane is refused.</summary>
        public bool WasHeld { get; init; }
    }

    /// <summary>
    /// A finished job and all that belongs to it goes. Expects: finished and not set aside. Leaves the user's event
    /// numbering as it is.
    /// </summary>
    public sealed record Delete(JobSequence Job) : Change;

    /// <summary>What users want to be told, or what became of it; see <see cref="INoticeStore"/>.</summary>
    public sealed record Notify(NoticeChange What) : Change;
}

/// <summary>
/// Fences the queue actor. A write that carries a stamp is refused unless the epoch is the latest that was claimed and the
/// ordinal is one more than the last one committed in it. So an older activation can change nothing, and a write that was
/// decided on top of one that failed fails too.
/// </summary>
public readonly record struct QueueStamp(long Epoch, long Ordinal);

/// <summary>Changes that are committed together or not at all.</summary>
public sealed record StoreWrite(IReadOnlyList<Change> Changes, QueueStamp? Stamp = null);

public abstract record CommitAnswer
{
    CommitAnswer() { }

    /// <param name="Started">The rows of the write's <see cref="Change.Start"/>s, in their order.</param>
    public sealed record Committed(IReadOnlyList<JobRecord> Started) : CommitAnswer;

    /// <summary>Nothing of the write was stored: the store is not in the state that it expects.</summary>
    public sealed record Conflict(string Reason) : CommitAnswer;
}

/// <summary>
/// The store could not be reached, is full, or broke. With <see cref="IsUncertain"/> the write may or may not be stored.
/// Either way it is not acknowledged: forget what was decided and read the store again.
/// </summary>
public sealed class StoreFailedException(string message, bool isUncertain, Exception? inner = null) : Exception(message, inner)
{
    public bool IsUncertain { get; } = isUncertain;

    /// <summary>What those are told who ask a store that was closed.</summary>
    public static StoreFailedException Closed() => new("The store is closed.", isUncertain: false);
}
