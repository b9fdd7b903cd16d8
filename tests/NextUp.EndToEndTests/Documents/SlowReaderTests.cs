using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Documents;

/// <summary>A client of the contract's WebSocket that stops reading, against the real server and the real network below it.</summary>
public sealed class SlowReaderTests
{
    /// <summary>Enough messages that the two systems in between cannot hold them.</summary>
    const int Uploads = 1_000;

    /// <summary>Behind the server's patience with a message, and before the end of that with the close.</summary>
    static readonly TimeSpan ReadsOnAfter = TimeSpan.FromSeconds(15);

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Who_does_not_read_is_closed_with_4408_and_is_told_all_of_it_when_it_comes_back()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var user = server.Account("slow");
        var ids = await UploadsAsync(user);

        using (var slow = await OpenAsync(server))
        {
            // Everything is told from the first event on, and nobody reads it.
            await SayAsync(slow, Auth(user, ",\"lastEventId\":0"));
            using var waiting = new PeriodicTimer(ReadsOnAfter, TimeProvider.System);
            await waiting.WaitForNextTickAsync();
            var (told, code) = await ReadOnAsync(slow);

            Assert.Equal(4408, code);
            Assert.InRange(told.Count, 1, ids.Count - 1);
            Assert.Equal(ids.Take(told.Count), told);
        }

        await LetGoAsync(user);
        using var again = await OpenAsync(server);
        await SayAsync(again, Auth(user, ",\"lastEventId\":0"));
        Assert.Equal(ids, await JobsAsync(again, ids.Count));
    }

    [Fact]
    public async Task Who_never_reads_again_is_let_go_and_a_later_connection_misses_nothing()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var user = server.Account("slow");
        using var frozen = await OpenAsync(server);
        await SayAsync(frozen, Auth(user));
        await SayAsync(frozen, """{"type":"ping"}""");
        await frozen.ReceiveAsync(new byte[1024], CancellationToken.None);
        var ids = new List<string>();
        for (var i = 0; i < 20; i++)
            ids.Add(await user.UploadedAsync($"{i}.txt", $"Words of {i}."));

        await LetGoAsync(user);

        // It says nothing of what it saw, as the contract's own front end does.
        using var again = await OpenAsync(server);
        await SayAsync(again, Auth(user));
        Assert.Equal(ids, await JobsAsync(again, ids.Count));
    }

    /// <summary>The jobs in the order of their events.</summary>
    static async Task<IReadOnlyList<string>> UploadsAsync(HttpClient user)
    {
        await Parallel.ForAsync(0, Uploads, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancellationToken) =>
        {
            using var form = Requests.Form().WithFile($"{i}.txt", Encoding.UTF8.GetBytes($"Words of {i}."));
            using var answer = await user.PostAsync("/api/documents/upload", form, cancellationToken);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
        });
        using var socket = await OpenAsync(user.BaseAddress!);
        await SayAsync(socket, Auth(user, ",\"lastEventId\":0"));
        return await JobsAsync(socket, Uploads);
    }

    /// <summary>A connection over which the systems in between hold little, so that not reading is felt soon.</summary>
    static Task<WebSocket> OpenAsync(ServerProcess server) => OpenAsync(server.Address);

    static async Task<WebSocket> OpenAsync(Uri address)
    {
        const int Tcp = 6, SegmentBytesMax = 2;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        socket.SetRawSocketOption(Tcp, SegmentBytesMax, BitConverter.GetBytes(536));
        await socket.ConnectAsync(address.Host, address.Port);
        var stream = new NetworkStream(socket, ownsSocket: true);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /ws HTTP/1.1\r\nHost: {address.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"));
        var head = new List<byte>();
        var one = new byte[1];
        while (!head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            await stream.ReadExactlyAsync(one);
            head.Add(one[0]);
        }

        Assert.StartsWith("HTTP/1.1 101", Encoding.ASCII.GetString([.. head]), StringComparison.Ordinal);
        return WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = false });
    }

    /// <summary>The server has no connection any more: what it kept for one is free.</summary>
    static async Task LetGoAsync(HttpClient user)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        using var late = new CancellationTokenSource(Patience);
        while (!(await user.GetStringAsync("/metrics", late.Token)).Contains("nextup_live_connections 0\n", StringComparison.Ordinal))
            await timer.WaitForNextTickAsync(late.Token);
    }

    static string Auth(HttpClient user, string more = "") =>
        $$"""{"type":"auth","token":"{{user.DefaultRequestHeaders.Authorization!.Parameter}}"{{more}}}""";

    static Task SayAsync(WebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>The jobs that are told of, until there are so many.</summary>
    static async Task<IReadOnlyList<string>> JobsAsync(WebSocket socket, int count)
    {
        var told = new List<string>();
        while (told.Count < count && await HearAsync(socket) is { } job)
            told.Add(job);
        return told;
    }

    /// <summary>What lies on the way, and the code with which it ends.</summary>
    static async Task<(IReadOnlyList<string> Told, int? Code)> ReadOnAsync(WebSocket socket)
    {
        var told = await JobsAsync(socket, int.MaxValue);
        return (told, (int?)socket.CloseStatus);
    }

    /// <summary>The job of the next message; null where the server has closed.</summary>
    static async Task<string?> HearAsync(WebSocket socket)
    {
        using var late = new CancellationTokenSource(Patience);
        var buffer = new byte[4096];
        var heard = await socket.ReceiveAsync(buffer, late.Token);
        return heard.MessageType == WebSocketMessageType.Close ? null
            : JsonDocument.Parse(buffer.AsMemory(0, heard.Count)).RootElement.GetProperty("data").GetProperty("jobId").GetString();
    }
}
