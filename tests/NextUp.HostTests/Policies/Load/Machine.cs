using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Hosting.InProcess;
using NextUp.Hosting.Workers;
using NextUp.Storage.Files;
using NextUp.Storage.Sqlite;

namespace NextUp.HostTests.Policies.Load;

/// <summary>One life of the server: the real host on the real store. When it dies nothing in it answers any more.</summary>
sealed class ServerProcess : IDisposable
{
    public static readonly TimeSpan LeaseTerm = TimeSpan.FromMinutes(1);

    readonly CancellationTokenSource _death = new();
    readonly ProcessClock _clock;
    readonly WitnessStore _witness;

    public ServerProcess(string folder, Ledger ledger, TimeProvider clock, IEnumerable<KindPolicy> kinds, int number)
    {
        _clock = new(clock);
        var files = new FolderFileStore(Path.Combine(folder, "files"), _clock);
        Store = SqliteStore.Open(folder, files);
        _witness = new(Store, ledger);
        var processors = Rules.Kinds.ToDictionary(kind => kind, kind => (IJobProcessor)new ScriptedWork(kind));
        var runner = new JobRunner(_witness, files, processors, Path.Combine(folder, "work"), _clock);
        Desk = new(runner, _witness, files, _clock, LeaseTerm);
        var environment = new ActorEnvironment(
            _clock, new SharedRandom(number), (actor, error) => ledger.Rule(
                error is StoreFailedException or ActorForgottenException { InnerException: null }, "no actor meets what it does not know",
                $"{actor}: {error}"));
        Host = new(_witness, new(kinds), Rules.Queue, Desk, environment);
        Desk.Serve(Host);
    }

    public SqliteStore Store { get; }

    public LeaseDesk Desk { get; }

    public InProcessHost Host { get; }

    public CancellationToken Death => _death.Token;

    /// <summary>What was on its way to the store is stored; whoever asked is not told.</summary>
    public async Task DieAsync()
    {
        _clock.Kill();
        await _witness.KillAsync();
        await _death.CancelAsync();
        Desk.Dispose();
        Store.Dispose();
    }

    public void Dispose() => _death.Dispose();
}

/// <summary>The server as its users see it: there, away for a moment, there again.</summary>
sealed class Machine(string folder, Ledger ledger, TimeProvider clock, Func<int, IEnumerable<KindPolicy>> policies) : IDisposable
{
    static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(2);

    readonly List<ServerProcess> _processes = [];
    readonly SemaphoreSlim _change = new(1, 1);
    TaskCompletionSource<ServerProcess> _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _generation;

    public ServerProcess Process => _processes[^1];

    /// <summary>Told of each new process before it starts.</summary>
    public Action<ServerProcess>? Opened { get; set; }

    public async Task StartAsync()
    {
        var process = new ServerProcess(folder, ledger, clock, policies(_generation), _processes.Count + 1);
        _processes.Add(process);
        Opened?.Invoke(process);
        ledger.IsStopping = false;
        await process.Host.StartAsync();
        _up.SetResult(process);
    }

    /// <summary>Asks whichever process is there; false where no answer came, and nobody knows what became of it.</summary>
    public async Task<(bool IsAnswered, T? Answer)> AskAsync<T>(Func<ServerProcess, Task<T>> ask)
    {
        var process = await _up.Task;
        try
        {
            return (true, await ask(process).WaitAsync(process.Death));
        }
        catch (Exception error) when (error is StoreFailedException or ActorForgottenException or OperationCanceledException)
        {
            ledger.Count("calls without an answer");
            return (false, default);
        }
    }

    public Task CrashAsync() => ChangeAsync(async () =>
    {
        ledger.Count("crashes");
        await Process.DieAsync();
    });

    public Task RestartAsync() => ChangeAsync(async () =>
    {
        ledger.Count("restarts");
        ledger.IsStopping = true;
        Process.Desk.Stop();
        await Process.Host.StopAsync(StopTimeout);
        await Process.DieAsync();
    });

    public async Task ReloadAsync()
    {
        await _change.WaitAsync();
        ledger.Reload();
        await Process.Host.ConfigureAsync(policies(++_generation), Rules.Queue);
        _change.Release();
    }

    public async Task CloseAsync()
    {
        ledger.IsStopping = true;
        await Process.Host.StopAsync(StopTimeout);
        await Process.DieAsync();
    }

    public void Dispose()
    {
        foreach (var process in _processes)
            process.Dispose();
        _change.Dispose();
    }

    async Task ChangeAsync(Func<Task> end)
    {
        await _change.WaitAsync();
        _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await end();
        await StartAsync();
        _change.Release();
    }
}
