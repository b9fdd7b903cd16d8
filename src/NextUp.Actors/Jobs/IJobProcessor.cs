using NextUp.Actors.Users;

namespace NextUp.Actors.Jobs;

/// <summary>
/// Does the work of one kind. One instance serves every job of its kind at the same time, so it keeps no state of a job.
/// </summary>
public interface IJobProcessor
{
    JobKind Kind { get; }

    /// <summary>
    /// Looks at an upload before it is accepted, so that what can never succeed is refused at once with a sentence for the
    /// person who sent it. Reads as little as it needs; the stream can seek and is the caller's.
    /// </summary>
    ValueTask<UploadVerdict> CheckAsync(string fileName, Stream content, CancellationToken cancellationToken);

    /// <summary>
    /// Does the work. Cancellation (asked for by the user, a time limit, or shutdown) is answered within 100 ms by throwing
    /// <see cref="OperationCanceledException"/>. Any other exception counts as a fault that may pass and is retried.
    /// </summary>
    Task<JobOutcome> RunAsync(IJobRun run, CancellationToken cancellationToken);
}

/// <summary>The answer to <see cref="IJobProcessor.CheckAsync"/>.</summary>
public abstract record UploadVerdict
{
    UploadVerdict() { }

    /// <param name="Units">How many units of work (entries, pages, rows) were seen, where that is known without the work.</param>
    public sealed record Fit(int? Units) : UploadVerdict;

    /// <param name="Reason">One sentence: what is wrong, where, and the way out.</param>
    public sealed record Unfit(string Reason) : UploadVerdict;
}

/// <summary>One attempt at a job, as its processor sees it.</summary>
public interface IJobRun
{
    JobId Job { get; }

    UserId User { get; }

    /// <summary>1 for the first attempt. It is the fencing token too: a write of an older attempt is refused.</summary>
    int Attempt { get; }

    /// <summary>The name the file was uploaded under; display only, never a path.</summary>
    string FileName { get; }

    /// <summary>What the submitter chose, as a JSON object, or null.</summary>
    string? Options { get; }

    TimeProvider Clock { get; }

    /// <summary>A fresh stream over the uploaded bytes.</summary>
    ValueTask<Stream> OpenInputAsync(CancellationToken cancellationToken);

    /// <summary>A folder of this attempt's own, made on first use and removed when the attempt ends.</summary>
    string Workspace { get; }

    /// <summary>Shows progress. Never goes backwards; calls are cheap and are stored a few times a second at most.</summary>
    void Report(JobProgress progress);

    /// <summary>Adds a line, for people, to the job's log. Stored with the next progress.</summary>
    void Log(string line);

    /// <summary>
    /// What <see cref="SaveCheckpointAsync"/> last stored under the name, by this or an earlier attempt; null if nothing.
    /// </summary>
    ValueTask<byte[]?> LoadCheckpointAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Stores work done so far; durable when it returns. Throws <see cref="OperationCanceledException"/> when a newer attempt
    /// has taken over. Checkpoints disappear when the job ends.
    /// </summary>
    ValueTask SaveCheckpointAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);
}

/// <summary>How far a job is, in units of its kind.</summary>
/// <param name="Done">Units done, failed ones included.</param>
/// <param name="Total">All units, or null while unknown.</param>
/// <param name="Failed">Units that could not be done.</param>
/// <param name="Percent">0 to 100.</param>
/// <param name="Step">What is being done now, in two or three words.</param>
public sealed record JobProgress(int Done, int? Total, int Failed, int Percent, string Step)
{
    public static readonly JobProgress None = new(0, null, 0, 0, "");
}

/// <summary>How an attempt ended, chosen by its processor.</summary>
public abstract record JobOutcome
{
    JobOutcome() { }

    /// <param name="Summary">Counts and facts of the result, a JSON object that the job's view carries.</param>
    /// <param name="Files">At least the <see cref="FileRole.Result"/>. They appear together, whole, or not at all.</param>
    public sealed record Done(string Summary, IReadOnlyList<ResultFile> Files) : JobOutcome;

    /// <summary>The job fails for good: the same input would fail the same way again.</summary>
    public sealed record GiveUp(string Reason) : JobOutcome;

    /// <summary>The attempt failed but another may succeed.</summary>
    /// <param name="After">How long to wait at least, where the world said so (Retry-After).</param>
    public sealed record Retry(string Reason, TimeSpan? After = null) : JobOutcome;
}

/// <summary>What a stored file is to its job. The numbers are stored; they are never reused.</summary>
public enum FileRole
{
    Original = 0,
    Result = 1,
    Report = 2,
    Diff = 3,
}

/// <summary>A file that a job hands back: either <see cref="Content"/>, or a <see cref="Path"/> inside the run's workspace.</summary>
public sealed record ResultFile(FileRole Role, string Name, string ContentType)
{
    public byte[]? Content { get; init; }

    public string? Path { get; init; }
}
