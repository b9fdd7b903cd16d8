using System.Net.Http.Headers;
using NextUp.Actors.Jobs;
using NextUp.Server.Operations;
using NextUp.Storage.Postgres;

namespace NextUp.Server.Cluster;

/// <summary>
/// Hands requests on to the server that owns the store, where they need what only that one has: workers and their leases, the
/// count of visitors by network address, and the kinds whose content lies beside the jobs. Everything else is answered
/// wherever it comes.
/// </summary>
sealed class PeerForwarder : IDisposable
{
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    static readonly string[] s_ownersPaths =
    [
        "/api/v1/work/", "/api/v1/operations/workers", "/api/v1/operations/overview", "/api/v1/documents", "/api/documents",
        "/api/v1/tables", "/api/v1/exams", "/functions/v1", "/api/v1/operations/sweeps",
    ];

    /// <summary>Of one connection to another; they are not the caller's business, or are made anew.</summary>
    static readonly HashSet<string> s_ownHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Proxy-Connection", "TE", "Trailer", "Host",
    };

    readonly MemberStore _store;
    readonly PeerHeader _header;
    readonly IReadOnlySet<JobKind> _anywhere;
    readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    });

    /// <param name="anywhere">Kinds whose jobs any server may take in.</param>
    public PeerForwarder(MemberStore store, PeerHeader header, IReadOnlySet<JobKind> anywhere) =>
        (_store, _header, _anywhere) = (store, header, anywhere);

    public void Use(WebApplication application) => application.Use(next => context => InvokeAsync(context, next));

    public void Dispose() => _client.Dispose();

    async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var isHandedOn = _header.TryTake(context);
        if (_store.IsOwner || !IsForOwner(context.Request))
        {
            await next(context);
            return;
        }

        // Whoever handed it on believed us to be the owner: the owner is changing.
        if (isHandedOn || _store.Owner.Address.Split(' ') is not [_, var url])
            await Problems.WriteAsync(context, Problems.StandingBy("The server that this needs is changing.", RetryAfter));
        else
            await SendOnAsync(context, new Uri(url));
    }

    bool IsForOwner(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        if (Array.Exists(s_ownersPaths, prefix => path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            return true;
        if (!HttpMethods.IsPost(request.Method))
            return false;
        if (!request.Headers.ContainsKey("Authorization") && !request.Headers.ContainsKey("X-API-Key"))
            return true;
        return path.StartsWith("/api/v1/jobs", StringComparison.OrdinalIgnoreCase) && TakesIn(path)
            && !_anywhere.Contains(new(request.Query["kind"].ToString()));
    }

    static bool TakesIn(string path) =>
        path.TrimEnd('/').Length == "/api/v1/jobs".Length || path.TrimEnd('/').EndsWith("/again", StringComparison.OrdinalIgnoreCase);

    async Task SendOnAsync(HttpContext context, Uri owner)
    {
        using var request = Request(context, owner);
        HttpResponseMessage response;
        try
        {
            response = await _client.SendAsync(request, context.RequestAborted);
        }
        catch (HttpRequestException)
        {
            await Problems.WriteAsync(context, Problems.StandingBy("The server that this needs does not answer.", RetryAfter));
            return;
        }

        using (response)
        {
            context.Response.StatusCode = (int)response.StatusCode;
            Copy(response.Headers, context.Response);
            Copy(response.Content.Headers, context.Response);
            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }

    HttpRequestMessage Request(HttpContext context, Uri owner)
    {
        var from = context.Request;
        var request = new HttpRequestMessage(
            new HttpMethod(from.Method), new Uri(owner, $"{from.PathBase}{from.Path}{from.QueryString}"));
        if (from.ContentLength is not null || from.Headers.TransferEncoding.Count > 0)
            request.Content = new StreamContent(from.Body);
        foreach (var (name, values) in from.Headers)
        {
            if (s_ownHeaders.Contains(name) || request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                continue;
            request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        request.Headers.Host = from.Host.Value;
        request.Headers.TryAddWithoutValidation(PeerHeader.Name, _header.Of(context));
        return request;
    }

    static void Copy(HttpHeaders headers, HttpResponse to)
    {
        foreach (var (name, values) in headers)
        {
            if (!s_ownHeaders.Contains(name))
                to.Headers[name] = values.ToArray();
        }
    }
}
