using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Client.Wire;

namespace NextUp.Server.Jobs;

/// <summary>
/// How a form of one API looks: ours is strict, so that a misspelt field is noticed; others bring fields of their own.
/// </summary>
/// <param name="FileFields">The names that a file may come under; the first is the one to tell people.</param>
/// <param name="FilesMax">Files in one request.</param>
/// <param name="TakesOtherFields">Whether unknown fields are passed over instead of refused.</param>
sealed record UploadForm(IReadOnlyList<string> FileFields, int FilesMax, bool TakesOtherFields)
{
    /// <summary>The kind of a file before a field names one.</summary>
    public JobKind Kind { get; init; } = JobKinds.Default;

    public static readonly UploadForm Submission = new(["file"], UploadLimits.FilesMax, TakesOtherFields: false);

    public static readonly UploadForm Single = new(["file"], 1, TakesOtherFields: false);
}

/// <summary>One file of a request after its bytes were taken in.</summary>
abstract record Upload(string FileName)
{
    /// <summary>Whole, durable, and looked at by its kind; it belongs to no job yet.</summary>
    public sealed record Fit(string FileName, OfferedKind Kind, StagedFile File, WhenBusy? WhenBusy, string? Options)
        : Upload(FileName)
    {
        public int Priority { get; init; }

        public DateTimeOffset? NotBefore { get; init; }

        /// <summary>What of the user's own the job is to work on anew; null for what is new itself.</summary>
        public Guid? Subject { get; init; }
    }

    /// <summary>Nothing of it was kept.</summary>
    public sealed record Refused(string FileName, Problem Problem) : Upload(FileName);
}

/// <summary>What became of the request as a whole.</summary>
abstract record UploadAnswer
{
    UploadAnswer() { }

    /// <param name="Files">At least one.</param>
    public sealed record Whole(IReadOnlyList<Upload> Files) : UploadAnswer;

    /// <summary>Nothing of the request was kept.</summary>
    public sealed record Refused(Problem Problem) : UploadAnswer;
}
