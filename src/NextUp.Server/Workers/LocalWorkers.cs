using System.Diagnostics;
using System.Globalization;
using NextUp.Actors.Workers;
using NextUp.Processors.Remote;
using NextUp.Server.Jobs;
using NextUp.Server.Settings;
using NextUp.Server.Users;

namespace NextUp.Server.Workers;

/// <summary>
/// The worker processes that the server starts beside itself (<c>workers.local</c>): the command <c>work</c>, with a heap
/// that cannot grow past its limit. One that ends is started anew, later and later while it ends soon; what it had is given
/// on at once, because the new one comes under a higher incarnation. Work that does not stop when its time is up ends its
/// process, and so does work that takes memory beside the heap: the runtime bounds its own heap and nothing else, so what
/// they hold is looked at several times a second, with that of the programs that they started. They end with the server:
/// their input is closed, or their parent is gone, which is the same to them.
/// </summary>
sealed partial class LocalWorkers(ServeOptions options, Composition composition, string address, ILogger<LocalWorkers> logger)
    : IAsyncDisposable
{
    /// <summary>Whose tokens they show.</summary>
    const string Account = "workers.local";

    /// <summary>A process that lives so long is well; the next start is not delayed.</summary>
    static readonly TimeSpan WellAfter = TimeSpan.FromMinutes(1);

    static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);
    static readonly TimeSpan RestartDelayMax = TimeSpan.FromMinutes(1);
    static readonly TimeSpan TokenLife = TimeSpan.FromDays(365);

    /// <summary>How long running jobs may take to finish when the server stops; and how much longer a process may.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5), EndWithin = TimeSpan.FromSeconds(3);

    /// <summary>
    /// What a process may hold beside <c>workers.localMemoryBytesMax</c>, which is the work's: the program, its code that was
    /// compiled, and what the collector keeps in hand. Idle it is some 60 MB.
    /// </summary>
    public const long ProgramBytes = 192L << 20;

    /// <summary>How often their memory is looked at; between two looks a process may pass its limit.</summary>
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    readonly CancellationTokenSource _stopping = new();
    Task[] _keeping = [];

    WorkersSettings Settings => composition.Settings.Workers;

    /// <summary>Starts them, where the settings ask for some.</summary>
    public void Start()
    {
        var kinds = string.Join(',', composition.Kinds.Where(IsOurs).Select(kind => kind.Kind.Value));
        _keeping = [.. Enumerable.Range(1, kinds.Length == 0 ? 0 : Settings.Local).Select(number => KeepAsync($"local-{number}", kinds))];
    }

    /// <summary>Ends them: what runs may finish for a while, the rest is handed back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_keeping);
        _stopping.Dispose();
    }

    bool IsOurs(OfferedKind kind) =>
        composition.Settings.Kinds.Of(kind.Kind).WorkedBy != WorkedBy.Here && kind.Processor is not LentProcessor;

    async Task KeepAsync(string name, string kinds)
    {
        var delay = RestartDelay;
        while (!_stopping.IsCancellationRequested)
        {
            var since = composition.Clock.GetTimestamp();
            try
            {
                Ended(name, await RunAsync(name, kinds));
            }
            catch (Exception unusable) when (unusable is System.ComponentModel.Win32Exception or IOException)
            {
                NotStarted(name, unusable.Message);
            }

            if (composition.Clock.GetElapsedTime(since) > WellAfter)
                delay = RestartDelay;
            try
            {
                await Task.Delay(delay, composition.Clock, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            delay = delay * 2 < RestartDelayMax ? delay * 2 : RestartDelayMax;
        }
    }

    async Task<int> RunAsync(string name, string kinds)
    {
        using var process = Process.Start(StartOf(name, kinds))!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += (_, line) => Said(name, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var over = new CancellationTokenSource();
        var watching = WatchMemoryAsync(process, name, over.Token);
        try
        {
            await process.WaitForExitAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            process.StandardInput.Close();
            await EndAsync(process);
        }

        await over.CancelAsync();
        await watching;
        return process.ExitCode;
    }

    /// <summary>Ends the process once it holds more than it may.</summary>
    async Task WatchMemoryAsync(Process process, string name, CancellationToken over)
    {
        var limit = Settings.LocalMemoryBytesMax + ProgramBytes;
        using var looks = new PeriodicTimer(LookEvery, composition.Clock);
        try
        {
            while (await looks.WaitForNextTickAsync(over))
            {
                var held = ResidentMemory.OfTree(process);
                if (held <= limit)
                    continue;
                TookTooMuch(name, held, limit);
                process.Kill(entireProcessTree: true);
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // It has ended.
        }
    }

    async Task EndAsync(Process process)
    {
        using var late = new CancellationTokenSource(Grace + EndWithin, composition.Clock);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    ProcessStartInfo StartOf(string name, string kinds)
    {
        var program = Environment.ProcessPath ?? "nextup";
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(typeof(LocalWorkers).Assembly.Location);
        string[] words =
        [
            "work", "--beside", "--server", address, "--name", name, "--kinds", kinds, "--data", composition.DataFolder,
            "--slots", Text(Settings.LocalSlots), "--grace", Text((int)Grace.TotalSeconds),
            .. options.ConfigFile is { } file ? (string[])["--config", file] : [],
        ];
        foreach (var word in words)
            start.ArgumentList.Add(word);
        // What was set on our own command line counts for them, too; the environment is theirs by itself.
        foreach (var assignment in options.Assignments)
        {
            if (assignment.Split('=', 2) is [var key, var value])
                start.Environment["NEXTUP__" + key.Trim().Replace(".", "__", StringComparison.Ordinal)] = value;
        }

        start.Environment["NEXTUP_TOKEN"] =
            new TokenIssuer(composition.DataFolder, composition.Clock).Issue(Account, Role.Worker, TokenLife);
        start.Environment["DOTNET_GCHeapHardLimit"] = Settings.LocalMemoryBytesMax.ToString("x", CultureInfo.InvariantCulture);
        return start;
    }

    /// <summary>Where a process of this machine reaches a server that listens at <paramref name="listening"/>.</summary>
    public static string AddressOf(string listening)
    {
        var anywhere = listening.Replace("://[::]", "://localhost", StringComparison.Ordinal)
            .Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal);
        return anywhere.Replace("://+", "://localhost", StringComparison.Ordinal).Replace("://*", "://localhost", StringComparison.Ordinal);
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    void Said(string name, string? line)
    {
        if (!string.IsNullOrWhiteSpace(line))
            WorkerSaid(name, line);
    }

    void Ended(string name, int exitCode)
    {
        if (!_stopping.IsCancellationRequested)
            WorkerEnded(name, exitCode);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The worker {Name} ended with exit code {ExitCode}; it is started anew")]
    partial void WorkerEnded(string name, int exitCode);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The worker {Name} held {Held} bytes of memory, more than {Limit} (workers.localMemoryBytesMax); it is ended")]
    partial void TookTooMuch(string name, long held, long limit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The worker {Name} says: {Line}")]
    partial void WorkerSaid(string name, string line);

    [LoggerMessage(Level = LogLevel.Error, Message = "The worker {Name} could not be started: {Reason}")]
    partial void NotStarted(string name, string reason);
}
