using System.Diagnostics;

namespace NextUp.Server.Telemetry;

/// <summary>
/// Gives each request's span the name and the fields that collectors expect: its method, route and status. The looks of
/// probes and scrapers, some a minute for as long as the server lives, are no spans.
/// </summary>
static class RequestSpans
{
    public static void Use(IApplicationBuilder application) =>
        application.Use(next => async context =>
        {
            if (IsLook(context.Request.Path) && Activity.Current is { } look)
            {
                look.IsAllDataRequested = false;
                look.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            }

            try
            {
                await next(context);
            }
            finally
            {
                if (Activity.Current is { IsAllDataRequested: true } span)
                    Name(span, context);
            }
        });

    static bool IsLook(PathString path) => path.StartsWithSegments("/health") || path.StartsWithSegments("/metrics");

    /// <summary>The route and not the path, which would name a job.</summary>
    static void Name(Activity span, HttpContext context)
    {
        var method = context.Request.Method;
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.DisplayName = route is null ? method : $"{method} {route}";
        span.SetTag("http.request.method", method).SetTag("http.route", route)
            .SetTag("http.response.status_code", context.Response.StatusCode);
    }
}
