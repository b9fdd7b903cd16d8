using NextUp.Client.Operations;
using NextUp.Hosting.Workers;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Workers;

/// <summary><c>GET /api/v1/operations/workers</c>: who works elsewhere for this server, for operators.</summary>
sealed class WorkersEndpoint(LeaseDesk desk, Callers callers)
{
    /// <summary>Workers in an answer.</summary>
    public const int WorkersMax = 1_000;

    /// <summary>Jobs named of each.</summary>
    public const int JobsMax = 100;

    public void Map(IEndpointRouteBuilder map) =>
        map.MapGet("/api/v1/operations/workers", callers.Guard(ShowAsync, Audience.Operator))
            .Describe("Operations", "Who works elsewhere for this server, and on what", Audience.Operator)
            .Answers<WorkersView>(200).Refuses(401, 403);

    Task ShowAsync(HttpContext context, Caller caller)
    {
        var workers = desk.Workers();
        var view = new WorkersView([.. workers.Take(WorkersMax).Select(Of)], workers.Count);
        return Answers.JsonAsync(context, 200, view, OperationsJson.Default.WorkersView);
    }

    static WorkerView Of(KnownWorker known)
    {
        var (worker, kinds, holds, heardAt) = known.Seat;
        return new(
            worker.Name, worker.Account, [.. kinds.Select(kind => kind.Value).Order(StringComparer.Ordinal)], holds.Count,
            [.. holds.OrderBy(job => job.StartedAt).Take(JobsMax).Select(job => job.Id.ToString())], known.Offers, heardAt);
    }
}
