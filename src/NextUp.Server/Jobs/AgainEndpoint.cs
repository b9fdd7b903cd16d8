using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Client.Wire;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Jobs;

/// <summary>
/// <c>POST /api/v1/jobs/{id}/again</c>: a new job over the result of a completed one, or over the upload of one that
/// failed or was cancelled. It is a submission like any other, with the same limits and the same place in the line.
/// </summary>
sealed class AgainEndpoint(
    Callers callers, JobEndpoints jobs, IJobStore store, IFileStore files, JobKinds kinds, SubmitEndpoint submit)
{
    const string ContentType = "application/octet-stream";

    public void Map(IEndpointRouteBuilder map) =>
        map.MapPost("/api/v1/jobs/{id}/again", callers.Guard(AgainAsync, Audience.JobOwner, Scope.Submit))
            .Describe("Jobs", "Make a new job over a job's result, with works you chose or its failed entries",
                Audience.JobOwner)
            .Takes(SubmitEndpoint.KeyParameter)
            .TakesJson<AgainRequest>()
            .Answers<JobView>(201).Answers<JobView>(200)
            .Refuses(400, 401, 403, 404, 409, 413, 422, 429, 503);

    async Task AgainAsync(HttpContext context, Caller caller)
    {
        if (await jobs.FindAsync(context, caller) is not { } job)
            return;

        var (request, problem) = await ReadAsync(context);
        if (problem is null && !job.State.IsFinished())
            problem = Problems.JobNotFinished(job);
        if (problem is not null)
        {
            await Problems.WriteAsync(context, problem);
            return;
        }

        await submit.AnswerAsync(context, caller, await UploadAsync(caller, job, request!, context.RequestAborted));
    }

    static async ValueTask<(AgainRequest? Request, Problem? Problem)> ReadAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return (new(), null);

        try
        {
            var read = await JsonSerializer.DeserializeAsync(
                context.Request.Body, WireJson.Wire.AgainRequest, context.RequestAborted);
            return (read ?? new(), null);
        }
        catch (JsonException error)
        {
            return (null, Problems.InvalidRequest(
                $"The body is no JSON object with accept, entries, failed and whenBusy: {error.Message}"));
        }
    }

    async ValueTask<Upload> UploadAsync(
        Caller caller, JobRecord job, AgainRequest request, CancellationToken cancellationToken)
    {
        Upload.Refused Refused(Problem problem) => new(job.FileName, problem);

        if (kinds.FindFor(caller, job.Kind.Value) is not { } kind)
            return Refused(Problems.UnknownKind(job.Kind.Value, kinds.NamesFor(caller)));
        if (!UploadFields.TryReadWhenBusy(request.WhenBusy, out var whenBusy))
            return Refused(Problems.InvalidRequest(UploadFields.WhenBusyRule));

        var isCompleted = job.State == JobState.Completed;
        var report = isCompleted ? await ReportAsync(job, cancellationToken) : null;
        string? options;
        switch (kind.Repeat?.Invoke(job.Options, report, request) ?? Plainly(job, request))
        {
            case RepeatAnswer.Chosen chosen:
                options = chosen.Options;
                break;
            case RepeatAnswer.Refused refused:
                return Refused(Problems.ChoiceNotPossible(refused.Reason));
            case var unknown:
                throw new UnreachableException($"{unknown}");
        }

        var role = isCompleted ? FileRole.Result : FileRole.Original;
        return await store.FindFileAsync(job.Sequence, role) is { } source
            ? await StageAsync(job, kind, source, whenBusy, options, cancellationToken)
            : Refused(Problems.FileNotFound(isCompleted ? "result" : "original"));
    }

    /// <summary>A kind that knows nothing of choices does the same work anew.</summary>
    static RepeatAnswer Plainly(JobRecord job, AgainRequest request) =>
        request is { Accept: null or { Count: 0 }, Entries: null or { Count: 0 }, Failed: false }
            ? new RepeatAnswer.Chosen(job.Options)
            : new RepeatAnswer.Refused(
                $"Jobs of the kind \"{job.Kind}\" are made again as a whole: leave out accept, entries and failed.");

    async ValueTask<Upload> StageAsync(
        JobRecord job, OfferedKind kind, StagedFile source, WhenBusy? whenBusy, string? options,
        CancellationToken cancellationToken)
    {
        StagedFile staged;
        try
        {
            await using var content = files.Open(source);
            staged = await files.StageAsync(
                FileRole.Original, job.FileName, ContentType, content, kinds.PolicyOf(kind).UploadBytesMax, cancellationToken);
        }
        catch (FileTooLargeException error)
        {
            return new Upload.Refused(job.FileName, Problems.UploadTooLarge(job.FileName, error.BytesMax));
        }

        try
        {
            using var content = files.Open(staged);
            if (await kind.Processor.CheckAsync(job.FileName, content, cancellationToken) is not UploadVerdict.Unfit unfit)
                return new Upload.Fit(job.FileName, kind, staged, whenBusy, options);

            files.Discard(staged);
            return new Upload.Refused(job.FileName, Problems.UnfitUpload(unfit.Reason));
        }
        catch
        {
            files.Discard(staged);
            throw;
        }
    }

    async ValueTask<byte[]?> ReportAsync(JobRecord job, CancellationToken cancellationToken)
    {
        if (await store.FindFileAsync(job.Sequence, FileRole.Report) is not { } file)
            return null;

        await using var content = files.Open(file);
        var bytes = new byte[file.Size];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }
}
