using Microsoft.Net.Http.Headers;
using NextUp.Server.Operations;

namespace NextUp.Server.Users;

/// <summary>An endpoint that acts for a caller.</summary>
delegate Task CallerHandler(HttpContext context, Caller caller);

/// <summary>
/// Finds out who calls. A token (<c>Authorization: Bearer</c>, <c>Authorization: Token</c> or <c>X-API-Key</c>) speaks
/// for an account and a bad one is never ignored; else the signed cookie speaks for a visitor, and who has neither
/// becomes one.
/// </summary>
sealed class Callers(TokenReader tokens, VisitorCookie visitors)
{
    const string ApiKeyHeader = "X-API-Key";

    /// <summary>The handler, run for whoever calls, and kept from those who may not.</summary>
    public RequestDelegate Guard(CallerHandler handler, Func<HttpContext, Client.Wire.Problem, Task>? refuse = null)
    {
        var write = refuse ?? Problems.WriteAsync;
        return context =>
        {
            if (TokenOf(context.Request) is { } token)
                return RunForTokenAsync(context, token, handler, write);

            if (IsUnsafe(context.Request) && IsFromElsewhere(context.Request))
                return write(context, Problems.CrossSiteRequest());

            var visitor = visitors.Read(context.Request.Cookies[VisitorCookie.Name]) ?? visitors.Make(context);
            return handler(context, new Caller(visitor, IsAdministrator: false));
        };
    }

    /// <summary>
    /// A page was opened: whoever has no identity yet gets one, so that the page's first calls agree on it.
    /// </summary>
    public void Welcome(HttpContext context)
    {
        if (TokenOf(context.Request) is null && visitors.Read(context.Request.Cookies[VisitorCookie.Name]) is null)
            visitors.Make(context);
    }

    async Task RunForTokenAsync(
        HttpContext context, string token, CallerHandler handler, Func<HttpContext, Client.Wire.Problem, Task> write)
    {
        if (await tokens.ReadAsync(token) is { } caller)
        {
            await handler(context, caller);
            return;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        await write(context, Problems.Unauthorized());
    }

    /// <summary>
    /// The token sent, empty where a header for one has no usable value; null where there is no such header.
    /// </summary>
    static string? TokenOf(HttpRequest request)
    {
        var authorization = request.Headers.Authorization;
        if (authorization.Count == 0)
            return request.Headers.TryGetValue(ApiKeyHeader, out var key) ? key.ToString() : null;

        var value = authorization.ToString();
        foreach (var scheme in (ReadOnlySpan<string>)["Bearer ", "Token "])
        {
            if (value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
                return value[scheme.Length..].Trim();
        }

        return "";
    }

    static bool IsUnsafe(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
            && !HttpMethods.IsOptions(request.Method);

    /// <summary>
    /// Browsers say where a request comes from; programs do not, and no page can make a program send one. A browser too
    /// old to send Sec-Fetch-Site still sends Origin with a form's POST.
    /// </summary>
    static bool IsFromElsewhere(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site")
            return true;

        var origin = request.Headers[HeaderNames.Origin].ToString();
        return origin.Length > 0
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var from)
                && string.Equals(
                    from.Authority, WithoutUsualPort(request.Host.Value, from), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Origin leaves out a scheme's usual port; a Host header may not.</summary>
    static string WithoutUsualPort(string? host, Uri origin) =>
        origin.IsDefaultPort && host is not null && host.EndsWith(":" + origin.Port, StringComparison.Ordinal)
            ? host[..host.LastIndexOf(':')] : host ?? "";
}
