using NextUp.Actors.Queue;
using NextUp.Actors.Users;
using NextUp.Actors.Workers;

namespace NextUp.Actors.Jobs;

/// <summary>
/// A job's number in the order of acceptance over the whole installation: 1, 2, 3 ... Given by the queue actor, the key of
/// the job's row, and never shown to users (it would tell how much others submit).
/// </summary>
public readonly record struct JobSequence(long Value) : IComparable<JobSequence>
{
    public int CompareTo(JobSequence other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();

    public static bool operator <(JobSequence left, JobSequence right) => left.Value < right.Value;

    public static bool operator >(JobSequence left, JobSequence right) => left.Value > right.Value;

    public static bool operator <=(JobSequence left, JobSequence right) => left.Value <= right.Value;

    public static bool operator >=(JobSequence left, JobSequence right) => left.Value >= right.Value;
}


/// <summary>A job as the store keeps it.</summary>
public sealed record JobRecord
{
    public required JobSequence Sequence { get; init; }

    public required JobId Id { get; init; }

    public required UserId User { get; init; }

    public required JobKind Kind { get; init; }

    public required JobState State { get; init; }

    /// <summary>Pending in the user's lane, not yet in the line.</summary>
    public bool IsHeld { get; init; }

    /// <summary>
    /// Which of the user's places for this kind the job fills, from 0, while it is in the line or running; null when it is
    /// held, finished, or of a kind without a limit. The store keeps (user, kind, place) unique.
    /// </summary>
    public int? Place { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>The job's key in the line: when it arrived there less its head start.</summary>
    public required LineKey LineKey { get; init; }

    /// <summary>Attempts begun. While processing, the number of the running one, which is its fencing token.</summary>
    public int Attempt { get; init; }

    /// <summary>Attempts that failed or were lost; <see cref="KindPolicy.AttemptsMax"/> limits these.</summary>
    public int Failures { get; init; }

    /// <summary>Of these, the ones whose worker was lost; <see cref="KindPolicy.CrashesMax"/> limits them.</summary>
    public int Crashes { get; init; }

    /// <summary>
    /// When the first attempt began, where there was more than one since the job was accepted or requeued by hand; null
    /// before its second.
    /// </summary>
    public DateTimeOffset? FirstStartedAt { get; init; }

    /// <summary>
    /// When the failed or cancelled job was set aside for an operator: it is kept, with its evidence, until it is requeued
    /// or its mark is discarded. Null where it was not.
    /// </summary>
    public DateTimeOffset? SetAsideAt { get; init; }

    /// <summary>Who works, or last worked, on it elsewhere; null where its last attempt ran in the server's own process.</summary>
    public Lease? Lease { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When the running attempt is out of time.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>
    /// The job waits outside the line until then: before its first attempt because its submitter asked for it, later for a
    /// retry's delay.
    /// </summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The level that was asked for, 0 (none) to <see cref="HeadStarts.LevelMax"/>.</summary>
    public int Priority { get; init; }

    /// <summary>
    /// What was taken off the job's arrival in its <see cref="LineKey"/>; whole microseconds. Key and head start together
    /// are when the job entered the line.
    /// </summary>
    public TimeSpan HeadStart { get; init; }

    public required string FileName { get; init; }

    public required long FileSize { get; init; }

    /// <summary>
    /// Where a visitor's job came from: a keyed hash of the network address. Null for accounts, and forgotten when the job
    /// ends or becomes an account's.
    /// </summary>
    public long? Origin { get; init; }

    /// <summary>What the submitter chose, a JSON object, or null.</summary>
    public string? Options { get; init; }

    public JobProgress Progress { get; init; } = JobProgress.None;

    /// <summary>Why the job failed or was cancelled, or why its last attempt did; a sentence for its user.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// The trace that the submission was part of, as a W3C <c>traceparent</c>, which the attempts go on with; null where
    /// nobody traced it.
    /// </summary>
    public string? Trace { get; init; }

    /// <summary>The result's counts, a JSON object made by the processor; null before completion.</summary>
    public string? Summary { get; init; }

    /// <summary>The failed or cancelled job as it comes back to be done again: of what was, its attempts count on.</summary>
    public JobRecord Reopened(bool isHeld, int? place, LineKey lineKey, TimeSpan headStart) => this with
    {
        State = JobState.Pending,
        IsHeld = isHeld,
        Place = place,
        LineKey = lineKey,
        HeadStart = headStart,
        StartedAt = null,
        FirstStartedAt = null,
        EndedAt = null,
        SetAsideAt = null,
        Error = null,
        Failures = 0,
        Crashes = 0,
        Progress = JobProgress.None,
    };
}
