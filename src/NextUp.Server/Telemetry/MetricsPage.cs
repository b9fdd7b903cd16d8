using System.Net;
using System.Text;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Telemetry;

/// <summary>Who may read <c>/metrics</c>. There are only counts on it, of the whole system.</summary>
enum MetricsAudience
{
    /// <summary>Programs on this machine that came without a proxy, and operators.</summary>
    ThisMachine = 0,

    Operators = 1,

    Everyone = 2,
}

/// <summary><c>GET /metrics</c>, for Prometheus.</summary>
sealed class MetricsPage(Metrics metrics, MetricsAudience audience, Callers callers)
{
    public void Map(IEndpointRouteBuilder map)
    {
        var forOperators = callers.Guard((context, _) => WriteAsync(context), Audience.Operator);
        map.MapGet("/metrics", context => IsOpenTo(context) ? WriteAsync(context) : forOperators(context))
            .Describe(
                "Operations", "Everything that is measured, in Prometheus' text format",
                audience == MetricsAudience.Operators ? Audience.Operator : Audience.Everyone)
            .Answers<string>(200, "text/plain").Refuses(401, 403);
    }

    bool IsOpenTo(HttpContext context) => audience switch
    {
        MetricsAudience.Everyone => true,
        MetricsAudience.ThisMachine => IsFromHere(context) && !IsForwarded(context.Request.Headers),
        _ => false,
    };

    /// <summary>In a test without a network there is no address at all.</summary>
    static bool IsFromHere(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);

    /// <summary>A proxy on this machine speaks for someone elsewhere.</summary>
    static bool IsForwarded(IHeaderDictionary headers) =>
        headers.ContainsKey("X-Forwarded-For") || headers.ContainsKey("Forwarded") || headers.ContainsKey("X-Real-IP")
            || headers.ContainsKey("Via");

    async Task WriteAsync(HttpContext context)
    {
        var page = Encoding.UTF8.GetBytes(MetricsText.Write(await metrics.ReadAsync()));
        context.Response.ContentType = MetricsText.ContentType;
        context.Response.ContentLength = page.Length;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(page, context.RequestAborted);
    }
}
