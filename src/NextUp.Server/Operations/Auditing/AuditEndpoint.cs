using NextUp.Actors.Store;
using NextUp.Client.Wire;
using NextUp.Server.Steering;
using NextUp.Server.Users;

namespace NextUp.Server.Operations.Auditing;

/// <summary><c>GET /api/v1/operations/audit</c>: what operators and administrators did, for administrators.</summary>
sealed class AuditEndpoint(IAccountStore store, Callers callers)
{
    /// <summary>Entries on a page.</summary>
    public const int PageMax = 200;

    public void Map(IEndpointRouteBuilder map) =>
        map.MapGet("/api/v1/operations/audit", callers.Guard(ListAsync, Audience.Administrator))
            .Describe("Operations", "What operators and administrators did, newest first", Audience.Administrator)
            .Takes(new EndpointDocs.QueryParameter("after", "The \"next\" of the page before.", IsNumber: false))
            .Answers<AuditPage>(200).Refuses(400, 401, 403);

    async Task ListAsync(HttpContext context, Caller caller)
    {
        Guid? before = null;
        if (context.Request.Query["after"].ToString() is { Length: > 0 } after)
        {
            if (!Guid.TryParse(after, out var id))
            {
                await Problems.WriteAsync(context, Problems.InvalidRequest(
                    "after is not the \"next\" of a page. Leave it out to begin with the newest."));
                return;
            }

            before = id;
        }

        var entries = await store.AuditAsync(before, PageMax + 1);
        var page = entries.Take(PageMax).ToList();
        await Answers.JsonAsync(
            context, 200, new AuditPage(
                [.. page.Select(ViewOf)], entries.Count > PageMax ? page[^1].Id.ToString() : null), WireJson.Wire.AuditPage);
    }

    static AuditEntryView ViewOf(AuditEntry entry) => new(
        entry.Id.ToString(), entry.At, entry.Actor.AccountName ?? entry.Actor.Value, entry.Role, entry.Action,
        SteeringEndpoints.PausedBy(entry) ?? entry.Target, entry.Outcome, entry.Address, entry.Note);
}
