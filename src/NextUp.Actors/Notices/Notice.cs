using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Actors.Notices;

/// <summary>The numbers are stored; those of jobs are those of <see cref="JobEventType"/>.</summary>
public enum NoticeType
{
    Queued = JobEventType.Queued,
    Held = JobEventType.Held,
    Started = JobEventType.Started,
    Retrying = JobEventType.Retrying,
    Completed = JobEventType.Completed,
    Failed = JobEventType.Failed,
    Cancelled = JobEventType.Cancelled,

    /// <summary>It failed or was cancelled before, and is to be done again.</summary>
    Requeued = JobEventType.Requeued,

    /// <summary>The user tries out whether it arrives.</summary>
    Test = 100,

    /// <summary>Asks the owner of a mail address to agree.</summary>
    Confirm = 101,
}

/// <summary>The numbers are stored; they are never reused.</summary>
public enum NoticeState
{
    Waiting = 0,
    Delivered = 1,
    GivenUp = 2,
}

/// <summary>
/// One thing to tell through one subscription, as it was when it happened: what is sent is made of this alone, so it is
/// the same at every attempt.
/// </summary>
public sealed record Notice
{
    public required NoticeId Id { get; init; }

    public required SubscriptionId Subscription { get; init; }

    public required NoticeType Type { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Null for what is not about a job.</summary>
    public NoticeJob? Job { get; init; }

    public NoticeState State { get; init; }

    /// <summary>Attempts made since it was due first, or was replayed.</summary>
    public int Attempts { get; init; }

    /// <summary>When the next attempt may be made.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>
    /// While it waits for another attempt, later ones of the subscription wait behind it: the receiver is away.
    /// </summary>
    public bool Holds { get; init; }

    /// <summary>From when the time is counted after which it is given up: when it happened, or was replayed.</summary>
    public required DateTimeOffset Since { get; init; }
}

/// <summary>The job of a notice as it was then.</summary>
/// <param name="Sequence">Never leaves the server.</param>
/// <param name="Reason">Why, for retries, failures and cancellations.</param>
/// <param name="Summary">The counts of the result, a JSON object, for completions.</param>
public sealed record NoticeJob(
    JobSequence Sequence, JobId Id, JobKind Kind, string FileName, int Attempt, string? Reason, string? Summary);

/// <summary>What became of one attempt to deliver.</summary>
/// <param name="Number">1, 2, 3 ... over all rounds.</param>
/// <param name="Status">The receiver's HTTP or SMTP status; null where none came.</param>
/// <param name="Answer">The beginning of what the receiver said, or why it was not reached.</param>
public sealed record NoticeAttempt(int Number, DateTimeOffset At, int? Status, string Answer, TimeSpan Took)
{
    /// <summary>The longest <see cref="Answer"/>, in characters.</summary>
    public const int AnswerLengthMax = 500;
}

/// <summary>A notice with its attempts, oldest first.</summary>
public sealed record NoticeDelivery(Notice Notice, IReadOnlyList<NoticeAttempt> Attempts);
