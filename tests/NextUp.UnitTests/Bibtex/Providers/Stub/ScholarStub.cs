using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace NextUp.ScholarStubs;

/// <summary>
/// The five scholarly services on loopback, in the shapes, with the headers and the oddities that the true ones were
/// recorded with. Each has its own path: <c>/crossref/</c>, <c>/openalex/</c>, <c>/semantic-scholar/</c>,
/// <c>/datacite/</c>, <c>/arxiv/</c>. Faults are queued for a service and met by its next requests, in order.
/// </summary>
public sealed class ScholarStub : IAsyncDisposable
{
    readonly WebApplication _server;
    readonly ConcurrentDictionary<string, ConcurrentQueue<StubFault>> _faults = new();
    readonly ConcurrentQueue<StubRequest> _requests = new();
    readonly SemaphoreSlim _arrived = new(0);
    readonly ConcurrentDictionary<string, int> _running = new();
    readonly ConcurrentDictionary<string, int> _runningMost = new();

    ScholarStub(WebApplication server, IReadOnlyList<StubWork> works)
    {
        _server = server;
        Works = works;
    }

    public IReadOnlyList<StubWork> Works { get; }

    /// <summary>All requests so far, oldest first.</summary>
    public IReadOnlyList<StubRequest> Requests => [.. _requests];

    public static async Task<ScholarStub> StartAsync(params IReadOnlyList<StubWork> works)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.AddServerHeader = false;
        });
        var server = builder.Build();
        var stub = new ScholarStub(server, works);
        server.Run(stub.HandleAsync);
        await server.StartAsync();
        return stub;
    }

    /// <summary>Where a service answers, for example <c>http://127.0.0.1:40000/crossref/</c>.</summary>
    public Uri Address(string service)
    {
        var addresses = _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        return new($"{addresses!.Addresses.Single()}/{service}/");
    }

    /// <summary>The next requests to this service meet these faults, one each.</summary>
    public void Next(string service, params IReadOnlyList<StubFault> faults)
    {
        foreach (var fault in faults)
            _faults.GetOrAdd(service, _ => new()).Enqueue(fault);
    }

    /// <summary>How many requests to this service ran at once at most.</summary>
    public int RunningMost(string service) => _runningMost.GetValueOrDefault(service);

    public IReadOnlyList<StubRequest> RequestsTo(string service) => [.. _requests.Where(one => one.Service == service)];

    /// <summary>Ends when so many requests have come in.</summary>
    public async Task ArrivedAsync(int requests)
    {
        while (_requests.Count < requests)
            await _arrived.WaitAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    async Task HandleAsync(HttpContext context)
    {
        var service = context.Request.Path.Value!.Split('/')[1];
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var raw = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        _requests.Enqueue(new(
            service, context.Request.Method, raw, body,
            context.Request.Headers.ToDictionary(
                one => one.Key, one => one.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        _arrived.Release();
        var running = _running.AddOrUpdate(service, 1, (_, count) => count + 1);
        _runningMost.AddOrUpdate(service, running, (_, most) => Math.Max(most, running));
        try
        {
            StubAnswer Right() => StubAnswers.Answer(service, context.Request, raw, body, Works);
            if (_faults.TryGetValue(service, out var faults) && faults.TryDequeue(out var fault))
                await MeetAsync(context, fault, Right);
            else
                await SendAsync(context, Right());
        }
        catch (OperationCanceledException)
        {
            // The caller went away, which is what a test of timeouts is about.
        }
        finally
        {
            _running.AddOrUpdate(service, 0, (_, count) => count - 1);
        }
    }

    static async Task MeetAsync(HttpContext context, StubFault fault, Func<StubAnswer> right)
    {
        switch (fault)
        {
            case StubFault.Status status:
                foreach (var (name, value) in status.Headers)
                    context.Response.Headers[name] = value;
                await SendAsync(context, new(status.Code, status.Text, status.ContentType));
                break;
            case StubFault.TooMany busy:
                if (busy.RetryAfter is { } retryAfter)
                    context.Response.Headers.RetryAfter = retryAfter;
                await SendAsync(context,
                    new(429, """{"message":"Too Many Requests","code":"429"}""", "application/json"));
                break;
            case StubFault.Body whole:
                context.Response.ContentType = whole.ContentType;
                await context.Response.Body.WriteAsync(whole.Bytes, context.RequestAborted);
                break;
            case StubFault.Oversized oversized:
                await SendMuchAsync(context, oversized.Bytes);
                break;
            case StubFault.Truncated:
                var bytes = Encoding.UTF8.GetBytes(right().Body);
                context.Response.ContentType = "application/json";
                context.Response.ContentLength = bytes.Length;
                await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                context.Abort();
                break;
            case StubFault.Slow slow:
                await slow.Until.WaitAsync(context.RequestAborted);
                await SendAsync(context, right());
                break;
            case StubFault.HangUp:
                context.Abort();
                break;
            case StubFault.Redirect redirect:
                context.Response.StatusCode = redirect.Code;
                context.Response.Headers.Location = redirect.To;
                break;
        }
    }

    static async Task SendMuchAsync(HttpContext context, long bytes)
    {
        context.Response.ContentType = "application/json";
        var chunk = new byte[64 << 10];
        Array.Fill(chunk, (byte)' ');
        for (var sent = 0L; sent < bytes; sent += chunk.Length)
            await context.Response.Body.WriteAsync(chunk.AsMemory(0, (int)Math.Min(chunk.Length, bytes - sent)),
                context.RequestAborted);
    }

    static async Task SendAsync(HttpContext context, StubAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        foreach (var (name, value) in answer.Headers)
            context.Response.Headers[name] = value;
        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }
}

/// <param name="Target">Path and query as they were on the wire.</param>
public sealed record StubRequest(
    string Service, string Method, string Target, string Body, IReadOnlyDictionary<string, string> Headers);

/// <summary>What a service says.</summary>
public sealed record StubAnswer(int Status, string Body, string ContentType = "application/json")
{
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}
