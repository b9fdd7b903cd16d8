using System.Diagnostics;
using System.Globalization;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Client.Wire;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Jobs;

/// <summary>A user's own jobs: seen, listed, cancelled, with their log. Someone else's job is none.</summary>
sealed class JobEndpoints(IJobStore store, Submitter submitter, JobViews views, ListCursor cursors)
{
    /// <summary>Jobs on a page, where the caller does not say.</summary>
    public const int PageDefault = 50;

    /// <summary>Jobs on a page.</summary>
    public const int PageMax = 200;

    /// <summary>Log lines in an answer.</summary>
    public const int LogLinesMax = 1_000;

    public async Task ListAsync(HttpContext context, Caller caller)
    {
        var query = context.Request.Query;
        if (ReadNumber(query["limit"], PageDefault, 1, PageMax) is not { } limit)
        {
            await Problems.WriteAsync(
                context, Problems.InvalidRequest($"limit is a whole number from 1 to {PageMax}."));
            return;
        }

        if (!TryReadState(query["state"], out var state))
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest(
                "state is pending, processing, completed, failed or cancelled."));
            return;
        }

        JobSequence? before = null;
        if (query["after"].ToString() is { Length: > 0 } after)
        {
            if (!cursors.TryRead(caller.User, after, out var sequence))
            {
                await Problems.WriteAsync(context, Problems.InvalidRequest(
                    "after is not the \"next\" of a page of your jobs. Leave it out to begin with the newest."));
                return;
            }

            before = sequence;
        }

        var listing = await store.ListAsync(caller.User, state, before, (int)limit);
        var next = listing.Next is { } last ? cursors.Write(caller.User, last) : null;
        var page = new JobPage(await views.OfAsync(listing.Jobs), next);
        await Answers.JsonAsync(context, 200, page, WireJson.Wire.JobPage);
    }

    public async Task GetAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is { } job)
            await Answers.JsonAsync(context, 200, await views.OfAsync(job), WireJson.Wire.JobView);
    }

    public async Task CancelAsync(HttpContext context, Caller caller)
    {
        var text = IdOf(context);
        CancelAnswer answer = JobId.TryParse(text, null, out var id)
            ? await submitter.CancelAsync(caller.User, id)
            : new CancelAnswer.NotFound();
        await (answer switch
        {
            CancelAnswer.Cancelled cancelled =>
                Answers.JsonAsync(context, 200, await views.OfAsync(cancelled.Job), WireJson.Wire.JobView),
            CancelAnswer.AlreadyFinished finished =>
                Problems.WriteAsync(context, Problems.JobAlreadyFinished(finished.Job)),
            CancelAnswer.NotFound => Problems.WriteAsync(context, Problems.JobNotFound(text)),
            _ => throw new UnreachableException($"{answer}"),
        });
    }

    public async Task LogAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is not { } job)
            return;

        var query = context.Request.Query;
        if (ReadNumber(query["limit"], LogLinesMax, 1, LogLinesMax) is not { } limit
            || ReadNumber(query["after"], 0, 0, long.MaxValue) is not { } after)
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest(
                $"limit is a whole number from 1 to {LogLinesMax}, after one from 0."));
            return;
        }

        var lines = await store.LogAsync(job.Sequence, after, (int)limit);
        var page = new LogPage(
            [.. lines.Select(line => new LogLineView(line.Number, line.At, line.Text))],
            lines.Count == 0 ? after : lines[^1].Number);
        await Answers.JsonAsync(context, 200, page, WireJson.Wire.LogPage);
    }

    /// <summary>
    /// The caller's job that the path names. Null means that it is none of theirs, and that this was answered.
    /// </summary>
    public async ValueTask<JobRecord?> FindAsync(HttpContext context, Caller caller)
    {
        var text = IdOf(context);
        var job = JobId.TryParse(text, null, out var id) ? await store.FindAsync(caller.User, id) : null;
        if (job is null)
            await Problems.WriteAsync(context, Problems.JobNotFound(text));

        return job;
    }

    public static string IdOf(HttpContext context) => context.Request.RouteValues["id"] as string ?? "";

    /// <summary>A number from the query, or null where it is none within the bounds.</summary>
    public static long? ReadNumber(string? text, long fallback, long min, long max)
    {
        if (string.IsNullOrEmpty(text))
            return fallback;

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max ? number : null;
    }

    /// <summary>False where the text names no state; nothing is every state.</summary>
    public static bool TryReadState(string? text, out JobState? state)
    {
        state = text switch
        {
            JobStateNames.Pending => JobState.Pending,
            JobStateNames.Processing => JobState.Processing,
            JobStateNames.Completed => JobState.Completed,
            JobStateNames.Failed => JobState.Failed,
            JobStateNames.Cancelled => JobState.Cancelled,
            _ => null,
        };
        return state is not null || string.IsNullOrEmpty(text);
    }
}
