using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using NextUp.Actors.Store;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;
using NextUp.Storage.Postgres;
using NextUp.StorageTests.Postgres;
using Npgsql;

namespace NextUp.OrleansTests.Servers;

/// <summary>
/// Three server processes on one PostgreSQL, all of which serve. Each is killed in turn; the one that owns the store is frozen
/// for longer than the others wait, and cut off from the database, while users submit to all of them.
/// </summary>
public sealed class ClusterTests : IAsyncDisposable
{
    const int Users = 8, Servers = 3;
    const string Schema = "cluster";

    static readonly TimeSpan GoesOnWithin = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    static readonly TimeSpan FrozenFor = TimeSpan.FromSeconds(12);

    readonly PostgresServer _postgres;
    readonly TcpRelay[] _ways;
    readonly string[] _folders;
    readonly int[] _siloPorts;
    readonly ServerProcess?[] _servers = new ServerProcess?[Servers];
    readonly ConcurrentQueue<(string User, string Job)> _acknowledged = new();
    readonly List<double> _pauses = [];

    public ClusterTests()
    {
        Assert.SkipUnless(PostgresServer.Missing is null, PostgresServer.Missing ?? "");
        _postgres = PostgresServer.Start();
        var socket = Path.Combine(new NpgsqlConnectionStringBuilder(_postgres.Connection(Schema)).Host!, ".s.PGSQL.5432");
        _ways = [.. Enumerable.Range(0, Servers).Select(_ => new TcpRelay(socket))];
        _folders = [.. Enumerable.Range(0, Servers).Select(_ => Directory.CreateTempSubdirectory("nextup-cluster-").FullName)];
        _siloPorts = [.. Enumerable.Range(0, Servers).Select(_ => FreePort())];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            if (server is not null)
                await server.DisposeAsync();
        }

        foreach (var way in _ways)
            await way.DisposeAsync();
        _postgres.Dispose();
        Array.ForEach(_folders, folder => Directory.Delete(folder, recursive: true));
    }

    [Fact]
    public async Task No_job_is_lost_and_no_user_has_two_at_once_whatever_becomes_of_the_servers()
    {
        await Task.WhenAll(Enumerable.Range(0, Servers).Select(number => StartAsync(number)));
        using var enough = new CancellationTokenSource();
        var load = Enumerable.Range(0, Users).Select(user => SubmitAsync($"user-{user}", enough.Token)).ToArray();
        await AcknowledgedAsync(10);

        for (var number = 0; number < Servers; number++)
        {
            var address = _servers[number]!.Address.ToString();
            await _servers[number]!.DisposeAsync(); // kill -9
            _servers[number] = null;
            await GoesOnAsync($"server {number} killed");
            await StartAsync(number, address);
        }

        var frozen = await OwnerAsync();
        await frozen.SignalAsync("STOP");
        await GoesOnAsync("the owner of the store frozen");
        await Task.Delay(FrozenFor, TimeProvider.System);
        await frozen.SignalAsync("CONT");
        await frozen.SaysAsync("ready");
        await AcknowledgedAsync(5);

        var cut = await OwnerAsync();
        _ways[Array.IndexOf(_servers, cut)].Cut();
        await GoesOnAsync("the owner of the store cut off from the database");
        _ways[Array.IndexOf(_servers, cut)].Mend();
        await cut.SaysAsync("ready");
        await AcknowledgedAsync(10);

        await enough.CancelAsync();
        await Task.WhenAll(load);
        await AllAreOverAsync();
        foreach (var server in _servers)
            Assert.Equal(0, await server!.StopAsync());

        await CheckHistoryAsync(kills: Servers);
    }

    async Task StartAsync(int number, string? address = null)
    {
        var connection = new NpgsqlConnectionStringBuilder(_postgres.Connection(Schema))
        {
            Host = "127.0.0.1", Port = _ways[number].Port,
        };
        _servers[number] = await ServerProcess.StartAsync(
            $$$"""
            {"store": {"kind": "postgres", "connection": "{{{connection.ConnectionString}}}"},
             "cluster": {"host": "orleans", "siloPort": {{{_siloPorts[number]}}}},
             "queue": {"slots": 6}, "bibtex": {"providers": ["catalogue"]},
             "kinds": {"bibtex": {"whenBusy": "hold", "attemptsMax": 30, "crashesMax": 30, "retryDelay": "10ms"} } }
            """,
            _folders[number], address);
        await _servers[number]!.SaysAsync("ready");
    }

    /// <summary>Sends one job after the other, each to a server after the other until one has acknowledged it.</summary>
    async Task SubmitAsync(string user, CancellationToken enough)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        for (var (number, turn) = (0, user[^1] - '0'); !enough.IsCancellationRequested; turn++)
        {
            if (_servers[turn % Servers] is { } server && await TryAsync(server, user, number) is { } job)
            {
                _acknowledged.Enqueue((user, job));
                number++;
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    static async Task<string?> TryAsync(ServerProcess server, string user, int number)
    {
        try
        {
            using var client = server.Account(user);
            client.Timeout = TimeSpan.FromSeconds(3);
            client.DefaultRequestHeaders.Add("Idempotency-Key", $"{user}-{number}");
            using var form = Requests.Form().WithFile("a.bib", Requests.BibOf(1));
            using var answer = await client.PostAsync("/api/v1/jobs?kind=bibtex", form);
            return answer.IsSuccessStatusCode ? (await answer.JobAsync()).Id : null;
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException or IOException)
        {
            return null; // Not acknowledged: the same job is sent again, to another.
        }
    }

    async Task AcknowledgedAsync(int more)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        using var late = new CancellationTokenSource(Patience);
        for (var enough = _acknowledged.Count + more; _acknowledged.Count < enough;)
            await timer.WaitForNextTickAsync(late.Token);
    }

    /// <summary>Something happened; the cluster takes jobs again soon.</summary>
    async Task GoesOnAsync(string what)
    {
        var since = Stopwatch.GetTimestamp();
        await AcknowledgedAsync(1 + Users); // Of these at most one a user was under way before.
        var took = Stopwatch.GetElapsedTime(since);
        _pauses.Add(took.TotalSeconds);
        Console.WriteLine($"{what}: goes on after {took.TotalSeconds:N1} s");
    }

    async Task<ServerProcess> OwnerAsync()
    {
        await using var session = new NpgsqlConnection(_postgres.Connection(Schema));
        await session.OpenAsync();
        await using var ask = new NpgsqlCommand("SELECT address FROM store_owner", session);
        var url = new Uri(((string)(await ask.ExecuteScalarAsync())!).Split(' ')[1]);
        return _servers.Single(server => server!.Address == url)!;
    }

    async Task AllAreOverAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            using var client = _servers[0]!.Account("looker");
            using var answer = await client.GetAsync("/api/v1/queue", late.Token);
            if (answer.IsSuccessStatusCode)
            {
                var queue = JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(late.Token), WireJson.Wire.QueueView)!;
                if (queue.Waiting + queue.Held + queue.Running + queue.Delayed == 0)
                    return;
            }

            await timer.WaitForNextTickAsync(late.Token);
        }
    }

    async Task CheckHistoryAsync(int kills)
    {
        var history = new History();
        using (var store = await OpenAsync())
        {
            foreach (var user in _acknowledged.Select(job => job.User).Distinct())
                await history.ReadAsync(store, user);
        }

        foreach (var (_, job) in _acknowledged)
            history.MustHaveCompleted(job);
        history.CheckOrder();
        Console.WriteLine(
            $"cluster: {kills} kills, 1 freeze, 1 cut; {_acknowledged.Count} jobs acknowledged, {history.Jobs} stored, "
            + $"{history.MoreAttempts} attempts made again; longest pause {_pauses.Max():N1} s; {history.Violations.Count} violations");
        Assert.Empty(history.Violations);
        Assert.All(_pauses, pause => Assert.True(pause < GoesOnWithin.TotalSeconds * 3, $"It took {pause:N1} s."));
    }

    /// <summary>The database notices a moment after a server has ended that its sessions have.</summary>
    async Task<PostgresStore> OpenAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                return PostgresStore.Open(new PostgresStoreOptions { Connection = _postgres.Connection(Schema) });
            }
            catch (StoreFailedException) when (!late.IsCancellationRequested)
            {
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
