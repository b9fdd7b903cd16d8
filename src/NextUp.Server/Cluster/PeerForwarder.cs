using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http.Features;
using NextUp.Server.Operations;
using NextUp.Storage.Postgres;

namespace NextUp.Server.Cluster;

/// <summary>
/// Hands requests on to the server that owns the store, where they need what only that one has: workers and their leases, and the
/// count of visitors by network address. Everything else is answered wherever it comes.
/// </summary>
sealed class PeerForwarder : IDisposable
{
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    static readonly string[] s_ownersPaths =
        ["/api/v1/work/", "/api/v1/operations/workers", "/api/v1/operations/overview"];

    /// <summary>Of one connection to another; they are not the caller's business, or are made anew.</summary>
    static readonly HashSet<string> s_ownHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Proxy-Connection", "TE", "Trailer", "Host",
    };

    readonly MemberStore _store;
    readonly PeerHeader _header;
    readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    });

    public PeerForwarder(MemberStore store, PeerHeader header) => (_store, _header) = (store, header);

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
        if (isHandedOn || OwnersUrl() is not { } owner)
            await Problems.WriteAsync(context, Problems.StandingBy("The server that this needs is changing.", RetryAfter));
        else
            await SendOnAsync(context, owner);
    }

    static bool IsForOwner(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        if (Array.Exists(s_ownersPaths, prefix => path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            return true;
        return HttpMethods.IsPost(request.Method)
            && !request.Headers.ContainsKey("Authorization") && !request.Headers.ContainsKey("X-API-Key");
    }

    async Task SendOnAsync(HttpContext context, Uri owner)
    {
        // How large it may be is said by the one that takes it.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);

        // One that is frozen, or cut off, never answers: once another owns the store nobody waits for it any more.
        await using var look = TimeProvider.System.CreateTimer(_ => EndUnlessOwner(owner, over), null, LookEvery, LookEvery);
        try
        {
            using var request = Request(context, owner);
            using var response = await _client.SendAsync(request, over.Token);
            context.Response.StatusCode = (int)response.StatusCode;
            Copy(response.Headers, context.Response);
            Copy(response.Content.Headers, context.Response);
            await response.Content.CopyToAsync(context.Response.Body, over.Token);
        }
        catch (Exception lost) when (
            lost is HttpRequestException or OperationCanceledException or (IOException and not BadHttpRequestException)
            && !context.RequestAborted.IsCancellationRequested)
        {
            if (context.Response.HasStarted)
            {
                context.Abort(); // So that nobody takes the part that came for all of it.
                return;
            }

            context.Response.Clear();
            SecurityHeaders.Set(context.Response);
            await Problems.WriteAsync(context, Problems.StandingBy("The server that this needs does not answer.", RetryAfter));
        }
    }

    void EndUnlessOwner(Uri owner, CancellationTokenSource waiting)
    {
        if (_store.IsOwner || OwnersUrl() is not { } now || now != owner)
            waiting.Cancel();
    }

    Uri? OwnersUrl() => _store.Owner.Address.Split(' ') is [_, var url] ? new Uri(url) : null;

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
