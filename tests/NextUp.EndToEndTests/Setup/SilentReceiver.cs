using System.Net;
using System.Net.Sockets;

namespace NextUp.EndToEndTests.Setup;

/// <summary>A service that takes every connection and never says anything: who asks it is at work until they are killed.</summary>
sealed class SilentReceiver : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public SilentReceiver() => _listener.Start(); // The system takes connections for us; nobody reads them.

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public void Dispose() => _listener.Dispose();
}
