using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Client.Operations;
using NextUp.Server.Live;
using NextUp.Server.Queue;
using NextUp.Server.Statistics;
using NextUp.Server.Users;

namespace NextUp.Server.Operations;

/// <summary>What is, for operators: the queue, what runs, the store and the machine.</summary>
sealed class OperationsEndpoints(
    IJobStore jobs, IStatisticsStore statistics, QueueViews queue, LiveFeed live, DiskSpace disk, UserMarks marks,
    Health health, Callers callers, TimeProvider clock)
{
    /// <summary>Running jobs in an answer.</summary>
    public const int RunningMax = 200;

    public void Map(IEndpointRouteBuilder map)
    {
        map.MapGet("/api/v1/operations/overview", callers.Guard(OverviewAsync, Audience.Operator))
            .Describe("Operations", "The installation as it is now", Audience.Operator)
            .Answers<OverviewView>(200).Refuses(401, 403, 503);
        map.MapGet("/api/v1/operations/health", callers.Guard(HealthAsync, Audience.Operator))
            .Describe("Operations", "What readiness depends on, and what is wrong with it", Audience.Operator)
            .Answers<HealthDetailView>(200).Answers<HealthDetailView>(503).Refuses(401, 403);
    }

    async Task HealthAsync(HttpContext context, Caller caller)
    {
        var checks = await health.CheckAsync();
        var isReady = checks.All(check => check.Ok);
        var view = new HealthDetailView(isReady ? "ready" : "not ready", checks);
        await Answers.JsonAsync(context, isReady ? 200 : 503, view, OperationsJson.Default.HealthDetailView);
    }

    async Task OverviewAsync(HttpContext context, Caller caller)
    {
        var now = clock.GetUtcNow();
        var checks = await health.CheckAsync();
        var running = await RunningAsync(now);
        var load = statistics.Load();
        var view = new OverviewView(
            now,
            await queue.ReadAsync(),
            await statistics.OldestWaitAsync(now) is { } oldest ? Seconds(now - oldest) : null,
            KindLoads(await statistics.TotalsAsync(), running),
            [.. running.OrderBy(job => job.StartedAt).Take(RunningMax).Select(job => Of(job, now))],
            new StoreView(
                checks.All(check => check.Name != "store" || check.Ok), load.Commits, load.Writes, load.Failures,
                load.Waiting, StatisticsViews.Of(load.Recent), load.DatabaseBytes, load.LogBytes),
            disk.Read(),
            live.Connections,
            [.. checks.Where(check => !check.Ok).Select(check => check.Reason!)]);
        await Answers.JsonAsync(context, 200, view, OperationsJson.Default.OverviewView);
    }

    /// <summary>All that run: there are no more than slots, so they are few.</summary>
    Task<IReadOnlyList<JobRecord>> RunningAsync(DateTimeOffset now) =>
        jobs.UnfinishedBeforeAsync(JobState.Processing, now + TimeSpan.FromDays(1), Actors.Queue.QueueSettings.SlotsMax);

    static List<KindLoadView> KindLoads(IReadOnlyList<KindFigures> totals, IReadOnlyList<JobRecord> running)
    {
        var byKind = running.CountBy(job => job.Kind).ToDictionary();
        return
        [
            .. totals.Select(kind => new KindLoadView(
                kind.Kind.Value, Unfinished(kind), byKind.GetValueOrDefault(kind.Kind), StatisticsViews.Of(kind.Figures))),
        ];
    }

    /// <summary>Jobs of before figures were kept have ends and no beginning in them.</summary>
    public static long Unfinished(KindFigures kind)
    {
        var figures = kind.Figures;
        return Math.Max(0, figures.Accepted - figures.Completed - figures.Failed - figures.Cancelled);
    }

    RunningJobView Of(JobRecord job, DateTimeOffset now) => new(
        job.Id.ToString(), job.Kind.Value, marks.Of(job.User), job.User.AccountName, job.Attempt,
        job.StartedAt ?? now, job.StartedAt is { } started ? Seconds(now - started) : 0, job.Deadline,
        job.Progress.Percent, job.Progress.Step);

    static double Seconds(TimeSpan duration) => Math.Round(Math.Max(0, duration.TotalSeconds), 3);
}
