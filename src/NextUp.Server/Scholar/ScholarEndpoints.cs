using System.Diagnostics;
using System.Globalization;
using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Client.Wire;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;
using NextUp.Server.Queue;
using NextUp.Server.Users;

namespace NextUp.Server.Scholar;

/// <summary>
/// The Scholar system's own contract, so that its front end works when it is pointed here: upload, status, cancel,
/// recent jobs and the resources of the whole. What concerns a job's papers is in <see cref="ScholarFiles"/>.
/// </summary>
sealed class ScholarEndpoints(
    IJobStore store, UploadReader uploads, Submitter submitter, JobViews views, MeViews me, QueueViews queue,
    TimeProvider clock)
{
    public const string Prefix = "/scholar/api/bibtex";

    /// <summary>
    /// Its front end sends other fields, too (a project, a number of workers), which mean nothing here.
    /// </summary>
    public static readonly UploadForm Form = new(["bibtex_file", "file"], 1, TakesOtherFields: true);

    const int RecentMax = 10;
    const int LogLinesRead = 1_000;

    /// <summary>
    /// Log lines in an answer, which is as many as the largest file has entries, and a few for steps.
    /// </summary>
    const int LogLinesMax = 6_000;

    public async Task UploadAsync(HttpContext context, Caller caller)
    {
        switch (await uploads.ReadAsync(context, Form))
        {
            case UploadAnswer.Refused refused:
                await ScholarAnswers.WriteAsync(context, refused.Problem);
                return;
            case UploadAnswer.Whole { Files: [Upload.Refused refused] }:
                await ScholarAnswers.WriteAsync(context, refused.Problem);
                return;
            case UploadAnswer.Whole { Files: [Upload.Fit fit] }:
                var (answer, problem) = await submitter.SubmitAsync(caller, fit, null);
                await (answer is null ? ScholarAnswers.WriteAsync(context, problem!) : AnswerAsync(context, answer));
                return;
            case var unknown:
                throw new UnreachableException($"{unknown}");
        }
    }

    async Task AnswerAsync(HttpContext context, SubmitAnswer answer)
    {
        await (answer switch
        {
            SubmitAnswer.Accepted { Job.Id: var id } => ScholarAnswers.JsonAsync(context, new ScholarUpload(
                true,
                id.ToString(),
                JobStateNames.Pending,
                "File uploaded. The job waits for its turn.",
                new($"{Prefix}/job/{id}/status/", $"{Prefix}/job/{id}/download/", $"{Prefix}/job/{id}/papers/")),
                ScholarJson.Wire.ScholarUpload),
            SubmitAnswer.AtLimit busy => ScholarAnswers.WriteAsync(
                context, Problems.JobLimitReached(await views.OfAsync(busy.Existing), busy.ActivePerUserMax)),
            SubmitAnswer.AddressFull full =>
                ScholarAnswers.WriteAsync(context, Problems.AddressLimitReached(full.VisitorsMax)),
            SubmitAnswer.SignedIn => ScholarAnswers.WriteAsync(context, Problems.VisitorSignedIn()),
            SubmitAnswer.LaneFull full => ScholarAnswers.WriteAsync(context, Problems.LaneFull(full.HeldPerUserMax)),
            SubmitAnswer.ChoiceNotAllowed choice =>
                ScholarAnswers.WriteAsync(context, Problems.ChoiceNotAllowed(choice.KindsOwn)),
            _ => throw new UnreachableException($"{answer}"),
        });
    }

    public async Task StatusAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is not { } job)
            return;

        var view = await views.OfAsync(job);
        var status = new ScholarStatus(
            view.State, view.Progress.Percent, view.Progress.Total ?? 0, view.Progress.Done, view.Progress.Failed,
            view.StartedAt, view.EndedAt, view.Error, job.State == JobState.Completed, await LogAsync(job))
        {
            JobId = view.Id,
            Filename = view.FileName,
            Position = view.Position,
        };
        await ScholarAnswers.JsonAsync(context, status, ScholarJson.Wire.ScholarStatus);
    }

    public async Task CancelAsync(HttpContext context, Caller caller)
    {
        CancelAnswer answer = JobId.TryParse(JobEndpoints.IdOf(context), null, out var id)
            ? await submitter.CancelAsync(caller.User, id)
            : new CancelAnswer.NotFound();
        await (answer switch
        {
            CancelAnswer.Cancelled => ScholarAnswers.JsonAsync(
                context, new ScholarDone(true, "Job cancelled successfully"), ScholarJson.Wire.ScholarDone),
            CancelAnswer.AlreadyFinished { Job.State: var state } => ScholarAnswers.RefuseAsync(
                context, 400, new($"Cannot cancel job with status: {Problems.Name(state)}")),
            CancelAnswer.NotFound => ScholarAnswers.WriteAsync(context, Problems.JobNotFound("")),
            _ => throw new UnreachableException($"{answer}"),
        });
    }

    public async Task RecentAsync(HttpContext context, Caller caller)
    {
        var listing = await store.ListAsync(caller.User, null, null, RecentMax);
        var recent = new ScholarRecent(true, [.. listing.Jobs.Select(job => new ScholarRecentJob(
            job.Id.ToString(), job.FileName, Problems.Name(job.State), job.Progress.Percent, job.Progress.Total ?? 0,
            job.AcceptedAt, job.EndedAt, job.State == JobState.Completed))]);
        await ScholarAnswers.JsonAsync(context, recent, ScholarJson.Wire.ScholarRecent);
    }

    /// <summary>The counts are the whole system's; the lists hold the caller's own jobs only.</summary>
    public async Task ResourcesAsync(HttpContext context, Caller caller)
    {
        var whole = await queue.ReadAsync();
        var own = (await me.ReadAsync(caller)).Active;
        ScholarActiveJob[] active = [.. own
            .Where(job => job.State == JobStateNames.Processing)
            .Select(job => new ScholarActiveJob(job.Id, "You", job.FileName, job.Progress.Percent, job.CanCancel))];
        ScholarQueuedJob[] queued = [.. own
            .Where(job => job.State == JobStateNames.Pending)
            .Select(job => new ScholarQueuedJob(job.Id, "You", job.FileName, job.Position, job.CanCancel))];
        var resources = new ScholarResources(
            new(whole.Machine.CpuPercent, whole.Machine.MemoryPercent, whole.Machine.MemoryAvailableGb),
            new(
                whole.Running + whole.RunningElsewhere, whole.Waiting + whole.Delayed + whole.Held, whole.CompletedLastHour, active, queued,
                queued.Min(job => job.Position)),
            clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        await ScholarAnswers.JsonAsync(context, resources, ScholarJson.Wire.ScholarResources);
    }

    /// <summary>
    /// The caller's job that the path names. Null means that it is none of theirs, and that this was answered.
    /// </summary>
    public async ValueTask<JobRecord?> FindAsync(HttpContext context, Caller caller)
    {
        var text = JobEndpoints.IdOf(context);
        var job = JobId.TryParse(text, null, out var id) ? await store.FindAsync(caller.User, id) : null;
        if (job is null)
            await ScholarAnswers.WriteAsync(context, Problems.JobNotFound(text));

        return job;
    }

    async ValueTask<string> LogAsync(JobRecord job)
    {
        var log = new StringBuilder();
        long after = 0;
        while (after < LogLinesMax)
        {
            var lines = await store.LogAsync(job.Sequence, after, LogLinesRead);
            foreach (var line in lines)
                log.Append(log.Length == 0 ? "" : "\n").Append(line.Text);

            if (lines.Count < LogLinesRead)
                break;
            after = lines[^1].Number;
        }

        return log.ToString();
    }
}
