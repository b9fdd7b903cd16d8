using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NextUp.UnitTests.Exams;

/// <summary>A model on this machine's loopback that does what a test tells it: request after request, one answer each.</summary>
sealed class ModelStub : IAsyncDisposable
{
    const int TriesMax = 100;

    readonly HttpListener _listener;
    readonly Task _serving;
    readonly ConcurrentQueue<Func<HttpListenerContext, JsonNode, Task>> _answers = new();

    public ModelStub()
    {
        (_listener, Endpoint) = Listen();
        _serving = ServeAsync();
    }

    public Uri Endpoint { get; }

    /// <summary>The listener takes no port 0, and a port that was free a moment ago may be taken.</summary>
    static (HttpListener Listener, Uri Endpoint) Listen()
    {
        for (var tries = 1; ; tries++)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var port = ((IPEndPoint)probe.LocalEndpoint).Port;
            probe.Stop();
            var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
            try
            {
                listener.Start();
                return (listener, new Uri($"http://127.0.0.1:{port}/v1"));
            }
            catch (HttpListenerException) when (tries < TriesMax)
            {
                // Another one.
            }
        }
    }

    /// <summary>What was asked, in order.</summary>
    public ConcurrentQueue<JsonNode> Asked { get; } = new();

    /// <summary>The next answer that nobody has got yet.</summary>
    public ModelStub Then(Func<HttpListenerContext, JsonNode, Task> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    public ModelStub ThenSays(Func<JsonNode, string> content, string finish = "stop") => Then((context, asked) => SendAsync(
        context, 200,
        new JsonObject
        {
            ["choices"] = new JsonArray(new JsonObject
            {
                ["finish_reason"] = finish, ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = content(asked) },
            }),
            ["usage"] = new JsonObject { ["prompt_tokens"] = 1_000, ["completion_tokens"] = 100 },
        }.ToJsonString()));

    public ModelStub ThenFails(int status, string body = "{}", string? retryAfter = null) => Then((context, _) =>
    {
        if (retryAfter is not null)
            context.Response.Headers["Retry-After"] = retryAfter;
        return SendAsync(context, status, body);
    });

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var asked = (await JsonNode.ParseAsync(context.Request.InputStream))!;
            Asked.Enqueue(asked);
            if (_answers.TryDequeue(out var answer))
                await answer(context, asked);
            else
                await SendAsync(context, 500, JsonSerializer.Serialize(new { error = new { message = "the test has no more answers" } }));
        }
    }

    static async Task SendAsync(HttpListenerContext context, int status, string body)
    {
        try
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
            context.Response.Close();
        }
        catch (HttpListenerException)
        {
            // Whoever asked has hung up.
        }
    }
}
