using System.Globalization;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Users;
using NextUp.Client.Wire;
using NextUp.Hosting.Workers;

namespace NextUp.Server.Operations;

/// <summary>
/// Every refusal the API can answer, and the one place where its words are. Nothing here knows HTTP's plumbing.
/// </summary>
static partial class Problems
{
    const string TypePrefix = "urn:nextup:problem:";

    /// <summary>How soon to come back when a user's own job is in the way; short, because it is cheap to ask.</summary>
    public static readonly TimeSpan RetryAfterBusy = TimeSpan.FromSeconds(5);

    /// <summary>How soon to come back when the store cannot be written.</summary>
    public static readonly TimeSpan RetryAfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>How soon to come back when too much came in a minute.</summary>
    public static readonly TimeSpan RetryAfterRate = TimeSpan.FromMinutes(1);

    public static Problem JobLimitReached(JobView existing, int activePerUserMax) =>
        Make(429, ProblemCodes.JobLimitReached, "You already have a job in progress",
            $"Your job \"{existing.FileName}\" is {existing.State}. You may have {Jobs(activePerUserMax)} of this kind "
            + "at once: wait until it ends, cancel it, or send whenBusy=hold to wait in line behind it.") with
        {
            ExistingJob = existing,
            RetryAfterSeconds = Seconds(RetryAfterBusy),
        };

    public static Problem LaneFull(int heldPerUserMax) =>
        Make(429, ProblemCodes.LaneFull, "Your lane is full",
            $"You already have {heldPerUserMax} jobs that wait for their turn. Wait until some end, or cancel "
            + "some.") with
        {
            RetryAfterSeconds = Seconds(RetryAfterBusy),
        };

    public static Problem ChoiceNotAllowed(WhenBusy kindsOwn) =>
        Make(422, ProblemCodes.ChoiceNotAllowed, "This kind does not let you choose what happens when you are busy",
            "Leave out whenBusy; jobs of this kind always "
            + (kindsOwn == WhenBusy.Hold ? "wait in your lane then." : "are refused then."));

    public static Problem PriorityNotAllowed(int priorityMax) =>
        Make(403, ProblemCodes.PriorityNotAllowed, "This priority is not yours to ask for",
            (priorityMax == 0
                ? "Jobs of this kind have no priority where an operator does not give it: leave out priority."
                : $"You may ask for a priority up to {priorityMax}.")
            + " Operators may ask for every level.");

    public static Problem TooFarAhead() => InvalidRequest(
        $"\"notBefore\" is at most {Submission.NotBeforeMax.TotalDays:0} days ahead.");

    public static Problem TooManyPauses() =>
        Make(409, ProblemCodes.TooManyPauses, "Too many users are paused",
            $"At most {Pause.UsersMax} users are paused at a time. Resume one that need not be, or pause the kind.");

    /// <param name="reason">The kind's own sentence; it names the file.</param>
    public static Problem UnfitUpload(string reason) =>
        Make(422, ProblemCodes.UnfitUpload, "This file cannot be worked on", reason);

    public static Problem UploadTooLarge(string fileName, long bytesMax) =>
        Make(413, ProblemCodes.UploadTooLarge, "The file is too large",
            $"\"{fileName}\" is larger than the {bytesMax} bytes that this kind takes. Split it and send the "
            + "parts.") with
        {
            BytesMax = bytesMax,
        };

    public static Problem RequestTooLarge(long bytesMax) =>
        Make(413, ProblemCodes.UploadTooLarge, "The request is too large",
            $"A request may have {bytesMax} bytes. Send fewer or smaller files at once.") with
        {
            BytesMax = bytesMax,
        };

    public static Problem UploadCutOff() =>
        Make(400, ProblemCodes.UploadCutOff, "The upload was cut off",
            "The request ended before its last part did. Nothing of it was kept; send it again.");

    public static Problem UnknownKind(string kind, IEnumerable<JobKind> known) =>
        Make(422, ProblemCodes.UnknownKind, "There is no such kind of job",
            $"The kind \"{kind}\" is not known. There is {string.Join(", ", known)}.");

    public static Problem NoFile(string field) =>
        Make(400, ProblemCodes.NoFile, "No file was sent",
            $"Put the file into the form's field \"{field}\", with a file name.");

    public static Problem TooManyFiles(int filesMax) =>
        Make(400, ProblemCodes.TooManyFiles, "Too many files at once",
            $"A request may carry {filesMax} files. Send the others in another one.");

    public static Problem NotMultipart() =>
        Make(415, ProblemCodes.NotMultipart, "The request is not multipart/form-data",
            "Send the file as a form does: Content-Type: multipart/form-data with a boundary.");

    public static Problem NotFor(Audience audience) => audience switch
    {
        Audience.Administrator => Make(403, ProblemCodes.Forbidden, "This is for administrators",
            "Send an administrator's token. One is made on the server's machine with: nextup token --user NAME --admin"),
        Audience.Operator => Make(403, ProblemCodes.Forbidden, "This is for operators",
            "Send an operator's token. One is made on the server's machine with: nextup token --user NAME --role operator"),
        Audience.Worker => Make(403, ProblemCodes.Forbidden, "This is for workers",
            "Send a worker's token. One is made on the server's machine with: nextup token --user NAME --role worker"),
        _ => Make(403, ProblemCodes.Forbidden, "This is for accounts",
            "Sign in, or send a token. One is made on the server's machine with: nextup token --user NAME"),
    };

    /// <param name="scope">As a word: <c>read</c>, <c>submit</c> ...</param>
    public static Problem ScopeMissing(string scope) =>
        Make(403, ProblemCodes.Forbidden, "The key or token is not for this",
            $"It lacks the scope \"{scope}\". Use one that has it.");

    /// <summary>A worker speaks of an attempt that is over, or that was never its own: no difference is told.</summary>
    public static Problem AttemptOver(StopReason reason) =>
        Make(409, ProblemCodes.AttemptOver, "This attempt is over", reason switch
        {
            StopReason.Cancelled => "The job was cancelled. Stop working on it; nothing more of it is stored.",
            StopReason.TimedOut => "The attempt is out of time. Stop working on it; nothing more of it is stored.",
            _ => "Your worker does not hold the job in this attempt, or not any more. Stop working on it; nothing more of "
                + "it is stored.",
        });

    public static Problem WorkerSuperseded(string worker) =>
        Make(409, ProblemCodes.WorkerSuperseded, "A newer worker has this name",
            $"A worker \"{worker}\" of a higher incarnation is at work. Stop this one, or give it another name.");

    public static Problem KindNotLent(IReadOnlyList<string> asked) =>
        Make(422, ProblemCodes.KindNotLent, "There is no work of this kind for workers",
            (asked.Count == 0 ? "Every kind" : string.Join(", ", asked.Select(Shown))) + " is worked on by the server itself. "
            + "Set kinds.KIND.workedBy to \"workers\" or \"both\" in its settings.");

    public static Problem InvalidRequest(string detail) =>
        Make(400, ProblemCodes.InvalidRequest, "The request cannot be understood", detail);

    public static Problem JobNotFound(string id) =>
        Make(404, ProblemCodes.JobNotFound, "There is no such job", $"You have no job \"{Shown(id)}\".");

    public static Problem JobAlreadyFinished(JobRecord job) =>
        Make(409, ProblemCodes.JobAlreadyFinished, "The job is already finished",
            $"The job is {Name(job.State)} and can no longer be cancelled.");

    public static Problem JobNotFinished(JobRecord job) =>
        Make(409, ProblemCodes.JobNotFinished, "The job is not finished",
            $"The job is {Name(job.State)}. It can be made again once it has ended; wait for that, or cancel it.");

    /// <param name="reason">The kind's own sentence.</param>
    public static Problem ChoiceNotPossible(string reason) =>
        Make(422, ProblemCodes.ChoiceNotPossible, "This cannot be chosen for the job", reason);

    public static Problem ResultNotReady(JobRecord job) =>
        Make(409, ProblemCodes.ResultNotReady, "There is no result yet", job.State switch
        {
            JobState.Failed or JobState.Cancelled =>
                $"The job is {Name(job.State)}: it has no result. POST to its path with /again makes a new job of its file.",
            _ => $"The job is {Name(job.State)}. Its result is there once it is completed.",
        });

    public static Problem FileNotFound(string what) =>
        Make(404, ProblemCodes.FileNotFound, "There is no such file", $"This job has no {what}.");

    /// <summary>A job is always accepted with its upload.</summary>
    public static Problem FilesDeleted() =>
        Make(404, ProblemCodes.FileNotFound, "The files of this job are gone",
            "They were deleted with the document that the job worked on; the job itself is kept as history. Upload the file again.");

    public static Problem PreviewNotOffered(JobKind kind) =>
        Make(422, ProblemCodes.PreviewNotOffered, "There is no preview for this kind",
            $"Files of the kind \"{kind}\" cannot be previewed. Submit the file.");

    public static Problem NotFound(string path) =>
        Make(404, ProblemCodes.NotFound, "There is nothing here",
            $"The path \"{Shown(path)}\" leads nowhere. /openapi lists every path.");

    public static Problem MethodNotAllowed(string method) =>
        Make(405, ProblemCodes.MethodNotAllowed, "This method is not offered here",
            $"The path does not take {Shown(method)}; the header Allow says what it takes.");

    public static Problem Unauthorized() =>
        Make(401, ProblemCodes.Unauthorized, "The token is not valid",
            "The token is damaged, has run out, or was made by another installation. "
            + "Make a new one with: nextup token --user NAME");

    public static Problem VisitorSignedIn() =>
        Make(409, ProblemCodes.VisitorSignedIn, "You have signed in since",
            "This was sent as the visitor you were before you signed in. Load the page again and send it once more.");

    public static Problem AddressLimitReached(int visitorsMax) =>
        Make(429, ProblemCodes.AddressLimitReached, "Too many visitors from your network have jobs in progress",
            $"{visitorsMax} visitors from your network address have unfinished jobs of this kind. Wait until one of theirs ends, "
            + "or sign in. An operator can allow more with identity.visitorsPerAddressMax.") with
        {
            RetryAfterSeconds = Seconds(RetryAfterBusy),
        };

    public static Problem TooManyVisitors() =>
        Make(429, ProblemCodes.TooManyVisitors, "Too many new visitors from your network",
            "Programs keep the cookie that they are given, or send a token. An operator can allow more with "
            + "identity.newVisitorsPerMinute.") with
        {
            RetryAfterSeconds = Seconds(RetryAfterRate),
        };

    public static Problem TooManySubmissions() =>
        Make(429, ProblemCodes.TooManySubmissions, "Too many submissions from your network",
            "Wait a minute, or sign in. An operator can allow more with identity.visitorUploadsPerMinute.") with
        {
            RetryAfterSeconds = Seconds(RetryAfterRate),
        };

    public static Problem AuthorityUnavailable() =>
        Make(503, ProblemCodes.AuthorityUnavailable, "Nobody can say who you are right now",
            "The authority that made your token, or that you sign in with, cannot be reached. Try again in a moment.") with
        {
            RetryAfterSeconds = Seconds(RetryAfterFailure),
        };

    public static Problem SignInFailed(string reason) =>
        Make(400, ProblemCodes.SignInFailed, "The sign-in did not succeed", reason + " Begin again at /sign-in.");

    public static Problem KeyNotFound(string id) =>
        Make(404, ProblemCodes.KeyNotFound, "There is no such key", $"You have no key \"{Shown(id)}\".");

    public static Problem TooManyKeys(int perUserMax) =>
        Make(429, ProblemCodes.TooManyKeys, "You have as many keys as there may be",
            $"{perUserMax} of your keys are good. Revoke one that is no longer used.");

    public static Problem CrossSiteRequest() =>
        Make(403, ProblemCodes.CrossSiteRequest, "The request comes from another site",
            "A page of another site may not act for a visitor here. Programs send a bearer token instead of the "
            + "cookie.");

    public static Problem TooManyConnections(int perUserMax) =>
        Make(429, ProblemCodes.TooManyConnections, "Too many live connections",
            $"You have {perUserMax} live connections open. Close a tab and try again.") with
        {
            RetryAfterSeconds = Seconds(RetryAfterBusy),
        };

    public static Problem SettingsRefused(IReadOnlyList<SettingFaultView> faults) =>
        Make(422, ProblemCodes.SettingsRefused, "The settings cannot be used",
            $"Nothing was changed: the settings of before hold on. Mend this and reload again. {faults[0].Text}") with
        {
            Faults = faults,
        };

    public static Problem StoreUnavailable() =>
        Make(503, ProblemCodes.StoreUnavailable, "Nothing can be stored right now",
            "The server could not write or read its store. Nothing was acknowledged; try again in a moment.") with
        {
            RetryAfterSeconds = Seconds(RetryAfterFailure),
        };

    public static Problem StandingBy(string reason, TimeSpan retryAfter) =>
        Make(503, ProblemCodes.StandingBy, "This server stands by",
            $"{reason} Nothing was acknowledged; try again, which may reach the other server.") with
        {
            RetryAfterSeconds = Seconds(retryAfter),
        };

    public static Problem TryAgain() =>
        Make(503, ProblemCodes.TryAgain, "The request has to be sent again",
            "The server lost track of this request while it was carried out. Sent again with the same "
            + "Idempotency-Key it is carried out once only.") with
        {
            RetryAfterSeconds = 1,
        };

    public static Problem ServerError() =>
        Make(500, ProblemCodes.ServerError, "Something went wrong in the server",
            "It is a mistake of the server, not of the request. Its log says more.");

    /// <summary>A refusal of the protocol itself (a malformed request, a body too slow or too large).</summary>
    public static Problem Protocol(int status, string detail) =>
        Make(status, ProblemCodes.InvalidRequest, "The request cannot be taken", detail);

    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        if (problem.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);

        return Answers.JsonAsync(context, problem.Status, problem, WireJson.Wire.Problem, Problem.ContentType);
    }

    /// <summary>The state's name on the wire.</summary>
    public static string Name(JobState state) => state switch
    {
        JobState.Pending => JobStateNames.Pending,
        JobState.Processing => JobStateNames.Processing,
        JobState.Completed => JobStateNames.Completed,
        JobState.Failed => JobStateNames.Failed,
        _ => JobStateNames.Cancelled,
    };

    static Problem Make(int status, string code, string title, string detail) =>
        new(TypePrefix + code, title, status, detail, code);

    static string Jobs(int count) => count == 1 ? "one job" : $"{count} jobs";

    static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);

    /// <summary>What the caller sent, short enough to be sent back.</summary>
    static string Shown(string text) => text.Length <= 100 ? text : text[..100] + "...";
}
