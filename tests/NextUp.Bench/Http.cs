using System.Diagnostics;
using System.Text;
using NextUp.Client;
using NextUp.Client.Uploads;

namespace NextUp.Bench;

/// <summary>
/// Submissions of a 20-entry .bib over loopback to a server that runs already (url=..., its queue paused), each by a new
/// visitor, each durable when it is answered. Client and server share the machine.
/// </summary>
static class Http
{
    const int Entries = 20;

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var url = arguments.FirstOrDefault(argument => argument.StartsWith("url=", StringComparison.Ordinal))?["url=".Length..]
            ?? throw new ArgumentException("url=http://127.0.0.1:PORT names the server");
        var seconds = Arguments.Int(arguments, "seconds", 10);
        var callers = Arguments.Int(arguments, "callers", 64);
        var bib = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Entries).Select(i =>
            $"@article{{key{i},\n  author = {{Someone, A. and Other, B.}},\n  title = {{A work about the number {i}}},\n"
            + "  year = {2020}\n}\n")));
        using var handler = new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = callers };
        using var http = new HttpClient(handler) { BaseAddress = new Uri(url) };
        var client = new NextUpClient(http, null, TimeProvider.System, new Random(1));
        var watch = Stopwatch.StartNew();
        var times = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => SubmitAsync(client, bib, watch, seconds)));
        var all = times.SelectMany(own => own).ToArray();
        await output.WriteLineAsync(
            $"http, {callers} callers, {bib.Length:N0} B: {all.Length / watch.Elapsed.TotalSeconds:N0} submissions/s, "
            + $"p50 {Queue.Percentile.Of(all, 50):N1} ms, p99 {Queue.Percentile.Of(all, 99):N1} ms");
    }

    static async Task<List<double>> SubmitAsync(NextUpClient client, byte[] bib, Stopwatch watch, int seconds)
    {
        List<double> times = [];
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            var begun = Stopwatch.GetTimestamp();
            await client.SubmitAsync(Upload.OfBytes("a.bib", bib), null, CancellationToken.None);
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        return times;
    }
}
