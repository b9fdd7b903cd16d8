using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Actors.Papers;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Client.Wire;
using NextUp.Processors.Exams;
using NextUp.Processors.Exams.Containers;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;
using NextUp.Server.Queue;
using NextUp.Server.Users;

namespace NextUp.Server.Papers;

/// <summary>The exam system's own contract, so that its front end works when it is pointed here.</summary>
sealed class ContractEndpoints(
    IJobStore jobs, IPaperStore papers, PaperSubmission submission, Submitter submitter, JobViews views, LinePlaces places,
    KindPolicies policies, Callers callers)
{
    public const string Prefix = "/functions/v1";

    const string Tag = "Exam contract";

    /// <summary>Rows in an answer.</summary>
    public const int RowsMax = 200;

    /// <summary>Jobs of other kinds that are passed over for one answer.</summary>
    const int JobsReadMax = 5_000;

    const int PageJobs = 200;

    /// <summary>What a page takes before anything was measured, in seconds; the front end's own guess.</summary>
    const int SecondsPerPage = 2;

    /// <summary>Characters of a question that a row shows.</summary>
    const int PreviewLength = 100;

    public void Map(IEndpointRouteBuilder map)
    {
        RequestDelegate Guard(CallerHandler handler) =>
            callers.Guard(handler, Audience.Administrator, refuse: RefuseAsync);

        map.MapPost(Prefix + "/create-exam-paper-job", Guard(CreateAsync))
            .Describe(Tag, "Submit the pages of a paper as base64", Audience.Administrator)
            .TakesJson<JsonElement>().Answers<JsonElement>(200).Answers<JsonElement>(400);
        map.MapPost(Prefix + "/process-background-jobs", Guard(ProcessAsync))
            .Describe(Tag, "Have the next pending job run, where a slot is free", Audience.Administrator).Answers<JsonElement>(200);
        map.MapGet(Prefix + "/processing-jobs", Guard(ListAsync))
            .Describe(Tag, "Your jobs as rows, newest first", Audience.Administrator)
            .Takes(new EndpointDocs.QueryParameter("status", "pending, processing, completed, failed or cancelled.", IsNumber: false))
            .Answers<JsonElement>(200).Answers<JsonElement>(400);
        map.MapGet(Prefix + "/processing-jobs/{id}", Guard(GetAsync))
            .Describe(Tag, "A job as a row", Audience.Administrator).Answers<JsonElement>(200).Answers<JsonElement>(404);
    }

    async Task CreateAsync(HttpContext context, Caller caller)
    {
        var bytesMax = policies.Of(ExamProcessor.ExamKind).UploadBytesMax;
        PaperSubmission.Allow(context, bytesMax / 3 * 4 + (1 << 20));
        var (body, fault) = await ReadAsync(context, bytesMax);
        if (body is null)
        {
            await RefuseAsync(context, fault!);
            return;
        }

        var options = new ExamOptions(body.ExamPaperId, body.HasInsert ?? false);
        var priority = Math.Clamp(body.Priority ?? 0, 0, HeadStarts.LevelMax);
        var (upload, problem) = await submission.PackAsync(
            caller, body.Base64Images!, options, body.SyllabusId, priority, context.RequestAborted);
        if (upload is null)
        {
            await RefuseAsync(context, problem!);
            return;
        }

        var (answer, refusal) = await submitter.SubmitAsync(caller, upload, null);
        if (refusal is not null)
        {
            await RefuseAsync(context, refusal);
            return;
        }

        switch (answer)
        {
            case SubmitAnswer.Accepted { Job: var job }:
                var seconds = await SecondsAsync(job, body.Base64Images!.Count);
                await Answers.JsonAsync(
                    context, 200, new ContractCreated(true, job.Id.ToString(), "Job created successfully", seconds),
                    ExamContractJson.Default.ContractCreated);
                return;
            case SubmitAnswer.AtLimit busy:
                await RefuseAsync(context, Problems.JobLimitReached(await views.OfAsync(busy.Existing), busy.ActivePerUserMax));
                return;
            case SubmitAnswer.LaneFull full:
                await RefuseAsync(context, Problems.LaneFull(full.HeldPerUserMax));
                return;
            case var other:
                throw new UnreachableException($"{other}");
        }
    }

    static async Task<(ContractSubmission? Body, Problem? Problem)> ReadAsync(HttpContext context, long bytesMax)
    {
        try
        {
            var body = await JsonSerializer.DeserializeAsync(
                context.Request.Body, ExamContractJson.Default.ContractSubmission, context.RequestAborted);
            if (string.IsNullOrEmpty(body?.ExamPaperId) || body.Base64Images is not { Count: > 0 })
                return (null, Problems.InvalidRequest("Missing required fields: examPaperId and base64Images"));
            if (!PaperId.IsFit(body.ExamPaperId))
                return (null, Problems.UnfitPaperId());
            return body.Base64Images.Count > PaperContainer.PartsMax
                ? (null, Problems.TooManyFiles(PaperContainer.PartsMax)) : (body, null);
        }
        catch (JsonException error)
        {
            return (null, Problems.InvalidRequest($"The body is not the JSON object that is needed: {error.Message}"));
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, Problems.RequestTooLarge(bytesMax));
        }
    }

    /// <summary>The wait that is expected, and the median of what such jobs took; a guess before anything was measured.</summary>
    async ValueTask<int> SecondsAsync(JobRecord job, int pages)
    {
        var figures = (await places.EstimatesAsync()).FirstOrDefault(one => one.Kind == job.Kind);
        var view = await views.OfAsync(job);
        var work = figures?.MedianSeconds ?? pages * SecondsPerPage;
        return Math.Max(1, (int)Math.Ceiling((view.Estimate?.P50Seconds ?? 0) + work));
    }

    /// <summary>
    /// The queue runs whatever can run by itself, so there is nothing to start: the answer names the job that is next, or that
    /// was just started.
    /// </summary>
    async Task ProcessAsync(HttpContext context, Caller caller)
    {
        var waiting = await RowsAsync(caller, JobState.Pending);
        var next = waiting.OrderBy(job => job.LineKey).FirstOrDefault() ?? (await RowsAsync(caller, JobState.Processing)).FirstOrDefault();
        var answer = next is null
            ? new ContractProcessed(true, null, "No pending jobs")
            : new ContractProcessed(true, next.Id.ToString(), next.State == JobState.Processing
                ? "The job is running" : "The job is next; it runs as soon as a slot is free");
        await Answers.JsonAsync(context, 200, answer, ExamContractJson.Default.ContractProcessed);
    }

    async Task ListAsync(HttpContext context, Caller caller)
    {
        if (!JobEndpoints.TryReadState(context.Request.Query["status"], out var state))
        {
            await RefuseAsync(context, Problems.InvalidRequest("status is pending, processing, completed, failed or cancelled."));
            return;
        }

        IReadOnlyList<ContractRow> rows = [.. (await RowsAsync(caller, state)).Select(job => Row(job, null))];
        await Answers.JsonAsync(context, 200, rows, ExamRowJson.Default.IReadOnlyListContractRow);
    }

    async Task GetAsync(HttpContext context, Caller caller)
    {
        var job = JobId.TryParse(JobEndpoints.IdOf(context), null, out var id) ? await jobs.FindAsync(caller.User, id) : null;
        if (job is null || job.Kind != ExamProcessor.ExamKind)
        {
            await RefuseAsync(context, Problems.JobNotFound(JobEndpoints.IdOf(context)));
            return;
        }

        var stored = job.State == JobState.Completed ? await papers.FindAsync(caller.User, PaperIntake.PaperOf(job)) : null;
        var questions = stored?.Record.Job == job.Id
            ? PaperAnswers.Shown(stored).Questions.Select(Question).ToList() : null;
        await Answers.JsonAsync(context, 200, Row(job, questions), ExamRowJson.Default.ContractRow);
    }

    async Task<List<JobRecord>> RowsAsync(Caller caller, JobState? state)
    {
        var found = new List<JobRecord>();
        JobSequence? before = null;
        for (var read = 0; read < JobsReadMax && found.Count < RowsMax; read += PageJobs)
        {
            var page = await jobs.ListAsync(caller.User, state, before, PageJobs);
            found.AddRange(page.Jobs.Where(job => job.Kind == ExamProcessor.ExamKind));
            before = page.Next;
            if (before is null)
                break;
        }

        return found.Count > RowsMax ? found[..RowsMax] : found;
    }

    ContractRow Row(JobRecord job, IReadOnlyList<ContractQuestion>? questions) => new()
    {
        Id = job.Id.ToString(),
        Status = Problems.Name(job.State),
        Priority = job.Priority,
        ExamPaperId = PaperIntake.PaperOf(job).Value,
        ProgressPercentage = job.State == JobState.Pending ? 0 : job.Progress.Percent,
        CurrentStep = job.State == JobState.Pending ? "Queued for processing" : job.Progress.Step,
        Result = job.Summary is { } summary ? Result(summary, questions) : null,
        ErrorMessage = job.Error,
        RetryCount = job.Failures,
        MaxRetries = (policies.Find(ExamProcessor.ExamKind)?.AttemptsMax ?? 1) - 1,
        CreatedAt = job.AcceptedAt,
        StartedAt = job.StartedAt,
        CompletedAt = job.EndedAt,
        UpdatedAt = job.EndedAt ?? job.StartedAt ?? job.AcceptedAt,
        CreatedBy = job.User.AccountName ?? "",
    };

    static ContractResult? Result(string summary, IReadOnlyList<ContractQuestion>? questions)
    {
        var read = JsonSerializer.Deserialize(summary, ExamJson.Wire.ExamSummary);
        return read is null ? null : new(
            true, read.Questions, read.Tagged, read.IsCompletedWithWarnings, questions,
            read.Usage is { } usage ? new(usage.InputTokens + usage.OutputTokens, usage.Cost) : null);
    }

    static ContractQuestion Question(ExamQuestion question)
    {
        var pages = question.Regions.Select(region => region.Page).Distinct().Order().ToList();
        var text = question.Text.Length > 0 || question.Parts.Count == 0 ? question.Text : question.Parts[0].Text;
        return new(
            question.Key, pages, pages.Count, text.Length <= PreviewLength ? text : text[..PreviewLength], question.Marks);
    }

    static Task RefuseAsync(HttpContext context, Problem problem)
    {
        if (problem.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Answers.JsonAsync(
            context, problem.Status, new ContractRefusal(problem.Title, problem.Detail), ExamContractJson.Default.ContractRefusal);
    }
}
