using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NextUp.EndToEndTests.Notices;

/// <summary>A mail as it came over the wire.</summary>
/// <param name="Text">Headers and body, as sent.</param>
public sealed record ReceivedMail(string From, IReadOnlyList<string> To, string Text)
{
    /// <summary>A header's value with its folded lines joined; null without one.</summary>
    public string? Header(string name)
    {
        var head = Text.Split("\r\n\r\n")[0].Replace("\r\n ", " ", StringComparison.Ordinal)
            .Replace("\r\n\t", " ", StringComparison.Ordinal);
        return head.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?
            [(name.Length + 2)..];
    }

    /// <summary>The body, decoded.</summary>
    public string Body
    {
        get
        {
            var body = Text[(Text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
            return Header("Content-Transfer-Encoding") switch
            {
                "base64" => Encoding.UTF8.GetString(Convert.FromBase64String(body.Replace("\r\n", "", StringComparison.Ordinal))),
                "quoted-printable" => Unquoted(body),
                _ => body,
            };
        }
    }

    static string Unquoted(string text)
    {
        var bytes = new List<byte>();
        text = text.Replace("=\r\n", "", StringComparison.Ordinal);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '=' && at + 2 < text.Length)
            {
                bytes.Add(Convert.ToByte(text.Substring(at + 1, 2), 16));
                at += 2;
            }
            else
            {
                bytes.Add((byte)text[at]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}

/// <summary>A small mail server (RFC 5321) on a free port that keeps what it gets.</summary>
public sealed class SmtpReceiver : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _end = new();
    readonly Task _accepting;

    public SmtpReceiver()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<ReceivedMail> Mails { get; } = new();

    /// <summary>What it says to a recipient.</summary>
    public Func<string, string> Recipient { get; set; } = _ => "250 ok";

    /// <summary>Every command it was told.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = TalkAsync(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    async Task TalkAsync(TcpClient client)
    {
        using var ended = client;
        try
        {
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1);
            await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 test");
            var (from, to) = ("", new List<string>());
            while (await reader.ReadLineAsync(_end.Token) is { } line)
            {
                Commands.Enqueue(line);
                if (line.StartsWith("MAIL FROM:", StringComparison.OrdinalIgnoreCase))
                    from = line[10..];
                if (line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase))
                    return;
                var answer = "250 ok";
                if (line.StartsWith("RCPT TO:", StringComparison.OrdinalIgnoreCase))
                {
                    answer = Recipient(line[8..]);
                    to.Add(line[8..].Trim('<', '>'));
                }

                if (line.Equals("DATA", StringComparison.OrdinalIgnoreCase))
                {
                    await writer.WriteLineAsync("354 go on");
                    Mails.Enqueue(new ReceivedMail(from, to, await ReadAsync(reader)));
                    to = [];
                }

                await writer.WriteLineAsync(answer);
            }
        }
        catch (Exception hungUp) when (hungUp is OperationCanceledException or IOException)
        {
            // The other side hung up, or the test is over.
        }
    }

    async Task<string> ReadAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_end.Token) is { } line && line != ".")
            text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        return text.ToString();
    }
}
