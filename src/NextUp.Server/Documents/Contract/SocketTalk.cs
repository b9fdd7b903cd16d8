using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace NextUp.Server.Documents.Contract;

/// <summary>JSON text frames over a WebSocket: one reader, any number of writers, all of it bounded in size and time.</summary>
sealed class SocketTalk(WebSocket socket, TimeProvider clock) : IDisposable
{
    /// <summary>The longest message that a client may send, in bytes; a token fits with room to spare.</summary>
    public const int MessageBytesMax = 16 * 1024;

    /// <summary>Who does not take a message for so long does not read.</summary>
    public static readonly TimeSpan SendWithin = TimeSpan.FromSeconds(10);

    /// <summary>How long the other side may take to answer a close.</summary>
    public static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(2);

    /// <summary>How long who does not read may take to begin again and be told why this ends; nothing else is sent by then.</summary>
    public static readonly TimeSpan SlowCloseWithin = TimeSpan.FromSeconds(10);

    static readonly byte[] s_pong = [.. "{\"type\":\"pong\"}"u8];

    readonly SemaphoreSlim _sending = new(1, 1);
    readonly byte[] _received = new byte[MessageBytesMax];

    /// <summary>The next message; null where the connection is closed, by either side. What is no message has no type.</summary>
    public async Task<SocketMessage?> ReceiveAsync(CancellationToken cancellationToken)
    {
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(_received.AsMemory(length), cancellationToken);
            length += part.Count;
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await CloseAsync((int)WebSocketCloseStatus.NormalClosure, "");
                return null;
            }

            if (part.MessageType == WebSocketMessageType.Binary || (length == MessageBytesMax && !part.EndOfMessage))
            {
                await (part.MessageType == WebSocketMessageType.Binary
                    ? CloseAsync(SocketCodes.WrongKind, "messages are JSON text")
                    : CloseAsync(SocketCodes.TooLarge, $"a message has at most {MessageBytesMax} bytes"));
                return null;
            }

            if (part.EndOfMessage)
                return Read(_received.AsSpan(0, length));
        }
    }

    public Task PongAsync(CancellationToken cancellationToken) => SendAsync(s_pong, cancellationToken);

    public Task SendAsync<T>(T message, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(JsonSerializer.SerializeToUtf8Bytes(message, type), cancellationToken);

    /// <summary>Says why and closes; the other side may take a moment to answer.</summary>
    public async Task CloseAsync(int code, string reason)
    {
        var within = code == SocketCodes.TooSlow ? SlowCloseWithin : CloseWithin;
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
            return;
        using var late = new CancellationTokenSource(within, clock);
        try
        {
            await socket.CloseOutputAsync((WebSocketCloseStatus)code, reason, late.Token);
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            socket.Abort();
        }
    }

    public void Abort() => socket.Abort();

    public void Dispose() => _sending.Dispose();

    /// <summary>Throws <see cref="TimeoutException"/> where the other side does not read; the connection can be closed then.</summary>
    async Task SendAsync(byte[] message, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken).WaitAsync(SendWithin, clock, cancellationToken);
        // A send that is broken off ends the connection without a word. So it is let be, and nothing is sent behind it but
        // the close.
        var sent = socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        try
        {
            await sent.WaitAsync(SendWithin, clock, cancellationToken);
            _sending.Release();
        }
        catch (TimeoutException)
        {
            _ = sent.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }
    }

    static SocketMessage Read(ReadOnlySpan<byte> message)
    {
        try
        {
            return JsonSerializer.Deserialize(message, ContractJson.Wire.SocketMessage) ?? new SocketMessage(null);
        }
        catch (JsonException)
        {
            return new SocketMessage(null);
        }
    }
}
