using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Client.Work;
using NextUp.Hosting.Workers;
using NextUp.Server.Operations;
using NextUp.Server.Users;
using NextUp.Storage.Sql;
using NextUp.Storage.Sqlite;

namespace NextUp.Server.Workers;

/// <summary>
/// What workers on other machines say and hear, under <c>/api/v1/work</c>. Each word about a job carries the attempt, and is
/// heard only from the account whose worker holds it now; to all others the job does not exist.
/// </summary>
sealed class WorkEndpoints(
    LeaseDesk desk, IJobStore store, IFileStore files, LeaseEndpoint leases, CompleteEndpoint completions, Callers callers)
{
    const string Tag = "Work";
    const string Path = "/api/v1/work";

    static readonly EndpointDocs.QueryParameter s_attempt = new("attempt", "The attempt, as the lease said.", IsNumber: true);

    public void Map(IEndpointRouteBuilder map)
    {
        RequestDelegate Guard(CallerHandler handler) => callers.Guard(handler, Audience.Worker);

        map.MapPost(Path + "/lease", Guard(leases.LeaseAsync))
            .Describe(Tag, "Ask for jobs, and wait for them", Audience.Worker)
            .Answers<LeaseView>(200).Refuses(400, 401, 403, 409, 422, 503);
        map.MapPost(Path + "/heartbeat", Guard(HeartbeatsAsync))
            .Describe(Tag, "Say how far several jobs are", Audience.Worker)
            .Answers<HeartbeatsView>(200).Refuses(400, 401, 403, 503);
        map.MapPost(Path + "/complete", Guard(completions.CompleteManyAsync))
            .Describe(Tag, "Hand in several small results", Audience.Worker)
            .Answers<CompletionsView>(200).Refuses(400, 401, 403, 413, 503);
        map.MapPost(Path + "/{id}/heartbeat", Guard(HeartbeatAsync))
            .Describe(Tag, "Say how far a job is; the answer says whether to stop", Audience.Worker).Takes(s_attempt)
            .Answers<HeartbeatView>(200).Refuses(400, 401, 403, 409, 503);
        map.MapGet(Path + "/{id}/input", Guard(InputAsync))
            .Describe(Tag, "The upload of a leased job", Audience.Worker).Takes(s_attempt)
            .AnswersFile().Refuses(400, 401, 403, 409);
        map.MapGet(Path + "/{id}/checkpoints/{name}", Guard(CheckpointAsync))
            .Describe(Tag, "Work that an earlier attempt stored", Audience.Worker).Takes(s_attempt)
            .AnswersFile().Refuses(400, 401, 403, 404, 409);
        map.MapPut(Path + "/{id}/checkpoints/{name}", Guard(SaveCheckpointAsync))
            .Describe(Tag, "Store work so far; durable when it is answered", Audience.Worker).Takes(s_attempt)
            .AnswersFile(204).Refuses(400, 401, 403, 409, 413, 503);
        map.MapPost(Path + "/{id}/complete", Guard(completions.CompleteAsync))
            .Describe(Tag, "Hand in a result; it is stored when this is answered", Audience.Worker).Takes(s_attempt)
            .TakesForm(
                ("summary", "Counts and facts of the result, a JSON object."),
                ("result", "The result, a file."), ("report", "A report, a JSON file."), ("diff", "What changed, a JSON file."))
            .Answers<OutcomeView>(200).Refuses(400, 401, 403, 409, 413, 415, 503);
        map.MapPost(Path + "/{id}/fail", Guard(FailAsync))
            .Describe(Tag, "Say that an attempt failed, or hand the job back", Audience.Worker).Takes(s_attempt)
            .Answers<OutcomeView>(200).Refuses(400, 401, 403, 409, 503);
    }

    async Task HeartbeatAsync(HttpContext context, Caller caller)
    {
        var (request, problem) = await WorkRequests.ReadAsync(context, WorkJson.Default.HeartbeatRequest);
        if (request is null)
        {
            await Problems.WriteAsync(context, problem!);
            return;
        }

        if (WorkRequests.Held(context) is not { } held)
            await Problems.WriteAsync(context, WorkRequests.NoAttempt());
        else if (WorkRequests.Beat(held, request.Progress, request.Lines) is not { } beat)
            await Problems.WriteAsync(context, NotAProgress());
        else if (await desk.BeatAsync(caller.User.AccountName!, beat) is not { } stop)
            await Answers.JsonAsync(context, 200, new(null), WorkJson.Default.HeartbeatView);
        else if (stop == StopReason.Superseded)
            await Problems.WriteAsync(context, Problems.AttemptOver(stop));
        else
            await Answers.JsonAsync(context, 200, new(WorkRequests.Word(stop)), WorkJson.Default.HeartbeatView);
    }

    async Task HeartbeatsAsync(HttpContext context, Caller caller)
    {
        var (request, problem) = await WorkRequests.ReadAsync(context, WorkJson.Default.HeartbeatsRequest);
        if (request is null || request.Beats is not { Count: <= WorkLimits.AttemptsMax } told)
        {
            await Problems.WriteAsync(context, problem ?? Problems.InvalidRequest(
                $"\"beats\" is a list of at most {WorkLimits.AttemptsMax} heartbeats."));
            return;
        }

        Beat?[] beats = [.. told.Select(beat => WorkRequests.Held(beat.Job, beat.Attempt) is { } held
            ? WorkRequests.Beat(held, beat.Progress, beat.Lines) : null)];
        if (beats.Contains(null))
        {
            await Problems.WriteAsync(context, NotAProgress());
            return;
        }

        // At once, so that what they store shares a commit.
        var stops = await Task.WhenAll(beats.Select(beat => desk.BeatAsync(caller.User.AccountName!, beat!)));
        List<StopView> views = [];
        for (var i = 0; i < stops.Length; i++)
        {
            if (stops[i] is { } stop)
                views.Add(new(told[i].Job, told[i].Attempt, WorkRequests.Word(stop)));
        }

        await Answers.JsonAsync(context, 200, new(views), WorkJson.Default.HeartbeatsView);
    }

    async Task InputAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is not { } job)
            return;
        if (await store.FindFileAsync(job.Sequence, FileRole.Original) is not { } file)
        {
            await Problems.WriteAsync(context, Problems.FileNotFound("original"));
            return;
        }

        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = file.Size;
        await using var content = files.Open(file);
        await content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    async Task CheckpointAsync(HttpContext context, Caller caller)
    {
        if (NameOf(context) is not { } name)
            await Problems.WriteAsync(context, NotAName());
        else if (await FindAsync(context, caller) is not { } job)
            return;
        else if (await store.LoadCheckpointAsync(job.Sequence, name) is not { } content)
            await Problems.WriteAsync(context, Problems.FileNotFound($"checkpoint \"{name}\""));
        else
            await SendAsync(context, content);
    }

    async Task SaveCheckpointAsync(HttpContext context, Caller caller)
    {
        if (NameOf(context) is not { } name)
        {
            await Problems.WriteAsync(context, NotAName());
            return;
        }

        if (await FindAsync(context, caller) is not { } job)
            return;
        CompleteEndpoint.AllowBody(context, WriteLimits.CheckpointBytesMax);
        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content, context.RequestAborted);
        var stop = await desk.SaveCheckpointAsync(caller.User.AccountName!, new(job.Id, job.Attempt), name, content.ToArray());
        if (stop is { } reason)
            await Problems.WriteAsync(context, Problems.AttemptOver(reason));
        else
            context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    async Task FailAsync(HttpContext context, Caller caller)
    {
        var (request, problem) = await WorkRequests.ReadAsync(context, WorkJson.Default.FailRequest);
        if (request is null)
            await Problems.WriteAsync(context, problem!);
        else if (WorkRequests.Held(context) is not { } held)
            await Problems.WriteAsync(context, WorkRequests.NoAttempt());
        else if (WorkRequests.End(request) is not { } end)
            await Problems.WriteAsync(context, Problems.InvalidRequest(
                $"\"how\" is {FailWays.Retry}, {FailWays.GiveUp} or {FailWays.HandBack}, and \"retryAfterSeconds\" 0 to "
                + $"{WorkLimits.RetryAfterSecondsMax}."));
        else
            await CompleteEndpoint.AnswerAsync(context, held, await desk.ReportAsync(caller.User.AccountName!, held, end));
    }

    async Task<JobRecord?> FindAsync(HttpContext context, Caller caller)
    {
        if (WorkRequests.Held(context) is not { } held)
            await Problems.WriteAsync(context, WorkRequests.NoAttempt());
        else if (await desk.FindAsync(caller.User.AccountName!, held.Job, held.Attempt) is { } job)
            return job;
        else
            await Problems.WriteAsync(context, Problems.AttemptOver(await desk.WhyOverAsync(caller.User.AccountName!, held)));
        return null;
    }

    static Task SendAsync(HttpContext context, byte[] content)
    {
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = content.Length;
        return context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }

    static string? NameOf(HttpContext context) =>
        context.Request.RouteValues["name"] is string { Length: > 0 and <= WorkLimits.CheckpointNameLengthMax } name ? name : null;

    static Client.Wire.Problem NotAName() =>
        Problems.InvalidRequest($"A checkpoint's name has 1 to {WorkLimits.CheckpointNameLengthMax} characters.");

    static Client.Wire.Problem NotAProgress() => Problems.InvalidRequest(
        "A heartbeat names its job and attempt; \"progress\" has done, total, failed and percent, 0 or more, percent at most 100.");
}
