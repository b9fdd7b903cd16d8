using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
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

/// <summary>
/// A small mail server (RFC 5321) on a free port that keeps what it gets; with STARTTLS (RFC 3207) and AUTH LOGIN where it
/// is told to.
/// </summary>
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

    /// <summary>With it, STARTTLS is offered, and mail is taken on an encrypted connection only.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>With it, mail is taken from who has authenticated so.</summary>
    public (string User, string Password)? Login { get; init; }

    /// <summary>The commands that came unencrypted.</summary>
    public ConcurrentQueue<string> Plain { get; } = new();

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
            await SayAsync(stream, "220 test");
            if (await SessionAsync(stream, isEncrypted: false) is not SessionEnd.Encrypts)
                return;
            await SayAsync(stream, "220 go on");
            await using var encrypted = new SslStream(stream);
            await encrypted.AuthenticateAsServerAsync(Certificate!);
            await SessionAsync(encrypted, isEncrypted: true);
        }
        catch (Exception hungUp) when (hungUp is OperationCanceledException or IOException or AuthenticationException)
        {
            // The other side hung up, or does not trust us, or the test is over.
        }
    }

    enum SessionEnd
    {
        Over,
        Encrypts,
    }

    static async Task SayAsync(Stream stream, string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));

    async Task<SessionEnd> SessionAsync(Stream stream, bool isEncrypted)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        var (from, to, isKnown) = ("", new List<string>(), Login is null);
        while (await reader.ReadLineAsync(_end.Token) is { } line)
        {
            Commands.Enqueue(line);
            if (!isEncrypted)
                Plain.Enqueue(line);
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            if (verb == "QUIT")
                return SessionEnd.Over;
            if (verb == "STARTTLS" && Certificate is not null)
                return SessionEnd.Encrypts;
            var answer = "250 ok";
            if (verb == "EHLO")
                answer = Greeting(isEncrypted);
            else if (verb == "AUTH")
                answer = (isKnown = await IsKnownAsync(stream, reader, line)) ? "235 welcome" : "535 not so";
            else if (Certificate is not null && !isEncrypted)
                answer = "530 encrypt first";
            else if (!isKnown)
                answer = "530 authenticate first";
            else if (verb == "MAIL")
                from = line[10..];
            else if (verb == "RCPT")
            {
                answer = Recipient(line[8..]);
                to.Add(line[8..].Trim('<', '>'));
            }
            else if (verb == "DATA")
            {
                await SayAsync(stream, "354 go on");
                Mails.Enqueue(new ReceivedMail(from, to, await ReadAsync(reader)));
                to = [];
            }

            await SayAsync(stream, answer);
        }

        return SessionEnd.Over;
    }

    string Greeting(bool isEncrypted)
    {
        var offers = new List<string> { "250-test" };
        if (Certificate is not null && !isEncrypted)
            offers.Add("250-STARTTLS");
        if (Login is not null && (Certificate is null || isEncrypted))
            offers.Add("250-AUTH LOGIN");
        return string.Join("\r\n", offers) + "\r\n250 8BITMIME";
    }

    /// <summary>AUTH LOGIN with the name in the command, or after it.</summary>
    async Task<bool> IsKnownAsync(Stream stream, StreamReader reader, string command)
    {
        var name = command.Split(' ') is [_, _, var given] ? given : await AskAsync("VXNlcm5hbWU6");
        var password = await AskAsync("UGFzc3dvcmQ6");
        return Login is var (user, right) && Encoding.UTF8.GetString(Convert.FromBase64String(name)) == user
            && Encoding.UTF8.GetString(Convert.FromBase64String(password)) == right;

        async Task<string> AskAsync(string question)
        {
            await SayAsync(stream, "334 " + question);
            return await reader.ReadLineAsync(_end.Token) ?? "";
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
