using System.Collections.Concurrent;
using System.Net;

namespace NextUp.EndToEndTests.Setup;

/// <summary>
/// A collector: takes OTLP over HTTP as protobuf and reads of it what the tests ask for. Field numbers are those of
/// opentelemetry-proto's trace.proto, logs.proto and metrics.proto.
/// </summary>
sealed class OtlpReceiver : IDisposable
{
    readonly HttpListener _listener = new();
    readonly Task _receiving;

    public OtlpReceiver()
    {
        // Ports of the test's own choice may be taken; the next one is as good.
        for (var port = 24_318; ; port++)
        {
            Address = new Uri($"http://127.0.0.1:{port}");
            _listener.Prefixes.Clear();
            _listener.Prefixes.Add(Address.AbsoluteUri);
            try
            {
                _listener.Start();
                break;
            }
            catch (HttpListenerException) when (port < 24_418)
            {
                // Taken.
            }
        }

        _receiving = ReceiveAsync();
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
        _listener.Stop();
        _receiving.GetAwaiter().GetResult();
        _listener.Close();
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
            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
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
