using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace NextUp.EndToEndTests.Notices;

/// <summary>A POST as it came.</summary>
public sealed record ReceivedPost(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Id => Headers["webhook-id"];

    public JsonElement Json => JsonElement.Parse(Body);

    public string Type => Json.GetProperty("type").GetString()!;

    public string SignedText => $"{Id}.{Headers["webhook-timestamp"]}.{Encoding.UTF8.GetString(Body)}";
}

/// <summary>A receiver of webhooks on a free port that keeps what it gets, and answers as it is told.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly ConcurrentQueue<ReceivedPost> _posts;

    WebhookReceiver(WebApplication app, ConcurrentQueue<ReceivedPost> posts) => (_app, _posts) = (app, posts);

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public IReadOnlyList<ReceivedPost> Posts => [.. _posts];

    /// <param name="answer">After the post was kept; null answers 204.</param>
    public static async Task<WebhookReceiver> StartAsync(Func<HttpContext, Task>? answer = null)
    {
        var posts = new ConcurrentQueue<ReceivedPost>();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var headers = context.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            posts.Enqueue(new ReceivedPost(context.Request.Path, headers, body.ToArray()));
            context.Response.StatusCode = 204;
            if (answer is not null)
                await answer(context);
        });
        await app.StartAsync();
        return new WebhookReceiver(app, posts);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
