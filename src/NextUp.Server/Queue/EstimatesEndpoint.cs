using NextUp.Actors.Queue;
using NextUp.Client.Estimates;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Queue;

/// <summary><c>GET /api/v1/operations/estimates</c>: how well the estimated starts were met, for operators.</summary>
sealed class EstimatesEndpoint(LinePlaces places, Callers callers)
{
    public void Map(IEndpointRouteBuilder map) =>
        map.MapGet("/api/v1/operations/estimates", callers.Guard(ShowAsync, Audience.Operator))
            .Describe("Operations", "How well the estimated starts were met, by kind", Audience.Operator)
            .Answers<EstimatesView>(200).Refuses(401, 403, 503);

    async Task ShowAsync(HttpContext context, Caller caller)
    {
        var figures = await places.EstimatesAsync();
        EstimatesView view = new(
            [.. figures.Select(known => new KindEstimatesView(
                known.Kind.Value, known.Samples, View(known.AtFirst), View(known.Later)))],
            Estimate.P90Share, HitRate.ErrorFloor.TotalSeconds);
        await Answers.JsonAsync(context, 200, view, EstimatesJson.Default.EstimatesView);
    }

    static HitsView View(HitFigures hits) => hits.Count == 0
        ? new(0, null, 0, null, null)
        : new(hits.Count, hits.WithinP90, hits.RecentCount, hits.RecentWithinP90, hits.RecentMedianError);
}
