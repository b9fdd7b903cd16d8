using NextUp.Actors.Jobs;
using NextUp.Actors.Users;

namespace NextUp.Actors.Store;

/// <summary>The numbers are stored; they are never reused.</summary>
public enum JobEventType
{
    Queued = 0,
    Held = 1,
    Started = 2,
    Retrying = 3,
    Completed = 4,
    Failed = 5,
    Cancelled = 6,

    /// <summary>Progress or log lines; live only, not stored, without a number.</summary>
    Progressed = 7,

    /// <summary>A failed or cancelled job is to be done again, asked for by its user or an operator.</summary>
    Requeued = 8,

    /// <summary>A visitor signed in, and the job is the account's from here on.</summary>
    Adopted = 16,
}

/// <summary>What happened to a job, committed with the change itself.</summary>
/// <param name="Number">The user's own numbering: 1, 2, 3 ... without gaps; 0 for <see cref="JobEventType.Progressed"/>.</param>
/// <param name="Attempt">The attempt it belongs to; 0 before the first.</param>
/// <param name="Reason">Why, for retries, failures, cancellations and requeues.</param>
public sealed record JobEvent(
    UserId User, long Number, DateTimeOffset At, JobEventType Type, JobId Job, int Attempt, string? Reason);
