using System.Text;
using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Actors.Papers;
using NextUp.Actors.Store;
using NextUp.Client.Exams;
using NextUp.Client.Wire;
using NextUp.Processors.Exams;
using NextUp.Processors.Exams.Review;
using NextUp.Processors.Exams.Syllabuses;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Papers;

/// <summary><c>/api/v1/exams</c>: papers of the administrator who calls; to everyone else there are none.</summary>
sealed partial class PaperEndpoints(
    IPaperStore store, PaperSubmission submission, ListCursor cursors, Callers callers, TimeProvider clock)
{
    public const string Prefix = "/api/v1/exams";

    /// <summary>Papers on a page, where the caller does not say; and at most.</summary>
    public const int PageDefault = 50;

    public const int PageMax = 100;

    const string Tag = "Exam papers";

    public void Map(IEndpointRouteBuilder map)
    {
        map.MapPost(Prefix, callers.Guard(submission.SubmitAsync, Audience.Administrator))
            .Describe(Tag, "Submit one paper, with its insert and mark scheme", Audience.Administrator)
            .Takes(SubmitEndpoint.KeyParameter)
            .TakesForm(
                ("id", "Under which the paper is kept; the job's id where it is left out. A paper of the same id is read anew."),
                ("syllabus", "The id of a syllabus that questions are tagged with."),
                ("hasInsert", "true where there is an insert, whatever the paper prints."),
                ("priority", "0 (none) to 9 (urgent)."),
                ("paper", "A PDF, or a picture of a page; pictures come in the order of the pages."),
                ("insert", "A PDF or pictures."),
                ("scheme", "The mark scheme, a PDF or pictures."))
            .Answers<JobView>(201).Answers<JobView>(200).Refuses(400, 401, 403, 404, 413, 415, 422, 429, 503);
        map.MapGet(Prefix, callers.Guard(ListAsync, Audience.Administrator))
            .Describe(Tag, "Your papers, newest first", Audience.Administrator)
            .Takes(new EndpointDocs.QueryParameter("limit", "Papers on the page, 1 to 100; 50 where it is left out.", IsNumber: true))
            .Takes(new EndpointDocs.QueryParameter("after", "The \"next\" of the page before.", IsNumber: false))
            .Answers<PaperPageView>(200).Refuses(400, 401, 403);
        map.MapGet(Prefix + "/{id}", callers.Guard(GetAsync, Audience.Administrator))
            .Describe(Tag, "A paper with its questions and checks", Audience.Administrator)
            .Answers<PaperView>(200).Refuses(401, 403, 404);
        map.MapDelete(Prefix + "/{id}", callers.Guard(DeleteAsync, Audience.Administrator))
            .Describe(Tag, "Delete a paper with its pages and changes", Audience.Administrator).Refuses(401, 403, 404, 503);
        map.MapGet(Prefix + "/{id}/pages/{number}", callers.Guard(PageAsync, Audience.Administrator))
            .Describe(Tag, "The picture of a page", Audience.Administrator).AnswersFile().Refuses(401, 403, 404);
        map.MapGet(Prefix + "/{id}/export", callers.Guard(ExportAsync, Audience.Administrator))
            .Describe(Tag, "The questions as a download", Audience.Administrator)
            .Takes(new EndpointDocs.QueryParameter("format", "json, the default, or csv.", IsNumber: false))
            .AnswersFile().Refuses(400, 401, 403, 404);
        map.MapPost(Prefix + "/{id}/again", callers.Guard(AgainAsync, Audience.Administrator))
            .Describe(Tag, "Read the paper anew; what people changed stays", Audience.Administrator)
            .Answers<JobView>(201).Refuses(401, 403, 404, 429, 503);
        MapReview(map);
    }

    async Task ListAsync(HttpContext context, Caller caller)
    {
        var query = context.Request.Query;
        long? before = null;
        if (JobEndpoints.ReadNumber(query["limit"], PageDefault, 1, PageMax) is not { } limit)
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest($"limit is a whole number from 1 to {PageMax}."));
            return;
        }

        if (query["after"].ToString() is { Length: > 0 } after)
        {
            if (!cursors.TryRead(caller.User, after, out var sequence))
            {
                await Problems.WriteAsync(context, Problems.InvalidRequest("after is not the \"next\" of a page of your papers."));
                return;
            }

            before = sequence.Value;
        }

        var papers = await store.ListAsync(caller.User, before, (int)limit);
        var rows = new List<PaperRowAnswer>(papers.Count);
        foreach (var paper in papers)
        {
            if (await SummaryAsync(caller, paper) is { } summary)
                rows.Add(PaperAnswers.Row(paper, summary));
        }

        var next = papers.Count == limit ? cursors.Write(caller.User, new JobSequence(papers[^1].Sequence)) : null;
        await Answers.JsonAsync(context, 200, new PaperListAnswer(rows, next), PaperAnswers.Wire.PaperListAnswer);
    }

    /// <summary>Kept by the last change, else counted; null where the paper is gone meanwhile.</summary>
    async ValueTask<ExamSummary?> SummaryAsync(Caller caller, PaperRecord paper)
    {
        if (paper.Summary is { } kept)
            return JsonSerializer.Deserialize(kept, ExamJson.Wire.ExamSummary);
        return await store.FindAsync(caller.User, paper.Id) is { } stored ? ExamSummary.Of(PaperAnswers.Shown(stored)) : null;
    }

    async Task GetAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is { } stored)
            await AnswerAsync(context, stored);
    }

    async Task DeleteAsync(HttpContext context, Caller caller)
    {
        if (await store.DeleteAsync(caller.User, IdOf(context)))
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        else
            await Problems.WriteAsync(context, Problems.PaperNotFound(IdOf(context).Value));
    }

    async Task PageAsync(HttpContext context, Caller caller)
    {
        var number = JobEndpoints.ReadNumber(context.Request.RouteValues["number"] as string, 0, 1, PaperIntake.PicturesMax) ?? 0;
        if (await store.PageAsync(caller.User, IdOf(context), (int)number) is not { } page)
        {
            await Problems.WriteAsync(context, Problems.PaperNotFound(IdOf(context).Value, $"page {number}"));
            return;
        }

        var response = context.Response;
        response.ContentType = page.ContentType;
        response.ContentLength = page.Image.Length;
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.ContentDisposition = "inline";
        await response.Body.WriteAsync(page.Image, context.RequestAborted);
    }

    async Task ExportAsync(HttpContext context, Caller caller)
    {
        var format = context.Request.Query["format"].ToString() is { Length: > 0 } asked ? asked : "json";
        if (format is not ("json" or "csv"))
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest("format is json or csv."));
            return;
        }

        if (await FindAsync(context, caller) is not { } stored)
            return;
        var shown = PaperAnswers.Shown(stored);
        var content = format == "csv"
            ? Encoding.UTF8.GetBytes(QuestionTable.Csv(shown)) : JsonSerializer.SerializeToUtf8Bytes(shown, ExamJson.Wire.ExamPaper);
        var response = context.Response;
        response.ContentType = format == "csv" ? "text/csv; charset=utf-8" : "application/json; charset=utf-8";
        response.Headers.ContentDisposition = FileNames.Attachment($"{stored.Record.Id}-questions.{format}");
        response.ContentLength = content.Length;
        await response.Body.WriteAsync(content, context.RequestAborted);
    }

    async Task AgainAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is { } stored)
            await submission.AgainAsync(context, caller, stored.Record);
    }

    /// <summary>The caller's paper that the path names. Null means that it is none of theirs, and that this was answered.</summary>
    async ValueTask<StoredPaper?> FindAsync(HttpContext context, Caller caller)
    {
        var paper = await store.FindAsync(caller.User, IdOf(context));
        if (paper is null)
            await Problems.WriteAsync(context, Problems.PaperNotFound(IdOf(context).Value));
        return paper;
    }

    static PaperId IdOf(HttpContext context) => new(context.Request.RouteValues["id"] as string ?? "");

    static Task AnswerAsync(HttpContext context, StoredPaper stored) => Answers.JsonAsync(
        context, 200, PaperAnswers.Of(stored, PaperAnswers.Shown(stored)), PaperAnswers.Wire.PaperAnswer);
}
