using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace NextUp.UnitTests.Documents.Embedding;

/// <summary>
/// A stand-in for an embedding service, on this machine: makes small vectors of its own, and misbehaves as it is told. The
/// first number of a vector is the text's length, so that who mixes up an order is found out.
/// </summary>
public sealed class EmbeddingStub : IAsyncDisposable
{
    readonly WebApplication _application;
    readonly ConcurrentQueue<Func<HttpContext, Asked, Task>> _scripted = new();

    EmbeddingStub(WebApplication application) => _application = application;

    /// <summary>One request as it came in.</summary>
    public sealed record Asked(string Model, IReadOnlyList<string> Texts, string? Authorization);

    public ConcurrentQueue<Asked> Requests { get; } = new();

    /// <summary>Numbers in each vector.</summary>
    public int Dimension { get; set; } = 8;

    /// <summary>What every request meets that nothing was scripted for; null answers well.</summary>
    public Func<HttpContext, Asked, Task>? Always { get; set; }

    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features
        .Get<IServerAddressesFeature>()!.Addresses.First() + "/v1");

    public static async Task<EmbeddingStub> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        var application = builder.Build();
        var stub = new EmbeddingStub(application);
        application.UseRouting();
        application.MapPost("/v1/embeddings", stub.TakeAsync);
        await application.StartAsync();
        return stub;
    }

    /// <summary>What the next request meets that nothing else is scripted for.</summary>
    public EmbeddingStub Next(Func<HttpContext, Asked, Task> what)
    {
        _scripted.Enqueue(what);
        return this;
    }

    public static Func<HttpContext, Asked, Task> Refuses(int status, string body, string? retryAfter = null) =>
        async (context, _) =>
        {
            context.Response.StatusCode = status;
            if (retryAfter is not null)
                context.Response.Headers.RetryAfter = retryAfter;
            await context.Response.WriteAsync(body);
        };

    /// <summary>Sends half of a good answer and breaks off.</summary>
    public Func<HttpContext, Asked, Task> Truncates() => async (context, asked) =>
    {
        var whole = Encoding.UTF8.GetBytes(Answer(asked.Texts.Select(VectorOf)));
        await context.Response.Body.WriteAsync(whole.AsMemory(0, whole.Length / 2));
    };

    /// <summary>Answers with vectors of one's own.</summary>
    public static Func<HttpContext, Asked, Task> Says(Func<Asked, IEnumerable<string>> vectors) =>
        (context, asked) => context.Response.WriteAsync(Answer(vectors(asked)));

    /// <summary>Takes the request and says nothing until the asker is gone.</summary>
    public static Func<HttpContext, Asked, Task> IsSilent() =>
        (context, _) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
            .ContinueWith(_ => { }, TaskScheduler.Default);

    public string VectorOf(string text)
    {
        var numbers = new List<string> { text.Length.ToString(CultureInfo.InvariantCulture) };
        for (var i = 1; i < Dimension; i++)
            numbers.Add((text.Count(letter => letter % Dimension == i) + 1).ToString(CultureInfo.InvariantCulture));
        return "[" + string.Join(',', numbers) + "]";
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    static string Answer(IEnumerable<string> vectors) =>
        "{\"object\":\"list\",\"data\":["
        + string.Join(',', vectors.Select((vector, i) => $"{{\"object\":\"embedding\",\"index\":{i},\"embedding\":{vector}}}"))
        + "],\"model\":\"stub\",\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1}}";

    async Task TakeAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var asked = new Asked(
            body.RootElement.GetProperty("model").GetString()!,
            [.. body.RootElement.GetProperty("input").EnumerateArray().Select(text => text.GetString()!)],
            context.Request.Headers.Authorization);
        Requests.Enqueue(asked);
        context.Response.ContentType = "application/json";
        if (_scripted.TryDequeue(out var what))
            await what(context, asked);
        else if (Always is { } always)
            await always(context, asked);
        else
            await context.Response.WriteAsync(Answer(asked.Texts.Select(VectorOf)));
    }
}
