using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NextUp.EndToEndTests.Setup;

/// <summary>
/// A collector: takes OTLP over HTTP as protobuf and reads of it what the tests ask for. Field numbers are those of
/// opentelemetry-proto's trace.proto, logs.proto and metrics.proto.
/// </summary>
sealed class OtlpReceiver : IDisposable
{
    const int TriesMax = 20;

    readonly HttpListener _listener;
    readonly byte[] _answer;

    /// <param name="answer">Every request's answer, as JSON: it stands for another service then.</param>
    public OtlpReceiver(string? answer = null)
    {
        _answer = answer is null ? [] : Encoding.UTF8.GetBytes(answer);
        (_listener, Address) = Listen();
        _ = ReceiveAsync();
    }

    /// <summary>A span: ids in hex, the parent empty for a root.</summary>
    public sealed record Span(string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Tags);

    /// <summary>A line of the log.</summary>
    public sealed record Line(string Text, IReadOnlyDictionary<string, string> Fields);

    public Uri Address { get; }

    public ConcurrentQueue<Span> Spans { get; } = [];

    public ConcurrentQueue<Line> Lines { get; } = [];

    public ConcurrentDictionary<string, int> MetricNames { get; } = new();

    public ConcurrentBag<string?> Authorizations { get; } = [];

    public void Dispose()
    {
        _listener.Close();
    }

    /// <summary>On a free port; between finding and taking it someone else may, so it is tried again.</summary>
    static (HttpListener Listener, Uri Address) Listen()
    {
        for (var attempt = 1; ; attempt++)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}");
            probe.Stop();
            var listener = new HttpListener { Prefixes = { address.AbsoluteUri } };
            try
            {
                listener.Start();
                return (listener, address);
            }
            catch (HttpListenerException) when (attempt < TriesMax)
            {
                // Taken meanwhile.
            }
        }
    }

    async Task ReceiveAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            Authorizations.Add(context.Request.Headers["Authorization"]);
            Take(context.Request.Url!.AbsolutePath, body.ToArray());
            context.Response.ContentType = _answer.Length == 0 ? "application/x-protobuf" : "application/json";
            context.Response.Close(_answer, willBlock: false);
        }
    }

    void Take(string path, byte[] body)
    {
        // Export...ServiceRequest > Resource... (1) > Scope... (2) > item (2).
        foreach (var item in Inner(body, 1).SelectMany(resource => Inner(resource, 2)).SelectMany(scope => Inner(scope, 2)))
        {
            switch (path)
            {
                case "/v1/traces":
                    Spans.Enqueue(new(
                        Hex(item, 1), Hex(item, 2), Hex(item, 4), ProtobufReader.Text(item, 5), Attributes(item, 9)));
                    break;
                case "/v1/logs":
                    Lines.Enqueue(new(
                        ProtobufReader.Text(Inner(item, 5).FirstOrDefault(), 1), Attributes(item, 6)));
                    break;
                default:
                    MetricNames.AddOrUpdate(ProtobufReader.Text(item, 1), 1, (_, count) => count + 1);
                    break;
            }
        }
    }

    static IEnumerable<ReadOnlyMemory<byte>> Inner(ReadOnlyMemory<byte> message, int field) =>
        ProtobufReader.Fields(message).Where(one => one.Number == field && !one.Bytes.IsEmpty).Select(one => one.Bytes);

    static string Hex(ReadOnlyMemory<byte> message, int field) =>
        Convert.ToHexStringLower(Inner(message, field).FirstOrDefault().Span);

    /// <summary>KeyValue: key (1), value (2); AnyValue: string (1), or a whole number (3).</summary>
    static Dictionary<string, string> Attributes(ReadOnlyMemory<byte> message, int field)
    {
        var found = new Dictionary<string, string>();
        foreach (var pair in Inner(message, field))
        {
            var value = Inner(pair, 2).FirstOrDefault();
            var number = ProtobufReader.Fields(value).FirstOrDefault(one => one.Number == 3).Value;
            found[ProtobufReader.Text(pair, 1)] = ProtobufReader.Text(value, 1) is { Length: > 0 } text ? text : $"{number}";
        }

        return found;
    }
}
