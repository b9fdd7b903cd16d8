using System.Text.Json;
using NextUp.Client.Wire;
using NextUp.Server.Jobs;
using NextUp.Server.Live;
using NextUp.Server.Operations;
using NextUp.Server.Pages;
using NextUp.Server.Queue;
using NextUp.Server.Scholar;
using NextUp.Server.Users;

namespace NextUp.Server;

/// <summary>Every path the server answers, in one table.</summary>
sealed class Endpoints(
    Callers callers,
    SubmitEndpoint submit,
    AgainEndpoint again,
    KindsEndpoint kinds,
    JobEndpoints jobs,
    FileEndpoints files,
    PreviewEndpoint preview,
    QueueViews queue,
    MeViews me,
    EventsEndpoint events,
    ScholarEndpoints scholar,
    ScholarFiles scholarFiles,
    StaticPages pages)
{
    const string Api = "/api/v1";
    const string JobsTag = "Jobs";
    const string ScholarTag = "Scholar";

    public void Map(IEndpointRouteBuilder map, Health health)
    {
        MapJobs(map);
        MapOneJob(map);
        MapCaller(map);
        MapScholar(map);
        MapOperations(map, health);
        MapPages(map);
    }

    void MapJobs(IEndpointRouteBuilder map)
    {
        map.MapPost(Api + "/jobs", callers.Guard(submit.SubmitAsync, Audience.Caller, Scope.Submit))
            .Describe(JobsTag, "Submit one file or several", Audience.Caller)
            .Takes(SubmitEndpoint.KeyParameter)
            .TakesForm(
                ("kind", "What work it is; bibtex where it is left out."),
                ("whenBusy", "refuse, hold or replace: what happens while an earlier job of yours is not finished."),
                ("options", "A JSON object with what the kind lets you choose."),
                ("priority", "0 (none) to 9, where the kind or your role allows it; also in the query."),
                ("notBefore", "A time with offset, at most 30 days ahead, at which the job enters the line; also in the query."),
                ("file", "The file; up to 100 of them. Fields hold for the files behind them."))
            .Answers<JobView>(201).Answers<JobView>(200).Answers<SubmitOutcomes>(207)
            .Refuses(400, 401, 403, 413, 415, 422, 429, 503);

        map.MapGet(Api + "/jobs", callers.Guard(jobs.ListAsync))
            .Describe(JobsTag, "Your jobs, newest first", Audience.Caller)
            .Takes(new EndpointDocs.QueryParameter(
                "state", "Only jobs in this state. A page may then be short although \"next\" says that more follow.",
                IsNumber: false))
            .Takes(new EndpointDocs.QueryParameter(
                "limit", "Jobs on the page, 1 to 200; 50 where it is left out.", IsNumber: true))
            .Takes(new EndpointDocs.QueryParameter("after", "The \"next\" of the page before.", IsNumber: false))
            .Answers<JobPage>(200).Refuses(400, 401);

        kinds.Map(map);
        map.MapPost(Api + "/preview", callers.Guard(preview.PreviewAsync, Audience.Caller, Scope.Submit))
            .Describe(JobsTag, "See what a file's entries lack, without submitting it", Audience.Caller)
            .TakesForm(("kind", "As for a submission."), ("file", "One file."))
            .Answers<FilePreview>(200).Refuses(400, 401, 403, 413, 415, 422);
    }

    void MapOneJob(IEndpointRouteBuilder map)
    {
        again.Map(map);
        map.MapGet(Api + "/jobs/{id}", callers.Guard(jobs.GetAsync))
            .Describe(JobsTag, "A job", Audience.JobOwner).Answers<JobView>(200).Refuses(401, 404);
        map.MapPost(Api + "/jobs/{id}/cancel", callers.Guard(jobs.CancelAsync, Audience.JobOwner, Scope.Cancel))
            .Describe(JobsTag, "Cancel a job; answers when its work has stopped", Audience.JobOwner)
            .Answers<JobView>(200).Refuses(401, 403, 404, 409, 503);
        map.MapGet(Api + "/jobs/{id}/result", callers.Guard(files.ResultAsync))
            .Describe(JobsTag, "The result, as a download", Audience.JobOwner).AnswersFile().Refuses(401, 404, 409);
        map.MapGet(Api + "/jobs/{id}/original", callers.Guard(files.OriginalAsync))
            .Describe(JobsTag, "The upload, as a download", Audience.JobOwner).AnswersFile().Refuses(401, 404);
        map.MapGet(Api + "/jobs/{id}/report", callers.Guard(files.ReportAsync))
            .Describe(JobsTag, "What was found for each entry, how, and how surely", Audience.JobOwner)
            .Answers<JsonElement>(200).Refuses(401, 404, 409);
        map.MapGet(Api + "/jobs/{id}/diff", callers.Guard(files.DiffAsync))
            .Describe(JobsTag, "What changed, by entry and field", Audience.JobOwner)
            .Answers<JsonElement>(200).Refuses(401, 404, 409);
        map.MapGet(Api + "/jobs/{id}/log", callers.Guard(jobs.LogAsync))
            .Describe(JobsTag, "The job's log", Audience.JobOwner)
            .Takes(new EndpointDocs.QueryParameter("after", "Only lines with a higher number.", IsNumber: true))
            .Takes(new EndpointDocs.QueryParameter("limit", "Lines in the answer, 1 to 1000.", IsNumber: true))
            .Answers<LogPage>(200).Refuses(400, 401, 404);
    }

    void MapCaller(IEndpointRouteBuilder map)
    {
        map.MapGet(Api + "/queue", callers.Guard(queue.GetAsync))
            .Describe("Queue", "The whole system in counts, and the machine's load", Audience.Caller)
            .Answers<QueueView>(200).Refuses(401);
        map.MapGet(Api + "/me", callers.Guard(me.GetAsync))
            .Describe("Users", "Who you are and what of yours is not finished", Audience.Caller)
            .Answers<MeView>(200).Refuses(401);
        map.MapGet(Api + "/events", callers.Guard(events.StreamAsync))
            .Describe("Live", "What happens to your jobs, as it happens (server-sent events)", Audience.Caller)
            .Takes(new EndpointDocs.HeaderParameter(
                "Last-Event-ID", "The number of the last event you saw; what you missed follows."))
            .Takes(new EndpointDocs.QueryParameter("after", "The same, where a header cannot be sent.", IsNumber: true))
            .Answers<SnapshotEvent>(200, "text/event-stream").Refuses(400, 401, 429);
    }

    void MapScholar(IEndpointRouteBuilder map)
    {
        RequestDelegate Guard(CallerHandler handler, Scope? scope = null) =>
            callers.Guard(handler, Audience.Caller, scope, ScholarAnswers.WriteAsync);

        map.MapPost(ScholarEndpoints.Prefix + "/upload", Guard(scholar.UploadAsync, Scope.Submit))
            .Describe(ScholarTag, "Upload a .bib", Audience.Caller).TakesForm(("bibtex_file", "The .bib file."))
            .Answers<ScholarUpload>(200).Answers<ScholarRefusal>(400).Answers<ScholarRefusal>(429);
        map.MapGet(ScholarEndpoints.Prefix + "/job/{id}/status", Guard(scholar.StatusAsync))
            .Describe(ScholarTag, "How far a job is", Audience.JobOwner)
            .Answers<ScholarStatus>(200).Answers<ScholarRefusal>(404);
        map.MapGet(ScholarEndpoints.Prefix + "/job/{id}/papers", Guard(scholarFiles.PapersAsync))
            .Describe(ScholarTag, "The papers of a job", Audience.JobOwner)
            .Answers<ScholarPapers>(200).Answers<ScholarRefusal>(404);
        map.MapPost(ScholarEndpoints.Prefix + "/job/{id}/cancel", Guard(scholar.CancelAsync, Scope.Cancel))
            .Describe(ScholarTag, "Cancel a job", Audience.JobOwner)
            .Answers<ScholarDone>(200).Answers<ScholarRefusal>(400).Answers<ScholarRefusal>(404);
        map.MapGet(ScholarEndpoints.Prefix + "/job/{id}/download", Guard(scholarFiles.DownloadAsync))
            .Describe(ScholarTag, "The enriched .bib", Audience.JobOwner).AnswersFile().Answers<ScholarRefusal>(404);
        map.MapGet(ScholarEndpoints.Prefix + "/job/{id}/download-original", Guard(scholarFiles.OriginalAsync))
            .Describe(ScholarTag, "The upload", Audience.JobOwner).AnswersFile().Answers<ScholarRefusal>(404);
        map.MapGet(ScholarEndpoints.Prefix + "/job/{id}/diff", Guard(scholarFiles.DiffAsync))
            .Describe(ScholarTag, "What changed, by entry and field", Audience.JobOwner)
            .Answers<ScholarDiff>(200).Answers<ScholarRefusal>(404);
        map.MapPost(ScholarEndpoints.Prefix + "/preview", Guard(scholarFiles.PreviewAsync, Scope.Submit))
            .Describe(ScholarTag, "What the entries of a .bib lack", Audience.Caller)
            .TakesForm(("bibtex_file", "The .bib file."))
            .Answers<ScholarPreview>(200).Answers<ScholarRefusal>(400);
        map.MapGet(ScholarEndpoints.Prefix + "/recent", Guard(scholar.RecentAsync))
            .Describe(ScholarTag, "Your last jobs", Audience.Caller).Answers<ScholarRecent>(200);
        map.MapGet(ScholarEndpoints.Prefix + "/resource-status", Guard(scholar.ResourcesAsync))
            .Describe(ScholarTag, "The machine, the counts, and your own jobs", Audience.Caller)
            .Answers<ScholarResources>(200);
    }

    static void MapOperations(IEndpointRouteBuilder map, Health health)
    {
        map.MapGet("/health/live", Health.LiveAsync)
            .Describe("Operations", "The process answers", Audience.Everyone).Answers<HealthView>(200);
        map.MapGet("/health/ready", health.ReadyAsync)
            .Describe("Operations", "The server can take work", Audience.Everyone)
            .Answers<HealthView>(200).Answers<HealthView>(503);
        map.MapOpenApi(ApiDocument.Route).WithMetadata(Audience.Everyone);
    }

    void MapPages(IEndpointRouteBuilder map)
    {
        string[] reading = [HttpMethods.Get, HttpMethods.Head];
        foreach (var path in (ReadOnlySpan<string>)["/", "/jobs", "/jobs/{**rest}", "/documents", "/tables", "/you"])
        {
            map.MapMethods(path, reading, context => pages.PageAsync(context, StaticPages.Index))
                .WithMetadata(Audience.Everyone);
        }

        map.MapMethods("/operations", reading, context => pages.PageAsync(context, StaticPages.Operations))
            .WithMetadata(Audience.Everyone);
        map.MapMethods("/exams", reading, context => pages.PageAsync(context, StaticPages.Exams))
            .WithMetadata(Audience.Everyone);
        foreach (var path in pages.Paths)
        {
            map.MapMethods("/" + path, reading, context => pages.FileAsync(context, path))
                .WithMetadata(Audience.Everyone);
        }
    }
}
