using System.Diagnostics;
using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Client.Cleanup;
using NextUp.Client.Wire;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Cleanup;

/// <summary>
/// <c>/api/v1/operations/jobs</c>: operators list everybody's jobs, see what happened to one, and have it done again,
/// cancelled, set aside or discarded. And <c>POST /api/v1/jobs/{id}/retry</c>, with which users have their own done again.
/// </summary>
sealed class JobCareEndpoints(
    IActorDirectory actors, IJobStore store, UserMarks marks, ListCursor cursors, JobViews views, TimeProvider clock)
{
    const string Prefix = "/api/v1/operations/jobs";
    const string Tag = "Operations";
    const int PageDefault = 50;
    const int TriesMax = 3;

    readonly CaredJobs _cared = new(store, marks);

    public void Map(IEndpointRouteBuilder map, Callers callers)
    {
        map.MapPost("/api/v1/jobs/{id}/retry", callers.Guard(RetryOwnAsync, Audience.JobOwner, Scope.Submit))
            .Describe("Jobs", "Have a failed or cancelled job done again, within your limit", Audience.JobOwner)
            .Answers<JobView>(200).Refuses(401, 403, 404, 409, 429, 503);
        map.MapGet(Prefix, callers.Guard(ListAsync, Audience.Operator))
            .Describe(Tag, "Everybody's jobs, newest first, without file names", Audience.Operator)
            .Takes(new EndpointDocs.QueryParameter("state", "Only jobs in this state.", IsNumber: false))
            .Takes(new EndpointDocs.QueryParameter("setAside", "true lists only jobs that were set aside.", IsNumber: false))
            .Takes(new EndpointDocs.QueryParameter("limit", "Jobs on the page, 1 to 200; 50 where it is left out.", IsNumber: true))
            .Takes(new EndpointDocs.QueryParameter("after", "The \"next\" of the page before.", IsNumber: false))
            .Answers<CaredJobPage>(200).Refuses(400, 401, 403, 503);
        map.MapGet(Prefix + "/{id}", callers.Guard(ShowAsync, Audience.Operator))
            .Describe(Tag, "A job and what happened to it; error and log for administrators only", Audience.Operator)
            .Answers<CaredJobDetail>(200).Refuses(401, 403, 404, 503);
        Action("retry", "Have a failed, cancelled or set aside job done again, held where its user is busy", RetryAsync);
        Action("cancel", "Cancel anyone's job; answers when its work has stopped", CancelAsync);
        Action("set-aside", "Keep a failed or cancelled job with its evidence, whatever its retention",
            (context, job) => MarkAsync(context, job, clock.GetUtcNow(), "set aside"));
        Action("discard", "Let a job that was set aside go when its retention is over",
            (context, job) => MarkAsync(context, job, null, "discarded"));

        void Action(string name, string summary, Func<HttpContext, JobRecord, Task> act)
        {
            async Task RunAsync(HttpContext context, Caller caller)
            {
                if (await FindAsync(context) is { } job)
                    await act(context, job);
            }

            map.MapPost($"{Prefix}/{{id}}/{name}", callers.Guard(RunAsync, Audience.Operator))
                .Describe(Tag, summary, Audience.Operator)
                .Answers<CaredJobView>(200).Refuses(401, 403, 404, 409, 429, 503);
        }
    }

    async Task ListAsync(HttpContext context, Caller caller)
    {
        var query = context.Request.Query;
        JobSequence? before = null;
        if (JobEndpoints.ReadNumber(query["limit"], PageDefault, 1, CareClient.PageJobsMax) is not { } limit
            || ChoiceOf(query) is not { } choice
            || (query["after"].ToString() is { Length: > 0 } after && !TryRead(caller, after, out before)))
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest(
                $"limit is a whole number from 1 to {CareClient.PageJobsMax}; state is pending, processing, completed, failed or "
                + "cancelled; setAside is true or false, and true goes without state; after is the \"next\" of a page of yours."));
            return;
        }

        var listing = await store.ListAllAsync(choice, before, (int)limit);
        var next = listing.Next is { } last ? cursors.Write(caller.User, last) : null;
        await Answers.JsonAsync(
            context, 200, new([.. listing.Jobs.Select(_cared.Of)], next), CleanupJson.Default.CaredJobPage);
    }

    bool TryRead(Caller caller, string after, out JobSequence? before)
    {
        var isRead = cursors.TryRead(caller.User, after, out var sequence);
        before = sequence;
        return isRead;
    }

    static JobChoice? ChoiceOf(IQueryCollection query)
    {
        var isSetAside = false;
        if ((query["setAside"].ToString() is { Length: > 0 } given && !bool.TryParse(given, out isSetAside))
            || !JobEndpoints.TryReadState(query["state"], out var state) || (isSetAside && state is not null))
        {
            return null;
        }

        return isSetAside ? new JobChoice.SetAside() : state is { } one ? new JobChoice.In(one) : new JobChoice.All();
    }

    async Task ShowAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context) is { } job)
        {
            await Answers.JsonAsync(
                context, 200, await _cared.DetailAsync(job, caller.IsAdministrator), CleanupJson.Default.CaredJobDetail);
        }
    }

    async Task RetryOwnAsync(HttpContext context, Caller caller)
    {
        var text = JobEndpoints.IdOf(context);
        var isId = JobId.TryParse(text, null, out var id);
        if (isId && await store.FindAsync(caller.User, id) is { } job && await IsWithoutFilesAsync(job))
        {
            await Problems.WriteAsync(context, Problems.JobWithoutFiles());
            return;
        }

        RetryAnswer answer = isId
            ? await RetryAsync(caller.User, id, isByOperator: false)
            : new RetryAnswer.NotFound();
        if (answer is RetryAnswer.Retried retried)
            await Answers.JsonAsync(context, 200, await views.OfAsync(retried.Job), WireJson.Wire.JobView);
        else
            await Problems.WriteAsync(context, await ProblemAsync(answer, text));
    }

    async Task RetryAsync(HttpContext context, JobRecord job)
    {
        if (await IsWithoutFilesAsync(job))
        {
            await Problems.WriteAsync(context, Problems.JobWithoutFiles());
            return;
        }

        var answer = await RetryAsync(job.User, job.Id, isByOperator: true);
        if (answer is RetryAnswer.Retried retried)
            await Answers.JsonAsync(context, 200, _cared.Of(retried.Job), CleanupJson.Default.CaredJobView);
        else
            await Problems.WriteAsync(context, await ProblemAsync(answer, job.Id.ToString()));
    }

    /// <summary>Whether there is nothing to be done again. Where the files go just after this was asked, the attempt says so.</summary>
    async ValueTask<bool> IsWithoutFilesAsync(JobRecord job) =>
        job.State is JobState.Failed or JobState.Cancelled && await store.FindFileAsync(job.Sequence, FileRole.Original) is null;

    /// <remarks>An operator is never told of a limit, whose refusal would show them the user's job: theirs are held.</remarks>
    async ValueTask<Problem> ProblemAsync(RetryAnswer answer, string id) => answer switch
    {
        RetryAnswer.NotFound => Problems.JobNotFound(id),
        RetryAnswer.NotRetryable refused => Problems.JobNotRetryable(refused.Job),
        RetryAnswer.IsSetAside => Problems.JobSetAside(),
        RetryAnswer.LaneFull full => Problems.LaneFull(full.HeldPerUserMax),
        RetryAnswer.AtLimit limit =>
            Problems.JobLimitReached(await views.OfAsync(limit.Existing), limit.ActivePerUserMax),
        _ => throw new UnreachableException($"{answer}"),
    };

    /// <summary>Where an actor forgot itself meanwhile its successor is asked, and a job that waits then was put back.</summary>
    async ValueTask<RetryAnswer> RetryAsync(UserId user, JobId job, bool isByOperator)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await actors.User(user).RetryAsync(job, isByOperator);
                return attempt > 1 && answer is RetryAnswer.NotRetryable { Job: { State: JobState.Pending or JobState.Processing } back }
                    ? new RetryAnswer.Retried(back) : answer;
            }
            catch (ActorForgottenException) when (attempt < TriesMax)
            {
                // Its successor answers.
            }
        }
    }

    async Task CancelAsync(HttpContext context, JobRecord job)
    {
        switch (await CancelAsync(job))
        {
            case CancelAnswer.Cancelled cancelled:
                await Answers.JsonAsync(context, 200, _cared.Of(cancelled.Job), CleanupJson.Default.CaredJobView);
                break;
            case CancelAnswer.AlreadyFinished finished:
                await Problems.WriteAsync(context, Problems.JobAlreadyFinished(finished.Job));
                break;
            default:
                await Problems.WriteAsync(context, Problems.JobNotFound(job.Id.ToString()));
                break;
        }
    }

    async ValueTask<CancelAnswer> CancelAsync(JobRecord job)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await actors.User(job.User).CancelAsync(job.Id, JobLife.CancelledByOperator);
            }
            catch (ActorForgottenException) when (attempt < TriesMax)
            {
                // Its successor answers; to cancel twice is harmless.
            }
        }
    }

    async Task MarkAsync(HttpContext context, JobRecord job, DateTimeOffset? at, string wish)
    {
        var answer = await store.CommitAsync(new([new Change.SetAside(job.Sequence, at)]));
        if (await store.FindAsync(job.Id) is not { } now)
            await Problems.WriteAsync(context, Problems.JobNotFound(job.Id.ToString()));
        else if (answer is CommitAnswer.Committed)
            await Answers.JsonAsync(context, 200, _cared.Of(now), CleanupJson.Default.CaredJobView);
        else
            await Problems.WriteAsync(context, Problems.JobNotSetAside(now, wish));
    }

    /// <summary>The job that the path names; null where there is none, which was answered then.</summary>
    async ValueTask<JobRecord?> FindAsync(HttpContext context)
    {
        var text = JobEndpoints.IdOf(context);
        var job = JobId.TryParse(text, null, out var id) ? await store.FindAsync(id) : null;
        if (job is null)
            await Problems.WriteAsync(context, Problems.JobNotFound(text));
        return job;
    }
}
