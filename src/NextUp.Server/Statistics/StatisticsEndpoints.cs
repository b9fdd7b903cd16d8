using NextUp.Actors.Statistics;
using NextUp.Actors.Store;
using NextUp.Client.Operations;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Statistics;

/// <summary>
/// What was: throughput, waits and processing times, failures by cause, load by user, for operators; and the part of it
/// that everyone may know. Each answer comes of kept figures, so it takes as long with ten million finished jobs as with
/// none.
/// </summary>
sealed class StatisticsEndpoints(IStatisticsStore statistics, UserMarks marks, Callers callers, TimeProvider clock)
{
    /// <summary>Causes in an answer.</summary>
    public const int CausesMax = 100;

    /// <summary>Users in an answer.</summary>
    public const int UsersMax = 100;

    /// <summary>Fewer jobs than this would tell everyone of someone's; of so few only the count is told.</summary>
    public const int TellingJobsMin = 5;

    static readonly TimeSpan PublicSpan = TimeSpan.FromDays(7);

    /// <summary>How long an answer to everyone is given again, so that asking often costs nothing.</summary>
    static readonly TimeSpan PublicFreshness = TimeSpan.FromSeconds(5);

    Told? _told;

    sealed record Told(long At, PublicStatisticsView View);

    public void Map(IEndpointRouteBuilder map)
    {
        map.MapGet("/api/v1/statistics", callers.Guard(PublicAsync))
            .Describe("Queue", "Waits, processing times and busy hours of the last seven days", Audience.Caller)
            .Answers<PublicStatisticsView>(200).Refuses(401);
        Span(map.MapGet("/api/v1/operations/statistics", callers.Guard(StatisticsAsync, Audience.Operator))
            .Describe("Operations", "What happened to jobs, by hour or day", Audience.Operator)
            .Takes(new EndpointDocs.QueryParameter("by", "hour or day; hour where it is left out.", IsNumber: false))
            .Answers<StatisticsView>(200));
        Span(map.MapGet("/api/v1/operations/failures", callers.Guard(FailuresAsync, Audience.Operator))
            .Describe("Operations", "Failures grouped by their cause", Audience.Operator)
            .Answers<FailuresView>(200));
        Span(map.MapGet("/api/v1/operations/users", callers.Guard(UsersAsync, Audience.Operator))
            .Describe("Operations", "What users asked of the machine, without file names", Audience.Operator)
            .Answers<UserLoadsView>(200));
    }

    static void Span(EndpointDocs.RouteHandlerOrEndpoint endpoint) => endpoint
        .Takes(new EndpointDocs.QueryParameter("from", "The first hour or day, like 2026-05-04T00:00:00Z.", IsNumber: false))
        .Takes(new EndpointDocs.QueryParameter("to", "Only what begins before; now where it is left out.", IsNumber: false))
        .Takes(new EndpointDocs.QueryParameter("kind", "Only jobs of this kind.", IsNumber: false))
        .Refuses(400, 401, 403, 503);

    async Task StatisticsAsync(HttpContext context, Caller caller)
    {
        if (await QueryAsync(context, StatisticsPeriod.Hour) is not { } query)
            return;

        var periods = await statistics.PeriodsAsync(query.From, query.To, query.By, query.Kind);
        var week = await statistics.WeekHoursAsync(query.From, query.To, query.Kind);
        var kinds = StatisticsViews.ByKind(periods);
        var view = new StatisticsView(
            query.From, query.To, StatisticsViews.Name(query.By),
            StatisticsViews.Of(StatisticsViews.Sum(kinds.Select(kind => kind.Figures))),
            [.. kinds.Select(kind => new KindFiguresView(kind.Kind.Value, StatisticsViews.Of(kind.Figures)))],
            [.. periods.Select(StatisticsViews.Of)], week);
        await Answers.JsonAsync(context, 200, view, OperationsJson.Default.StatisticsView);
    }

    async Task FailuresAsync(HttpContext context, Caller caller)
    {
        if (await QueryAsync(context, StatisticsPeriod.Day) is not { } query)
            return;

        var groups = await statistics.FailuresAsync(query.From, query.To, query.Kind, CausesMax);
        var view = new FailuresView(
            query.From, query.To,
            [.. groups.Select(group => new FailureView(
                group.Kind.Value, group.Cause == FailureCause.Other ? null : group.Cause, group.Failed, group.Retried,
                group.LastAt, [.. group.Examples.Select(job => job.ToString())]))]);
        await Answers.JsonAsync(context, 200, view, OperationsJson.Default.FailuresView);
    }

    async Task UsersAsync(HttpContext context, Caller caller)
    {
        if (await QueryAsync(context, StatisticsPeriod.Day) is not { } query)
            return;

        var loads = await statistics.LoadsAsync(query.From, query.To, UsersMax);
        var view = new UserLoadsView(
            query.From, query.To,
            [.. loads.Select(load => new UserLoadView(
                marks.Of(load.User), load.User.AccountName, load.Accepted, load.Completed, load.Failed, load.Cancelled,
                Math.Round(load.Processing.TotalSeconds, 3)))]);
        await Answers.JsonAsync(context, 200, view, OperationsJson.Default.UserLoadsView);
    }

    async Task PublicAsync(HttpContext context, Caller caller)
    {
        if (_told is not { } told || clock.GetElapsedTime(told.At) > PublicFreshness)
            _told = told = new(clock.GetTimestamp(), await ReadPublicAsync());
        await Answers.JsonAsync(context, 200, told.View, OperationsJson.Default.PublicStatisticsView);
    }

    async Task<PublicStatisticsView> ReadPublicAsync()
    {
        var now = clock.GetUtcNow();
        var from = now - PublicSpan;
        var periods = await statistics.PeriodsAsync(from, now, StatisticsPeriod.Hour, null);
        var week = await statistics.WeekHoursAsync(now - StatisticsKept.Hours, now, null);
        var busiest = week.Max();
        return new PublicStatisticsView(
            from, now,
            [.. StatisticsViews.ByKind(periods).Select(kind => new PublicKindView(
                kind.Kind.Value, kind.Figures.Completed, Telling(kind.Figures.Waits), Telling(kind.Figures.Services)))],
            busiest < TellingJobsMin ? null : [.. week.Select(jobs => Math.Round((double)jobs / busiest, 2))]);
    }

    static DurationsView? Telling(DurationHistogram durations) =>
        durations.Count < TellingJobsMin ? null : StatisticsViews.Of(durations);

    async ValueTask<StatisticsQuery?> QueryAsync(HttpContext context, StatisticsPeriod otherwise)
    {
        var query = StatisticsQuery.Read(context.Request.Query, clock.GetUtcNow(), otherwise, out var fault);
        if (query is not null && (query.By == otherwise || otherwise == StatisticsPeriod.Hour))
            return query;

        await Problems.WriteAsync(context, Problems.InvalidRequest(
            query is null ? fault : "This is told by the day only; leave out by."));
        return null;
    }
}
