using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Jobs;

/// <summary>
/// What went into a job and what came out of it. A result is there whole, after completion, or not at all.
/// </summary>
sealed class FileEndpoints(IJobStore store, IFileStore files, JobEndpoints jobs)
{
    public Task OriginalAsync(HttpContext context, Caller caller) => SendAsync(context, caller, FileRole.Original);

    public Task ResultAsync(HttpContext context, Caller caller) => SendAsync(context, caller, FileRole.Result);

    public Task ReportAsync(HttpContext context, Caller caller) => SendAsync(context, caller, FileRole.Report);

    public Task DiffAsync(HttpContext context, Caller caller) => SendAsync(context, caller, FileRole.Diff);

    async Task SendAsync(HttpContext context, Caller caller, FileRole role)
    {
        if (await jobs.FindAsync(context, caller) is not { } job)
            return;

        if (role != FileRole.Original && job.State != JobState.Completed)
            await Problems.WriteAsync(context, Problems.ResultNotReady(job));
        else if (await store.FindFileAsync(job.Sequence, role) is { } file)
            await SendAsync(context, file);
        else if (role == FileRole.Original || await store.FindFileAsync(job.Sequence, FileRole.Original) is null)
            await Problems.WriteAsync(context, Problems.FilesDeleted());
        else
            await Problems.WriteAsync(context, Problems.FileNotFound(NameOf(role)));
    }

    /// <summary>
    /// Sends a file of a job that was found through its user: results as downloads, reports as JSON to read.
    /// </summary>
    public async Task SendAsync(HttpContext context, StagedFile file)
    {
        var isDownload = file.Role is FileRole.Original or FileRole.Result;
        var response = context.Response;
        var tag = $"\"{file.Sha256}\"";
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "private, no-cache";
        if (context.Request.Headers.IfNoneMatch.ToString() == tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        if (isDownload)
            response.Headers.ContentDisposition = FileNames.Attachment(file.Name);

        // An upload never comes back under a type that a browser might act on.
        response.ContentType = file.Role == FileRole.Original ? "application/octet-stream" : file.ContentType;
        response.ContentLength = file.Size;
        if (HttpMethods.IsHead(context.Request.Method))
            return;

        await using var content = files.Open(file);
        await content.CopyToAsync(response.Body, context.RequestAborted);
    }

    static string NameOf(FileRole role) => role switch
    {
        FileRole.Result => "result",
        FileRole.Report => "report",
        _ => "diff",
    };
}
