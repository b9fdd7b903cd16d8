using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Actors.Users;

/// <summary>One a user, and the only way in: what the user submits and cancels goes through here, one decision at a time.</summary>
public interface IUserActor
{
    /// <summary>Accepts, holds or refuses. An accepted job is durable when this answers.</summary>
    ValueTask<SubmitAnswer> SubmitAsync(Submission submission);

    /// <summary>Cancels one of the user's jobs; answers when it is cancelled and its work has stopped or was cut off.</summary>
    /// <param name="reason">For the user.</param>
    ValueTask<CancelAnswer> CancelAsync(JobId job, string reason = JobLife.CancelledByUser);

    /// <summary>
    /// Has one of the user's failed or cancelled jobs done again from the beginning, within the user's limit: in the line,
    /// or held behind the job in the way. Durable when it answers.
    /// </summary>
    /// <param name="isByOperator">
    /// Operators may requeue what was set aside, and a job of a busy user is held for them whatever the kind's rule.
    /// </param>
    ValueTask<RetryAnswer> RetryAsync(JobId job, bool isByOperator);

    /// <summary>
    /// Clears what keeps the user from going on: attempts that are out of time, and waiting jobs that were passed over.
    /// Answers what was found.
    /// </summary>
    ValueTask<IReadOnlyList<StaleJob>> ClearStaleAsync();

    /// <summary>
    /// For the job's own actor: the job ends. A held job takes the freed place, the slot goes to the next in the line, all
    /// in the same commit.
    /// </summary>
    ValueTask<EndAnswer> EndAsync(JobRecord job, JobEnd end);

    /// <summary>
    /// For a visitor who signs in: all their jobs and subscriptions become the account's, in one commit; asked again it
    /// changes nothing. The visitor takes no new job from then on.
    /// </summary>
    /// <param name="subscriptionsMax">How many the account may have; see <see cref="Change.Adopt.SubscriptionsMax"/>.</param>
    ValueTask<AdoptAnswer> MoveToAsync(UserId account, int subscriptionsMax);

    /// <summary>For the actor of a visitor that moves to this account, and waits for the answer: takes these jobs in.</summary>
    ValueTask<AdoptAnswer> TakeInAsync(VisitorJobs visitor);

    /// <summary>After a crash between two commits: held jobs that have a free place enter the line.</summary>
    ValueTask PromoteAsync();
}

/// <param name="Jobs">All of the visitor's unfinished jobs; they stay as they are until the call is answered.</param>
public sealed record VisitorJobs(UserId Visitor, IReadOnlyList<JobRecord> Jobs, int SubscriptionsMax);

/// <param name="Key">Idempotency: the same key of the same user gives the same job. At most <see cref="KeyLengthMax"/> characters.</param>
/// <param name="WhenBusy">What the submitter wishes where the user is at the limit; null leaves it to the kind.</param>
/// <param name="Original">The upload, staged and checked.</param>
public sealed record Submission(
    JobId Id, JobKind Kind, StagedFile Original, string? Options, WhenBusy? WhenBusy, string? Key)
{
    public const int KeyLengthMax = 200;

    /// <summary>See <see cref="JobRecord.Origin"/>.</summary>
    public long? Origin { get; init; }

    /// <summary>How far ahead <see cref="NotBefore"/> may be.</summary>
    public static readonly TimeSpan NotBeforeMax = TimeSpan.FromDays(30);

    /// <summary>The level asked for, 0 (none) to <see cref="HeadStarts.LevelMax"/>.</summary>
    public int Priority { get; init; }

    /// <summary>Whether an operator asks, who may ask for every level whatever the kind lets users have.</summary>
    public bool IsByOperator { get; init; }

    /// <summary>
    /// Accepted now, the job enters the line at this time, as if it had arrived then; it holds its user's place meanwhile.
    /// Null, or a time that has passed, is now.
    /// </summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>See <see cref="JobRecord.Trace"/>.</summary>
    public string? Trace { get; init; }
}

/// <summary>Every way a submission can end. A refusal is an answer, not an exception.</summary>
public abstract record SubmitAnswer
{
    SubmitAnswer() { }

    /// <param name="IsRepeat">The key was seen before and this is the job it made then.</param>
    public sealed record Accepted(JobRecord Job, bool IsRepeat) : SubmitAnswer;

    /// <summary>The user is at the limit of active jobs.</summary>
    /// <param name="Existing">The job in the way, the one that runs if one does.</param>
    public sealed record AtLimit(JobRecord Existing, int ActivePerUserMax) : SubmitAnswer;

    /// <summary>The user's lane holds as many jobs as it may.</summary>
    public sealed record LaneFull(int HeldPerUserMax) : SubmitAnswer;

    /// <summary>The visitor has signed in since: what they submit, the account submits.</summary>
    public sealed record SignedIn : SubmitAnswer;

    /// <summary>As many visitors from the same network address as may have unfinished jobs of the kind.</summary>
    public sealed record AddressFull(int VisitorsMax) : SubmitAnswer;

    /// <summary>The kind does not let callers choose what happens when they are busy.</summary>
    public sealed record ChoiceNotAllowed(WhenBusy KindsOwn) : SubmitAnswer;

    /// <summary>The level is above what the kind lets users ask for.</summary>
    public sealed record PriorityNotAllowed(int PriorityMax) : SubmitAnswer;

    /// <summary>The time asked for is further ahead than <see cref="Submission.NotBeforeMax"/>.</summary>
    public sealed record TooFarAhead : SubmitAnswer;
}

public abstract record CancelAnswer
{
    CancelAnswer() { }

    public sealed record Cancelled(JobRecord Job) : CancelAnswer;

    public sealed record AlreadyFinished(JobRecord Job) : CancelAnswer;

    /// <summary>No such job, or someone else's: there is no difference.</summary>
    public sealed record NotFound : CancelAnswer;
}

public abstract record RetryAnswer
{
    RetryAnswer() { }

    /// <param name="Job">As it is now: waiting, held, or running already.</param>
    public sealed record Retried(JobRecord Job) : RetryAnswer;

    /// <summary>No such job, or someone else's: there is no difference.</summary>
    public sealed record NotFound : RetryAnswer;

    /// <summary>It is completed, or not finished.</summary>
    public sealed record NotRetryable(JobRecord Job) : RetryAnswer;

    /// <summary>It was set aside: an operator decides.</summary>
    public sealed record IsSetAside(JobRecord Job) : RetryAnswer;

    public sealed record AtLimit(JobRecord Existing, int ActivePerUserMax) : RetryAnswer;

    public sealed record LaneFull(int HeldPerUserMax) : RetryAnswer;
}

/// <summary>A job that did not go on by itself.</summary>
/// <param name="Reason">What is wrong with it; where it fails of it, its user is told so.</param>
public sealed record StaleJob(JobRecord Job, string Reason);

public enum EndAnswer
{
    Ended,

    /// <summary>The job is no longer in that attempt: somebody else ended it or took it over.</summary>
    Superseded,
}
