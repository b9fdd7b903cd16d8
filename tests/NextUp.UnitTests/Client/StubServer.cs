using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NextUp.Client;
using NextUp.Client.Visitors;
using NextUp.Client.Wire;

namespace NextUp.UnitTests.Client;

/// <summary>
/// A real HTTP server on a free port that answers what a test scripts, for what the real one will not do on demand.
/// </summary>
sealed class StubServer : IAsyncDisposable
{
    public static readonly NextUpClientOptions Impatient = new()
    {
        RetryDelay = TimeSpan.FromMilliseconds(1),
        RetryDelayMax = TimeSpan.FromMilliseconds(2),
        ReconnectDelay = TimeSpan.FromMilliseconds(1),
        ReconnectDelayMax = TimeSpan.FromMilliseconds(2),
        // A broken test should say so soon.
        ReconnectFor = TimeSpan.FromSeconds(10),
    };

    readonly WebApplication _app;
    readonly List<HttpClient> _clients = [];

    StubServer(WebApplication app, ConcurrentQueue<string> requests)
    {
        _app = app;
        Requests = requests;
        Address = new(app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public Uri Address { get; }

    /// <summary>Method and path of every request, in order.</summary>
    public ConcurrentQueue<string> Requests { get; }

    public static async Task<StubServer> StartAsync(RequestDelegate answer)
    {
        var requests = new ConcurrentQueue<string>();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0")
            .ConfigureKestrel(kestrel => kestrel.Limits.MinResponseDataRate = null);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(context =>
        {
            requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
            return answer(context);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, requests);
    }

    public NextUpClient NewClient(
        string? token = null, NextUpClientOptions? options = null, VisitorCookie? visitor = null)
    {
        var http = NextUpClient.NewHttp(Address, visitor);
        _clients.Add(http);
        return new(http, token, TimeProvider.System, new Random(1), options ?? Impatient);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            client.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>What the stub says.</summary>
static class Answers
{
    public static readonly DateTimeOffset Noon = DateTimeOffset.Parse(
        "2026-11-22T12:00:00Z", CultureInfo.InvariantCulture);

    public static JobView Job(
        string id = "0190-a", string state = JobStateNames.Pending, int? position = 1, string fileName = "a.bib",
        int percent = 0, string? error = null, string step = "") => new(
        id, "bibtex", state, IsHeld: false, WaitsFor: null, fileName, 1234,
        state == JobStateNames.Pending ? position : null, state == JobStateNames.Pending ? position - 1 : null,
        Estimate: null, new(percent, percent, 100, 0, step),
        state == JobStateNames.Pending ? 0 : 1, 3, Noon, null, null, null,
        error, null, !JobStateNames.IsFinished(state),
        new($"/api/v1/jobs/{id}", $"/api/v1/jobs/{id}/cancel", $"/api/v1/jobs/{id}/original", null, null, null,
            $"/api/v1/jobs/{id}/log"));

    public static QueueView Queue { get; } = new(4, 1, 2, 3, 0, 5, false, null, new(10, 20, 3.5));

    public static MeView Me(long lastEvent = 0, params IReadOnlyList<JobView> active) =>
        new(new("visitor", null), false, active, lastEvent);

    public static Problem Problem(int status, string code, string detail, JobView? existing = null) =>
        new($"urn:nextup:problem:{code}", code, status, detail, code) { ExistingJob = existing };

    public static Task JsonAsync(this HttpContext context, JobView job, int status = 200) =>
        context.TextAsync(JsonSerializer.Serialize(job, WireJson.Wire.JobView), status, "application/json");

    public static Task ProblemAsync(this HttpContext context, Problem problem) => context.TextAsync(
        JsonSerializer.Serialize(problem, WireJson.Wire.Problem), problem.Status,
        NextUp.Client.Wire.Problem.ContentType);

    public static Task TextAsync(
        this HttpContext context, string text, int status = 200, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text, Encoding.UTF8, context.RequestAborted);
    }

    public static async Task TellAsync(this HttpContext context, string type, string json, long? id = null)
    {
        if (!context.Response.HasStarted)
            context.Response.ContentType = "text/event-stream";
        var number = id is null ? "" : $"id: {id}\n";
        await context.Response.WriteAsync($"event: {type}\n{number}data: {json}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    public static Task TellSnapshotAsync(
        this HttpContext context, long lastEvent, params IReadOnlyList<JobView> active) =>
        context.TellAsync(
            LiveEventNames.Snapshot,
            JsonSerializer.Serialize(new(Me(lastEvent, active), Queue, lastEvent), WireJson.Wire.SnapshotEvent),
            lastEvent);

    public static Task TellJobAsync(this HttpContext context, long number, string type, JobView job) =>
        context.TellAsync(
        LiveEventNames.Job,
        JsonSerializer.Serialize(new(number, type, Noon, null, job), WireJson.Wire.JobChangedEvent), number);

    public static Task TellProgressAsync(
        this HttpContext context, JobView job, params IReadOnlyList<LogLineView> lines) =>
        context.TellAsync(
            LiveEventNames.Progress, JsonSerializer.Serialize(new(job, lines), WireJson.Wire.JobProgressEvent));

    public static Task TellPositionAsync(this HttpContext context, string id, int position) => context.TellAsync(
        LiveEventNames.Position,
        JsonSerializer.Serialize(new([new(id, position, position - 1, null)]), WireJson.Wire.PositionsEvent));

    /// <summary>Nothing more until the client goes away.</summary>
    public static async Task StayOpenAsync(this HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }
}
