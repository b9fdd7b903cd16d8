using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.HostTests.Behaviour;
using NextUp.HostTests.Simulation;
using NextUp.Hosting.InProcess;
using NextUp.Hosting.Workers;
using NextUp.Storage.Sql;
using NextUp.Storage.Sqlite;

namespace NextUp.HostTests.InProcess;

/// <summary>The rules on the host that serves: the thread pool, and the store in a file.</summary>
public sealed class InProcessQueueBehaviour : QueueBehaviour
{
    private protected override async Task<World> OpenAsync(KindPolicy policy, QueueSettings settings)
    {
        var world = new InProcessWorld(policy, settings);
        await world.StartAsync();
        return world;
    }
}

/// <summary>The rules for workers elsewhere on the host that serves.</summary>
public sealed class InProcessLeaseBehaviour : LeaseBehaviour
{
    private protected override async Task<World> OpenAsync(KindPolicy policy, QueueSettings settings)
    {
        var world = new InProcessWorld(policy, settings);
        await world.StartAsync();
        return world;
    }
}

/// <summary>The rules on the host that serves.</summary>
public sealed class InProcessCleanupBehaviour : CleanupBehaviour
{
    private protected override async Task<World> OpenAsync(KindPolicy policy, QueueSettings settings)
    {
        var world = new InProcessWorld(policy, settings);
        await world.StartAsync();
        return world;
    }
}

class InProcessWorld(KindPolicy policy, QueueSettings settings) : World
{
    static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);
    readonly string _folder = Directory.CreateTempSubdirectory("nextup-host-").FullName;
    SqlStore? _store;
    InProcessHost? _host;
    LeaseDesk? _desk;

    public override IActorDirectory Actors => _host!;

    public override LeaseDesk Desk => _desk!;

    public override IJobStore Store => _store!;

    protected virtual SqlStore OpenStore() => SqliteStore.Open(_folder);

    public async Task StartAsync()
    {
        _store = OpenStore();
        var environment = new ActorEnvironment(Clock, new SharedRandom(1), static (_, _) => { });
        _desk = new(Runner, _store, new NoFiles(), Clock, LeaseTerm);
        _host = new(_store, new([policy]), settings, _desk, environment, cleanup: Cleanup);
        _desk.Serve(_host);
        await _host.StartAsync();
    }

    public override Task<T> BeginAnswer<T>(Func<Task<T>> call) => call();

    public override Task<T> AnswerAsync<T>(Func<Task<T>> call) => call().WaitAsync(AnswerWithin);

    /// <summary>Real time for each 100 ms of the world's: its clock must not run away from what other threads do.</summary>
    static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(1);

    public override async Task<T> AnswerInTimeAsync<T>(Func<Task<T>> call)
    {
        var answer = AnswerAsync(call);
        while (!answer.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(answer, Task.Delay(Pace, TimeProvider.System));
        }

        return await answer;
    }

    public override Task ConfigureAsync(KindPolicy policy, QueueSettings settings) =>
        _host!.ConfigureAsync([policy], settings).WaitAsync(AnswerWithin);

    /// <summary>The old host's actors lose their store under their feet, as those of a killed process lose everything.</summary>
    public override async Task CrashAsync()
    {
        _desk!.Dispose();
        _store!.Dispose();
        Runner = new();
        await StartAsync();
    }

    public override async Task RestartAsync()
    {
        await _host!.StopAsync(AnswerWithin);
        await CrashAsync();
    }

    public override ValueTask DisposeAsync()
    {
        _store!.Dispose();
        Directory.Delete(_folder, recursive: true);
        return default;
    }
}
