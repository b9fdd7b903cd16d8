using System.Text.Json.Serialization;

namespace NextUp.Client.Wire;

/// <summary>A refusal, as <c>application/problem+json</c>.</summary>
/// <param name="Type">A URN that ends in the code.</param>
/// <param name="Title">What kind of problem, always the same for a code.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What exactly, where, and the way out.</param>
/// <param name="Code">One of <see cref="ProblemCodes"/>.</param>
public sealed record Problem(string Type, string Title, int Status, string Detail, string Code)
{
    public const string ContentType = "application/problem+json";

    /// <summary>With <see cref="ProblemCodes.JobLimitReached"/>: the caller's job that is in the way.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JobView? ExistingJob { get; init; }

    /// <summary>With <see cref="ProblemCodes.DuplicateDocument"/>: the id of the caller's document that is the same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ExistingDocument { get; init; }

    /// <summary>The member of the body that is at fault, as <c>parts[1].marks</c>, where it is known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Field { get; init; }

    /// <summary>With <see cref="ProblemCodes.UploadTooLarge"/>: the largest size taken, in bytes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? BytesMax { get; init; }

    /// <summary>With <see cref="ProblemCodes.SettingsRefused"/>: everything that is wrong with the settings.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SettingFaultView>? Faults { get; init; }

    /// <summary>When to ask again, in seconds; the same as the header Retry-After.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RetryAfterSeconds { get; init; }
}

/// <summary>Something in the server's settings that cannot be used.</summary>
/// <param name="Key">The whole path of the setting; empty where the settings as a whole are meant.</param>
/// <param name="Value">As it was written; secrets are not shown.</param>
/// <param name="Source">Where it was written.</param>
/// <param name="Reason">What is wrong and the way out.</param>
/// <param name="Text">All of that in a line.</param>
public sealed record SettingFaultView(string Key, string? Value, string? Source, string Reason, string Text);

/// <summary>The values of <see cref="Problem.Code"/>. They are never renamed.</summary>
public static class ProblemCodes
{
    public const string JobLimitReached = "job-limit-reached";
    public const string LaneFull = "lane-full";
    public const string ChoiceNotAllowed = "choice-not-allowed";
    public const string PriorityNotAllowed = "priority-not-allowed";
    public const string TooManyPauses = "too-many-pauses";
    public const string DuplicateDocument = "duplicate-document";
    public const string DocumentNotFound = "document-not-found";
    public const string DocumentBusy = "document-busy";
    public const string TooManyDocuments = "too-many-documents";
    public const string UnfitUpload = "unfit-upload";
    public const string UploadTooLarge = "upload-too-large";
    public const string UploadCutOff = "upload-cut-off";
    public const string UnknownKind = "unknown-kind";
    public const string NoFile = "no-file";
    public const string TooManyFiles = "too-many-files";
    public const string NotMultipart = "not-multipart";
    public const string InvalidRequest = "invalid-request";
    public const string AttemptOver = "attempt-over";
    public const string WorkerSuperseded = "worker-superseded";
    public const string KindNotLent = "kind-not-lent";
    public const string JobNotFound = "job-not-found";
    public const string JobAlreadyFinished = "job-already-finished";
    public const string JobNotFinished = "job-not-finished";
    public const string JobNotRetryable = "job-not-retryable";
    public const string JobSetAside = "job-set-aside";
    public const string JobNotSetAside = "job-not-set-aside";
    public const string ChoiceNotPossible = "choice-not-possible";
    public const string ResultNotReady = "result-not-ready";
    public const string FileNotFound = "file-not-found";
    public const string PreviewNotOffered = "preview-not-offered";
    public const string NotFound = "not-found";
    public const string MethodNotAllowed = "method-not-allowed";
    public const string Unauthorized = "unauthorized";
    public const string Forbidden = "forbidden";
    public const string AddressLimitReached = "address-limit-reached";
    public const string TooManyVisitors = "too-many-visitors";
    public const string TooManySubmissions = "too-many-submissions";
    public const string AuthorityUnavailable = "authority-unavailable";
    public const string SignInFailed = "sign-in-failed";
    public const string KeyNotFound = "key-not-found";
    public const string TooManyKeys = "too-many-keys";
    public const string VisitorSignedIn = "visitor-signed-in";
    public const string CrossSiteRequest = "cross-site-request";
    public const string TooManyConnections = "too-many-connections";
    public const string SettingsRefused = "settings-refused";
    public const string NoticeNotFound = "notice-not-found";
    public const string NoticeExists = "notice-exists";
    public const string NoticeLimitReached = "notice-limit-reached";
    public const string UnfitNotice = "unfit-notice";
    public const string NoticeInTheWay = "notice-in-the-way";
    public const string ImportNotFound = "import-not-found";
    public const string ImportNotStored = "import-not-stored";
    public const string TableNotFound = "table-not-found";
    public const string TableBusy = "table-busy";
    public const string ProfileNotFound = "profile-not-found";
    public const string ProfileExists = "profile-exists";
    public const string TooManyProfiles = "too-many-profiles";
    public const string UnfitProfile = "unfit-profile";
    public const string PaperNotFound = "paper-not-found";
    public const string PaperChanged = "paper-changed";
    public const string SyllabusNotFound = "syllabus-not-found";
    public const string StoreUnavailable = "store-unavailable";

    /// <summary>This server stands by; another one serves.</summary>
    public const string StandingBy = "standing-by";
    public const string TryAgain = "try-again";
    public const string ServerError = "server-error";
}
