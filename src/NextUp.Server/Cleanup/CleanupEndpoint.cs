using NextUp.Actors.Cleanup;
using NextUp.Client.Cleanup;
using NextUp.Client.Wire;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Cleanup;

/// <summary><c>POST /api/v1/cleanup</c>: a sweep now, for administrators; and what became of those that were.</summary>
sealed class CleanupEndpoint(ICleanupActor cleanup, Callers callers)
{
    /// <summary>Days that finished jobs may be kept; a century is as good as for ever.</summary>
    public const int RetentionDaysMax = 36_500;

    public void Map(IEndpointRouteBuilder map)
    {
        map.MapPost("/api/v1/cleanup", callers.Guard(SweepAsync, Audience.Administrator))
            .Describe("Operations", "Clear what is stuck, and delete old jobs where asked", Audience.Administrator)
            .Takes(new EndpointDocs.QueryParameter(
                "dryRun", "true changes nothing and says what would be done.", IsNumber: false))
            .Takes(new EndpointDocs.QueryParameter(
                "deleteOlderThanDays", "Delete jobs that ended longer ago; none where it is left out.", IsNumber: true))
            .Answers<CleanupView>(200).Refuses(400, 401, 403, 503);
        map.MapGet("/api/v1/operations/sweeps", callers.Guard(OutcomesAsync, Audience.Operator))
            .Describe("Operations", "What became of the last sweeps since the server's start", Audience.Operator)
            .Answers<SweepsView>(200).Refuses(401, 403);
    }

    async Task OutcomesAsync(HttpContext context, Caller caller)
    {
        var outcomes = await cleanup.OutcomesAsync();
        var view = new SweepsView(
        [
            .. outcomes.Select(outcome => new SweepView(
                outcome.At, Math.Round(outcome.Duration.TotalSeconds, 3), outcome.IsDryRun, outcome.IsPeriodic, outcome.Failed,
                outcome.LetIn, outcome.Deleted, outcome.Fault)),
        ]);
        await Answers.JsonAsync(context, 200, view, CleanupJson.Default.SweepsView);
    }

    async Task SweepAsync(HttpContext context, Caller caller)
    {
        if (Request(context.Request.Query) is not { } request)
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest(
                $"dryRun is true or false, and deleteOlderThanDays a whole number from 0 to {RetentionDaysMax}."));
            return;
        }

        var report = await cleanup.SweepAsync(request);
        await Answers.JsonAsync(context, 200, CleanupViews.Of(report), CleanupJson.Default.CleanupView);
    }

    static CleanupRequest? Request(IQueryCollection query)
    {
        var isDryRun = false;
        if (query.TryGetValue("dryRun", out var dry) && !bool.TryParse(dry, out isDryRun))
            return null;
        if (!query.TryGetValue("deleteOlderThanDays", out var given))
            return new(isDryRun, null);
        return int.TryParse(given, out var days) && days is >= 0 and <= RetentionDaysMax
            ? new(isDryRun, TimeSpan.FromDays(days))
            : null;
    }
}
