using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace NextUp.OrleansTests.Servers;

/// <summary>The way of one server to the database, which a test can cut: connections break, and new ones are turned away.</summary>
sealed class TcpRelay : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly UnixDomainSocketEndPoint _target;
    readonly ConcurrentDictionary<Socket, Socket> _open = new();
    readonly Task _accepting;
    volatile bool _isCut;

    public TcpRelay(string unixSocket)
    {
        _target = new UnixDomainSocketEndPoint(unixSocket);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Cut()
    {
        _isCut = true;
        foreach (var (client, server) in _open)
        {
            client.Dispose();
            server.Dispose();
        }
    }

    public void Mend() => _isCut = false;

    public async ValueTask DisposeAsync()
    {
        Cut();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = RelayAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    async Task RelayAsync(Socket client)
    {
        using (client)
        using (var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            if (_isCut)
                return;
            _open[client] = server;
            try
            {
                await server.ConnectAsync(_target);
                await Task.WhenAny(CopyAsync(client, server), CopyAsync(server, client));
            }
            catch (SocketException)
            {
                // The database is away: so is the way to it.
            }
            finally
            {
                _open.TryRemove(client, out _);
            }
        }
    }

    static async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16_384];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var read)
                await to.SendAsync(buffer.AsMemory(0, read));
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            // The other direction ends with this one.
        }
    }
}
