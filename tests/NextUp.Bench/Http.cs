using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace NextUp.Bench;

/// <summary>
/// Submissions of a 20-entry .bib over loopback to a server that runs already (url=..., its queue paused, and its limits per
/// address out of the way), each by a new visitor, each durable when it is answered. A visitor costs the server more than
/// an account that is there already (a new user row, a cookie signed, the address counted), and is what a public
/// installation gets, so it is the honest caller to measure. Client and server share the machine, so the client is as small as can be:
/// the request's bytes are made once, and of the answer the status and the length are read.
/// </summary>
static class Http
{
    const int Entries = 20;
    const int AnswerBytesMax = 64 * 1024;

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var url = arguments.FirstOrDefault(argument => argument.StartsWith("url=", StringComparison.Ordinal))?["url=".Length..]
            ?? throw new ArgumentException("url=http://127.0.0.1:PORT names the server");
        var seconds = Arguments.Int(arguments, "seconds", 10);
        var warmUp = Arguments.Int(arguments, "warmup", 10);
        var callers = Arguments.Int(arguments, "callers", 64);
        var request = Request(new Uri(url), out var fileBytes);
        var watch = Stopwatch.StartNew();
        var all = await Task.WhenAll(Enumerable.Range(0, callers).Select(
            _ => CallAsync(new Uri(url), request, watch, warmUp, warmUp + seconds)));
        var times = all.SelectMany(own => own).ToArray();
        await output.WriteLineAsync(
            $"http, {callers} callers, {fileBytes:N0} B: {times.Length / (double)seconds:N0} submissions/s, "
            + $"p50 {Queue.Percentile.Of(times, 50):N1} ms, p99 {Queue.Percentile.Of(times, 99):N1} ms");
    }

    static byte[] Request(Uri url, out int fileBytes)
    {
        const string boundary = "the-end-of-a-part";
        var bib = string.Concat(Enumerable.Range(0, Entries).Select(i =>
            $"@article{{key{i},\n  author = {{Someone, A. and Other, B.}},\n  title = {{A work about the number {i}}},\n"
            + "  year = {2020}\n}\n"));
        fileBytes = bib.Length;
        var body = $"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bib\"\r\n"
            + $"Content-Type: application/x-bibtex\r\n\r\n{bib}\r\n--{boundary}--\r\n";
        return Encoding.ASCII.GetBytes(
            $"POST /api/v1/jobs HTTP/1.1\r\nHost: {url.Authority}\r\nContent-Type: multipart/form-data; boundary={boundary}\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}");
    }

    /// <summary>
    /// The times, in milliseconds, of the calls that ended between <paramref name="from"/> and <paramref name="to"/>, in
    /// seconds of the watch.
    /// </summary>
    static async Task<List<double>> CallAsync(Uri url, byte[] request, Stopwatch watch, int from, int to)
    {
        List<double> times = [];
        var answer = new byte[AnswerBytesMax];
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(url.Host, url.Port);
        while (watch.Elapsed.TotalSeconds < to)
        {
            var begun = Stopwatch.GetTimestamp();
            await socket.SendAsync(request);
            var length = 0;
            do
            {
                var read = await socket.ReceiveAsync(answer.AsMemory(length));
                if (read == 0)
                    throw new IOException("The server closed the connection.");
                length += read;
            }
            while (!IsWhole(answer.AsSpan(0, length)));
            if (watch.Elapsed.TotalSeconds >= from && watch.Elapsed.TotalSeconds < to)
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        return times;
    }

    static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        if (!answer.StartsWith("HTTP/1.1 201 "u8))
            throw new IOException($"The server answered {Encoding.UTF8.GetString(answer)}");

        var name = "Content-Length: "u8;
        var at = answer[..head].IndexOf(name);
        if (at < 0)
            return answer.EndsWith("\r\n0\r\n\r\n"u8); // in chunks
        var digits = answer[(at + name.Length)..head];
        var end = digits.IndexOf((byte)'\r');
        return answer.Length >= head + 4 + int.Parse(end < 0 ? digits : digits[..end]);
    }
}
