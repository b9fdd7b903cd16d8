using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Client.Wire;
using NextUp.Client.Work;
using NextUp.Hosting.InProcess;
using NextUp.Hosting.Workers;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Workers;

/// <summary>
/// Takes in results. Files are staged while they arrive; they are the job's with the commit of its end, or nobody's.
/// </summary>
sealed class CompleteEndpoint(LeaseDesk desk, IFileStore files)
{
    static readonly Dictionary<string, FileRole> s_roles = new()
    {
        ["result"] = FileRole.Result, ["report"] = FileRole.Report, ["diff"] = FileRole.Diff,
    };

    sealed class Parts
    {
        public string? Summary { get; set; }

        public List<StagedFile> Files { get; } = [];
    }

    public async Task CompleteAsync(HttpContext context, Caller caller)
    {
        if (WorkRequests.Held(context) is not { } held)
        {
            await Problems.WriteAsync(context, WorkRequests.NoAttempt());
            return;
        }

        var account = caller.User.AccountName!;
        if (await desk.FindAsync(account, held.Job, held.Attempt) is null)
        {
            // Over. It may be this very result that was stored, and only the answer was lost: then that is said again.
            var nothing = new AttemptEnd.Finished(new JobOutcome.Done("{}", []), []);
            await AnswerAsync(context, held, await desk.ReportAsync(account, held, nothing));
            return;
        }

        var parts = new Parts();
        if (await ReadAsync(context, parts) is { } problem)
        {
            parts.Files.ForEach(files.Discard);
            await Problems.WriteAsync(context, problem);
            return;
        }

        var end = new AttemptEnd.Finished(new JobOutcome.Done(parts.Summary ?? "{}", []), parts.Files);
        await AnswerAsync(context, held, await desk.ReportAsync(account, held, end));
    }

    public async Task CompleteManyAsync(HttpContext context, Caller caller)
    {
        AllowBody(context, WorkLimits.CompletionsBytesMax);
        var (request, problem) = await WorkRequests.ReadAsync(context, WorkJson.Default.CompletionsRequest);
        if (request is not null)
            problem = Fault(request);
        if (problem is not null)
        {
            await Problems.WriteAsync(context, problem);
            return;
        }

        var account = caller.User.AccountName!;
        var outcomes = await Task.WhenAll(request!.Completions.Select(told => CompleteOneAsync(account, told, context.RequestAborted)));
        await Answers.JsonAsync(context, 200, new(outcomes), WorkJson.Default.CompletionsView);
    }

    static Problem? Fault(CompletionsRequest request)
    {
        if (request.Completions is not { Count: <= WorkLimits.AttemptsMax } all)
            return Problems.InvalidRequest($"\"completions\" is a list of at most {WorkLimits.AttemptsMax} completions.");
        foreach (var told in all)
        {
            var isWhole = WorkRequests.Held(told.Job, told.Attempt) is not null && WorkRequests.Summary(told.Summary) is not null
                && told.Files is { } given && given.All(file => file.Content is not null && s_roles.ContainsKey(file.Role ?? ""))
                && given.Select(file => file.Role).Distinct().Count() == given.Count && given.Any(file => file.Role == "result");
            if (!isWhole)
            {
                return Problems.InvalidRequest(
                    $"The completion of job \"{told.Job}\" is not whole: it needs job, attempt, \"summary\" (an object), and \"files\" "
                    + "with role (result, report or diff, each once, result among them) and content.");
            }
        }

        return null;
    }

    async Task<OutcomeView> CompleteOneAsync(string account, CompletionOf told, CancellationToken cancellationToken)
    {
        var held = WorkRequests.Held(told.Job, told.Attempt)!.Value;
        List<StagedFile> staged = new(told.Files.Count);
        foreach (var file in told.Files)
        {
            using var content = new MemoryStream(file.Content);
            staged.Add(await StageAsync(s_roles[file.Role], file.Name, file.ContentType, content, cancellationToken));
        }

        var end = new AttemptEnd.Finished(new JobOutcome.Done(WorkRequests.Summary(told.Summary)!, []), staged);
        return Outcome(held, await desk.ReportAsync(account, held, end));
    }

    static OutcomeView Outcome(HeldAttempt held, ReportAnswer answer) => answer switch
    {
        ReportAnswer.Stored stored => new(held.Job.ToString(), held.Attempt, Problems.Name(stored.State), null),
        ReportAnswer.Refused refused => new(held.Job.ToString(), held.Attempt, null, WorkRequests.Word(refused.Reason)),
        _ => throw new System.Diagnostics.UnreachableException($"{answer}"),
    };

    public static Task AnswerAsync(HttpContext context, HeldAttempt held, ReportAnswer answer) =>
        answer is ReportAnswer.Refused refused
            ? Problems.WriteAsync(context, Problems.AttemptOver(refused.Reason))
            : Answers.JsonAsync(context, 200, Outcome(held, answer), WorkJson.Default.OutcomeView);

    public static void AllowBody(HttpContext context, long bytesMax)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = bytesMax;
    }

    async Task<Problem?> ReadAsync(HttpContext context, Parts parts)
    {
        if (UploadReader.BoundaryOf(context.Request) is not { } boundary)
            return Problems.NotMultipart();

        AllowBody(context, s_roles.Count * JobRunner.ResultBytesMax + WorkLimits.CompletionsBytesMax);
        var reader = new MultipartReader(boundary, context.Request.Body)
        {
            HeadersCountLimit = UploadLimits.PartHeadersMax,
            HeadersLengthLimit = UploadLimits.PartHeadersBytesMax,
        };
        try
        {
            while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } part)
            {
                if (await TakeAsync(part, parts, context.RequestAborted) is { } problem)
                    return problem;
            }
        }
        catch (FileTooLargeException error)
        {
            return Problems.UploadTooLarge("The result", error.BytesMax);
        }
        catch (InvalidDataException error)
        {
            return Problems.InvalidRequest($"The form is malformed: {error.Message}");
        }
        catch (IOException error) when (error is not BadHttpRequestException)
        {
            return Problems.UploadCutOff();
        }

        return parts.Files.Any(file => file.Role == FileRole.Result) ? null : Problems.NoFile("result");
    }

    async Task<Problem?> TakeAsync(MultipartSection part, Parts parts, CancellationToken cancellationToken)
    {
        if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition))
            return Problems.InvalidRequest("A part of the form has no usable Content-Disposition.");
        var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
        if (name == "summary")
        {
            parts.Summary = await SummaryAsync(part.Body, cancellationToken);
            return parts.Summary is not null ? null
                : Problems.InvalidRequest($"The field \"summary\" is a JSON object of at most {WorkLimits.SummaryBytesMax} bytes.");
        }

        if (!s_roles.TryGetValue(name, out var role))
            return Problems.InvalidRequest($"There is no field \"{name}\". There is summary, result, report and diff.");
        if (parts.Files.Exists(file => file.Role == role))
            return Problems.InvalidRequest($"The file \"{name}\" comes once.");
        var fileName = UploadReader.NameOf(disposition);
        parts.Files.Add(await StageAsync(role, fileName, part.ContentType, part.Body, cancellationToken));
        return null;
    }

    static async Task<string?> SummaryAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = new byte[WorkLimits.SummaryBytesMax + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > WorkLimits.SummaryBytesMax)
            return null;
        try
        {
            using var document = JsonDocument.Parse(buffer.AsMemory(0, length));
            return document.RootElement.ValueKind == JsonValueKind.Object ? Encoding.UTF8.GetString(buffer, 0, length) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reports and diffs are shown, so they are what they are shown as, whatever a worker calls them.</summary>
    ValueTask<StagedFile> StageAsync(
        FileRole role, string? name, string? contentType, Stream content, CancellationToken cancellationToken)
    {
        var type = role == FileRole.Result && MediaTypeHeaderValue.TryParse(contentType, out var known)
            ? known.ToString() : role == FileRole.Result ? "application/octet-stream" : "application/json";
        var shown = FileNames.Clean(string.IsNullOrEmpty(name) ? role.ToString().ToLowerInvariant() : name);
        return files.StageAsync(role, shown, type, content, JobRunner.ResultBytesMax, cancellationToken);
    }
}
