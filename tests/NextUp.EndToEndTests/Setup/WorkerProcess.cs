using System.Diagnostics;

namespace NextUp.EndToEndTests.Setup;

/// <summary>A worker as a process of its own: ours, or one of the samples.</summary>
sealed class WorkerProcess : IAsyncDisposable
{
    static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(60);
    readonly Process _process;
    readonly Task<string> _error;

    WorkerProcess(Process process)
    {
        _process = process;
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _error = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    public static WorkerProcess Start(ServerProcess server, string folder, params string[] arguments) => Run(
        server, "dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "nextup.dll"), "work", "--server", server.Address.ToString(), "--data", folder,
            .. arguments,
        ]);

    public static WorkerProcess Run(ServerProcess server, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NEXTUP_TOKEN"] = server.WorkerToken();
        start.Environment["NEXTUP_SERVER"] = server.Address.ToString().TrimEnd('/');
        return new(Process.Start(start)!);
    }

    /// <summary>STOP freezes it, CONT lets it go on, TERM asks it to end, KILL ends it.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(CancellationToken.None);
    }

    public async Task<(int ExitCode, string Error)> EndAsync()
    {
        using var late = new CancellationTokenSource(EndWithin);
        await _process.WaitForExitAsync(late.Token);
        return (_process.ExitCode, await _error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}
