using System.Runtime.InteropServices;

namespace NextUp.Server.Standby;

/// <summary>Ctrl+C and SIGTERM, from the first moment to the last: the process ends when everything is closed, not before.</summary>
sealed class StopSignals : IDisposable
{
    readonly CancellationTokenSource _asked;
    readonly PosixSignalRegistration[] _registrations;

    public StopSignals(CancellationToken stop)
    {
        _asked = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask),

            // Settings are read again by a server that serves; one that stands by reads them when it begins.
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, static signal => signal.Cancel = true),
        ];
    }

    public CancellationToken Asked => _asked.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _asked.Dispose();
    }

    void Ask(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _asked.Cancel();
    }
}

/// <summary>Signals are <see cref="StopSignals"/>' business; the host's usual lifetime would print and stop by itself.</summary>
sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
