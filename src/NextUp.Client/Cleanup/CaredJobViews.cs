namespace NextUp.Client.Cleanup;

/// <summary>
/// A job as operators see it: what it costs and how it fares, and nothing of what its user put into it. No file name, no
/// options, no summary; a cause is the job's error with names, numbers and paths taken out.
/// </summary>
/// <param name="User">A mark that is the same for the same user; it leads back to nobody.</param>
/// <param name="Account">The account's name; null for visitors.</param>
/// <param name="Failures">Attempts that failed or were lost since it was accepted or requeued.</param>
/// <param name="Crashes">Of these, the ones whose worker was lost.</param>
/// <param name="SetAsideAt">Since when it waits for an operator; null where it does not.</param>
/// <param name="Step">What is, or was last, being done.</param>
/// <param name="Cause">Why it failed or was cancelled, or why its last attempt did.</param>
public sealed record CaredJobView(
    string Id, string Kind, string User, string? Account, string State, bool IsHeld, long FileSize, int Priority, int Attempt,
    int Failures, int Crashes, DateTimeOffset AcceptedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt,
    DateTimeOffset? Deadline, DateTimeOffset? NotBefore, DateTimeOffset? SetAsideAt, int Percent, string Step, string? Cause);

/// <summary>Everybody's jobs, newest first. A page of one state may be short although more follow.</summary>
/// <param name="Next">Pass it as <c>after</c> to read on; null at the end.</param>
public sealed record CaredJobPage(IReadOnlyList<CaredJobView> Jobs, string? Next);

/// <summary>A job with the evidence of what happened to it.</summary>
/// <param name="History">Each of its events, oldest first: attempts with their times and causes.</param>
/// <param name="Error">For administrators: the error as its user reads it; null for operators.</param>
/// <param name="LastLines">For administrators: the last lines of its log; null for operators.</param>
public sealed record CaredJobDetail(
    CaredJobView Job, IReadOnlyList<CaredJobEvent> History, string? Error, IReadOnlyList<string>? LastLines);

/// <param name="Type">As in the live feed: <c>started</c>, <c>retrying</c> ...</param>
public sealed record CaredJobEvent(DateTimeOffset At, string Type, int Attempt, string? Cause);
