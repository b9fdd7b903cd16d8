using NextUp.Actors.Jobs;
using NextUp.Client.Wire;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Jobs;

/// <summary><c>GET /api/v1/kinds</c>: what can be submitted, and what the caller may ask for with it.</summary>
sealed class KindsEndpoint(Callers callers, JobKinds kinds)
{
    public void Map(IEndpointRouteBuilder map) =>
        map.MapGet("/api/v1/kinds", callers.Guard(ListAsync))
            .Describe("Jobs", "What can be submitted, and what you may ask for with it", Audience.Caller)
            .Answers<KindList>(200).Refuses(401);

    Task ListAsync(HttpContext context, Caller caller) => Answers.JsonAsync(
        context, 200,
        new KindList([.. kinds.NamesFor(caller).Select(kind => ViewOf(kinds.Find(kind.Value)!, caller))]),
        WireJson.Wire.KindList);

    KindView ViewOf(OfferedKind kind, Caller caller)
    {
        var policy = kinds.PolicyOf(kind);
        return new KindView(
            kind.Kind.Value, policy.WhenBusy == WhenBusy.Hold ? "hold" : "refuse", policy.CallerMayChoose, policy.ActivePerUserMax,
            caller.IsOperator ? HeadStarts.LevelMax : policy.HeadStarts.PriorityMax, policy.UploadBytesMax);
    }
}
