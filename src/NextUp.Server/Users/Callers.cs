using Microsoft.Net.Http.Headers;
using NextUp.Client.Wire;
using NextUp.Server.Operations;
using NextUp.Server.Operations.Auditing;
using NextUp.Server.Users.Visitors;

namespace NextUp.Server.Users;

/// <summary>An endpoint that acts for a caller.</summary>
delegate Task CallerHandler(HttpContext context, Caller caller);

/// <summary>
/// Finds out who calls. A token (<c>Authorization: Bearer</c>, <c>Authorization: Token</c> or <c>X-API-Key</c>) speaks
/// for an account and a bad one is never ignored; else the signed cookie speaks for a visitor, or for an account that has
/// signed in, and who has neither becomes a visitor. Here, and nowhere else, it is decided whom an endpoint serves.
/// </summary>
sealed class Callers(
    Credentials credentials, VisitorCookie visitors, AccountCookie accounts, SignOuts signOuts, Addresses addresses,
    AuditTrail audit)
{
    const string ApiKeyHeader = "X-API-Key";

    /// <summary>The handler, run for whoever calls; what is not safe asks for <see cref="Scope.Account"/>.</summary>
    public RequestDelegate Guard(CallerHandler handler, Func<HttpContext, Problem, Task>? refuse = null) =>
        Guard(handler, Audience.Caller, null, refuse);

    /// <summary>
    /// The handler, run for those of the audience whose credentials have the scope, and kept from everyone else.
    /// </summary>
    /// <param name="scope">
    /// Null asks for what follows from the audience and the method: <see cref="Scope.Operate"/> of operators and
    /// administrators, <see cref="Scope.Work"/> of workers, else <see cref="Scope.Read"/> where nothing is changed and
    /// <see cref="Scope.Account"/> where something is.
    /// </param>
    /// <param name="refuse">Writes a refusal; null writes it as the API does.</param>
    public RequestDelegate Guard(
        CallerHandler handler, Audience audience, Scope? scope = null, Func<HttpContext, Problem, Task>? refuse = null)
    {
        var write = refuse ?? Problems.WriteAsync;
        Task RunAsync(HttpContext context, Caller caller)
        {
            if (!caller.Is(audience))
                return write(context, Problems.NotFor(audience));
            var needed = scope ?? UsualScope(audience, context.Request);
            if ((caller.Scopes & needed) != needed)
                return write(context, Problems.ScopeMissing(Name(needed)));
            if (audience is Audience.Operator or Audience.Administrator && IsUnsafe(context.Request))
                return audit.RunAsync(context, caller, handler);
            if (!caller.User.IsVisitor || needed != Scope.Submit)
                return handler(context, caller);

            var origin = addresses.OriginOf(context);
            return addresses.TakeUpload(origin)
                ? handler(context, caller with { Origin = origin })
                : write(context, Problems.TooManySubmissions());
        }

        Task RunForCookieAsync(HttpContext context) =>
            KnownByCookie(context) is { } known ? RunAsync(context, known)
                : addresses.TakeVisitor(addresses.OriginOf(context))
                    ? RunAsync(context, new Caller(visitors.Make(context), Role.User))
                    : write(context, Problems.TooManyVisitors());

        async Task LookAndRunForCookieAsync(HttpContext context)
        {
            await signOuts.BeCurrentAsync();
            await RunForCookieAsync(context);
        }

        return context =>
        {
            if (TokenOf(context.Request) is { } token)
                return RunForTokenAsync(context, token, RunAsync, write);

            if (IsUnsafe(context.Request) && IsFromElsewhere(context.Request))
                return write(context, Problems.CrossSiteRequest());

            return signOuts.IsCurrent || KnownByCookie(context) is not { SignIn: not null }
                ? RunForCookieAsync(context) : LookAndRunForCookieAsync(context);
        };
    }

    /// <summary>
    /// The account or visitor that the cookie speaks for, or null where it speaks for nobody, as after a sign-out that is known
    /// here.
    /// </summary>
    public Caller? KnownByCookie(HttpContext context)
    {
        var cookie = context.Request.Cookies[VisitorCookie.Name];
        return accounts.Read(cookie) is { } account
            ? account.SignIn is { } signIn && signOuts.HasEnded(signIn) ? null : account
            : visitors.Read(cookie) is { } visitor ? new Caller(visitor, Role.User) : null;
    }

    /// <summary>
    /// A page was opened: whoever has no identity yet gets one, so that the page's first calls agree on it.
    /// </summary>
    public void Welcome(HttpContext context)
    {
        if (TokenOf(context.Request) is null && KnownByCookie(context) is null
            && addresses.TakeVisitor(addresses.OriginOf(context)))
        {
            visitors.Make(context);
        }
    }

    async Task RunForTokenAsync(
        HttpContext context, string token, CallerHandler handler, Func<HttpContext, Problem, Task> write)
    {
        switch (await credentials.ReadAsync(token))
        {
            case Credential.Good good:
                await handler(context, good.Bound);
                return;
            case Credential.Unknown:
                await write(context, Problems.AuthorityUnavailable());
                return;
            default:
                context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
                await write(context, Problems.Unauthorized());
                return;
        }
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

    static Scope UsualScope(Audience audience, HttpRequest request) => audience switch
    {
        Audience.Operator or Audience.Administrator => Scope.Operate,
        Audience.Worker => Scope.Work,
        _ => IsUnsafe(request) ? Scope.Account : Scope.Read,
    };

    static string Name(Scope scope) => scope.ToString().ToLowerInvariant();

    public static bool IsUnsafe(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
            && !HttpMethods.IsOptions(request.Method);

    /// <summary>
    /// Browsers say where a request comes from; programs do not, and no page can make a program send one. A browser too
    /// old to send Sec-Fetch-Site still sends Origin with a form's POST.
    /// </summary>
    public static bool IsFromElsewhere(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
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
