using System.Net;
using System.Net.Sockets;
using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.HostTests.Behaviour;
using NextUp.HostTests.Simulation;
using NextUp.Hosting.InProcess;
using NextUp.Hosting.Workers;
using NextUp.Orleans.Cluster;
using Npgsql;
using NextUp.Storage.Postgres;
using NextUp.Storage.Sql;
using NextUp.Storage.Sqlite;
using NextUp.StorageTests.Postgres;

namespace NextUp.OrleansTests.Silos;

/// <summary>
/// A world of real silos in this process: one alone on a file, or several on a PostgreSQL. The test talks to the last one,
/// which owns the store only if it is the only one, so that its calls cross from silo to silo.
/// </summary>
/// <param name="isBrief">The work is said to take no time, so that it stays beside the queue.</param>
sealed class SiloWorld(KindPolicy policy, QueueSettings settings, int silos, bool isBrief) : World
{
    static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);

    /// <summary>Real time for each 100 ms of the world's: its clock must not run away from what other threads do.</summary>
    static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(3);

    readonly string _folder = Directory.CreateTempSubdirectory("nextup-silos-").FullName;
    readonly string? _connection = silos > 1 ? SharedPostgres.NewStore() : null;
    readonly string _cluster = Guid.NewGuid().ToString("n");
    readonly List<TestSilo> _silos = [];

    public override IActorDirectory Actors => _silos[^1].Host;

    public override LeaseDesk Desk => _silos[0].Desk;

    public override IJobStore Store => _silos[^1].Store;

    public IReadOnlyList<TestSilo> Silos => _silos;

    public static async Task<World> OpenAsync(KindPolicy policy, QueueSettings settings, int silos, bool isBrief = false)
    {
        var world = new SiloWorld(policy, settings, silos, isBrief);
        await world.StartAsync();
        return world;
    }

    public async Task StartAsync()
    {
        for (var i = 0; i < silos; i++)
            await AddAsync();
    }

    public async Task<TestSilo> AddAsync()
    {
        SqlStore store = _connection is null
            ? SqliteStore.Open(_folder)
            : MemberStore.Open(new PostgresStoreOptions { Connection = _connection, TakeoverAfter = TimeSpan.FromSeconds(2) });
        var silo = new TestSilo(store, _connection, _cluster, policy, settings, isBrief ? new BriefRunner(Runner) : Runner, Clock);
        _silos.Add(silo);
        await silo.StartAsync(isFirst: _silos.Count == 1);
        return silo;
    }

    /// <summary>A silo is gone, and the others are there.</summary>
    public async Task LoseAsync(TestSilo silo)
    {
        _silos.Remove(silo);
        await silo.CrashAsync();
    }

    public override Task<T> BeginAnswer<T>(Func<Task<T>> call) => call();

    public override Task<T> AnswerAsync<T>(Func<Task<T>> call) => call().WaitAsync(AnswerWithin);

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

    public override async Task ConfigureAsync(KindPolicy policy, QueueSettings settings)
    {
        foreach (var silo in _silos)
            await silo.Host.ConfigureAsync([policy], settings).WaitAsync(AnswerWithin);
    }

    public override async Task CrashAsync()
    {
        var dead = _silos.ToList();
        _silos.Clear();
        await Task.WhenAll(dead.Select(silo => silo.CrashAsync()));
        Runner = new();
        await StartAsync();
    }

    public override async Task RestartAsync()
    {
        // All of them stop: what one lets go must not begin on the next.
        await Actors.Queue.ConfigureAsync(settings with { Paused = true }).AsTask().WaitAsync(AnswerWithin);
        foreach (var silo in Enumerable.Reverse(_silos))
            await silo.Host.StopAsync(AnswerWithin);
        await CrashAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_silos.Select(silo => silo.CrashAsync()));
        NpgsqlConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>One silo with its own store, as a server has it.</summary>
sealed class TestSilo
{
    static readonly TimeSpan SeatWithin = TimeSpan.FromSeconds(60);

    public TestSilo(
        SqlStore store, string? connection, string cluster, KindPolicy policy, QueueSettings settings, IJobRunner runner,
        TimeProvider clock)
    {
        Store = store;
        var environment = new ActorEnvironment(clock, new SharedRandom(1), Told);
        Desk = new(runner, store, new NoFiles(), clock, World.LeaseTerm);
        var options = new SiloOptions
        {
            ClusterId = cluster, SiloPort = FreePort(), Connection = connection, ProbeEvery = TimeSpan.FromMilliseconds(500),
        };
        Host = new SiloHost(options, store, new([policy]), settings, Desk, environment, SiloWorldCleanup.Never);
        Desk.Serve(Host);
    }

    public SqlStore Store { get; }

    public LeaseDesk Desk { get; }

    public SiloHost Host { get; }

    public bool IsOwner => Store is not MemberStore member || member.IsOwner;

    public async Task StartAsync(bool isFirst)
    {
        await Host.StartAsync();
        if (Store is not MemberStore member)
            return;
        var owned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        member.Owned += owned.SetResult;
        member.Join(Host.Silo);
        if (isFirst)
            await owned.Task.WaitAsync(SeatWithin);
        await Host.Queue.StatusAsync().AsTask().WaitAsync(SeatWithin);
    }

    /// <summary>It ends as a killed process does: it says nothing, and its store is gone under it.</summary>
    public async Task CrashAsync()
    {
        Desk.Dispose();
        Store.Dispose();
        await Host.KillAsync();
    }

    static void Told(string what, Exception error) => TestContext.Current.SendDiagnosticMessage($"{what}: {error.Message}");

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Says that what it runs takes no time.</summary>
sealed class BriefRunner(IJobRunner runner) : IJobRunner
{
    public Task<AttemptEnd> RunAsync(JobRecord job, CancellationToken cancellationToken) => runner.RunAsync(job, cancellationToken);

    public TimeSpan? Typical(JobKind kind) => TimeSpan.Zero;
}

static class SiloWorldCleanup
{
    /// <summary>Sweeps happen when a test asks for one.</summary>
    public static readonly NextUp.Actors.Cleanup.CleanupSettings Never = new() { Interval = TimeSpan.FromDays(40) };
}
