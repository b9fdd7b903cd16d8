using System.Text.Json;

namespace NextUp.Client.Wire;

/// <summary>A job as its user sees it.</summary>
/// <param name="Id">The job's id, a UUID.</param>
/// <param name="Kind">What work it is, for example <c>bibtex</c>.</param>
/// <param name="State">One of <see cref="JobStateNames"/>.</param>
/// <param name="IsHeld">Pending in the user's lane, not yet in the line.</param>
/// <param name="WaitsFor">What a held job waits for, for people: <c>your job "a.bib" to end</c>.</param>
/// <param name="FileName">The name the file was uploaded under, without path parts and control characters.</param>
/// <param name="FileSize">Bytes.</param>
/// <param name="Position">The exact place in the line, 1 = next up; null while it is not in the line.</param>
/// <param name="JobsAhead">How many jobs leave the line before this one; null while it is not in the line.</param>
/// <param name="Estimate">When it is expected to start; null when nothing is known, or when it is not waiting.</param>
/// <param name="Attempt">Attempts begun.</param>
/// <param name="AttemptsMax">Attempts before the job fails for good.</param>
/// <param name="NextAttemptAt">A retry waits until then.</param>
/// <param name="Error">Why the job failed or was cancelled, or why its last attempt did.</param>
/// <param name="Summary">The counts of the result, an object made by the kind; null before completion.</param>
/// <param name="CanCancel">True while the job is not finished.</param>
public sealed record JobView(
    string Id,
    string Kind,
    string State,
    bool IsHeld,
    string? WaitsFor,
    string FileName,
    long FileSize,
    int? Position,
    int? JobsAhead,
    StartEstimateView? Estimate,
    JobProgressView Progress,
    int Attempt,
    int AttemptsMax,
    DateTimeOffset AcceptedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? NextAttemptAt,
    string? Error,
    JsonElement? Summary,
    bool CanCancel,
    JobLinks Links)
{
    /// <summary>Why there is no estimate while the job is in the line, one of <see cref="EstimateUnknownNames"/>.</summary>
    public string? EstimateUnknown { get; init; }

    /// <summary>With <see cref="WaitsFor"/>: the id of the job that a held job waits for.</summary>
    public string? WaitsForJob { get; init; }

    /// <summary>A failed or cancelled job that its user may have done again, by POST to its path with <c>/retry</c>.</summary>
    public bool CanRetry { get; init; }

    /// <summary>The level that was asked for, 1 to 9; 0 is none.</summary>
    public int Priority { get; init; }

    /// <summary>How far ahead of its arrival the job stands in the line, in seconds.</summary>
    public long HeadStartSeconds { get; init; }

    /// <summary>The job enters the line at this time, as its submitter asked; null once it has begun.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Why it would not start now even if it were its turn; null where it would.</summary>
    public WaitView? Wait { get; init; }

    /// <summary>Who came in before it out of turn and is still before it; null where nobody did.</summary>
    public OvertakenView? Overtaken { get; init; }
}

/// <summary>What keeps a waiting job from starting for now. Its place in the line is kept.</summary>
/// <param name="Cause"><c>paused</c> by an operator, outside its kind's <c>window</c>, or no <c>worker</c> is there.</param>
/// <param name="Text">For people: <c>starts from 22:00 Europe/Vienna</c>, or the operator's reason.</param>
/// <param name="Until">When it ends, where that is known.</param>
public sealed record WaitView(string Cause, string Text, DateTimeOffset? Until);

/// <summary>Why a place in the line got worse, in counts of the jobs that are before it for that reason.</summary>
/// <param name="HeadStarts">Came later, with a longer head start (a priority, or a small file).</param>
/// <param name="Retries">Are tried again, at the place they had.</param>
/// <param name="Delays">Came for a time that was asked for and has come.</param>
/// <param name="Resumes">Were paused, or outside their window, and may start again.</param>
/// <param name="Text">The same for people: <c>2 urgent jobs came in before you</c>.</param>
public sealed record OvertakenView(int HeadStarts, int Retries, int Delays, int Resumes, string Text);

/// <summary>The values of <see cref="JobView.EstimateUnknown"/>.</summary>
public static class EstimateUnknownNames
{
    /// <summary>Too few jobs were measured yet.</summary>
    public const string Learning = "learning";

    /// <summary>It may not start for now; <see cref="JobView.Wait"/> says why.</summary>
    public const string Paused = "paused";
}

/// <summary>The values of <see cref="JobView.State"/>.</summary>
public static class JobStateNames
{
    public const string Pending = "pending";
    public const string Processing = "processing";
    public const string Completed = "completed";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";

    /// <summary>True for the three states that end a job; only a retry leads out of failed and cancelled again.</summary>
    public static bool IsFinished(string state) => state is Completed or Failed or Cancelled;
}

/// <summary>When a waiting job is expected to start.</summary>
/// <param name="P50">Half of all jobs start before this time.</param>
/// <param name="P90">Nine of ten start before this time.</param>
/// <param name="P50Seconds">The same, in seconds from the answer.</param>
/// <param name="P90Seconds">The same, in seconds from the answer.</param>
public sealed record StartEstimateView(DateTimeOffset P50, DateTimeOffset P90, int P50Seconds, int P90Seconds);

/// <summary>How far a job is, in units of its kind (entries, pages, rows).</summary>
/// <param name="Percent">0 to 100.</param>
/// <param name="Done">Units done, failed ones included.</param>
/// <param name="Total">All units, or null while unknown.</param>
/// <param name="Failed">Units that could not be done.</param>
/// <param name="Step">What is being done now, in two or three words.</param>
public sealed record JobProgressView(int Percent, int Done, int? Total, int Failed, string Step);

/// <summary>
/// Where to go on from a job; paths on the same server. Those of a result are null before completion.
/// </summary>
public sealed record JobLinks(
    string Self, string Cancel, string Original, string? Result, string? Report, string? Diff, string Log);

/// <summary>
/// A page of jobs, newest first. One of a single state may have fewer jobs than asked for, and none, although more follow.
/// </summary>
/// <param name="Next">Pass it as <c>after</c> to read on; null at the end.</param>
public sealed record JobPage(IReadOnlyList<JobView> Jobs, string? Next);

/// <summary>A line, for people, of a job's log.</summary>
/// <param name="Number">1, 2, 3 ... within the job.</param>
public sealed record LogLineView(long Number, DateTimeOffset At, string Text);

/// <param name="Next">Pass it as <c>after</c> to read what comes later.</param>
public sealed record LogPage(IReadOnlyList<LogLineView> Lines, long Next);

/// <summary>The answer to a submission of several files, one outcome a file, in the order sent.</summary>
public sealed record SubmitOutcomes(IReadOnlyList<SubmitOutcome> Results);

/// <summary>What became of one file of several: a job or a problem.</summary>
public sealed record SubmitOutcome(string File, int Status, JobView? Job, Problem? Problem);
