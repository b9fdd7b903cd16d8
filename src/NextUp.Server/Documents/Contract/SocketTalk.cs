using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace NextUp.Server.Documents.Contract;

/// <summary>JSON text frames over a WebSocket: one reader, any number of writers, all of it bounded in size and time.</summary>
sealed class SocketTalk(WebSocket socket, TimeProvider clock) : IDisposable
{
    /// <summary>The longest message that a client may send, in bytes; a token fits with room to spare.</summary>
    public const int MessageBytesMax = 16 * 1024;

    /// <summary>Who does not take a message for so long is cut off.</summary>
    static readonly TimeSpan SendWithin = TimeSpan.FromSeconds(10);

    /// <summary>How long the other side may take to answer a close.</summary>
    public static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(2);

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
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
            return;
        using var late = new CancellationTokenSource(CloseWithin, clock);
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

    async Task SendAsync(byte[] message, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(SendWithin, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        await _sending.WaitAsync(either.Token);
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, either.Token);
        }
        finally
        {
            _sending.Release();
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
