using System.Globalization;
using NextUp.Actors.Store;
using NextUp.EndToEndTests.Setup;
using NextUp.OrleansTests.Silos;
using NextUp.Storage.Postgres;
using NextUp.StorageTests.Postgres;
using Npgsql;

namespace NextUp.OrleansTests.Servers;

/// <summary>Server processes on one PostgreSQL, each with a way of its own to it, which can be cut.</summary>
sealed class TestCluster : IAsyncDisposable
{
    const string Schema = "cluster";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly PostgresServer _postgres = PostgresServer.Start();
    readonly string _settings;
    readonly TcpRelay[] _ways;
    readonly string[] _folders;
    readonly int[] _siloPorts;
    readonly string?[] _addresses;
    readonly ServerProcess?[] _servers;

    /// <param name="settings">What each server's settings have beside the store and the cluster.</param>
    public TestCluster(int servers, string settings)
    {
        _settings = settings;
        var socket = Path.Combine(new NpgsqlConnectionStringBuilder(Connection).Host!, ".s.PGSQL.5432");
        var numbers = Enumerable.Range(0, servers);
        _ways = [.. numbers.Select(_ => new TcpRelay(socket))];
        _folders = [.. numbers.Select(_ => Directory.CreateTempSubdirectory("nextup-cluster-").FullName)];
        _siloPorts = [.. numbers.Select(_ => SiloPorts.Next())];
        (_addresses, _servers) = (new string?[servers], new ServerProcess?[servers]);
    }

    /// <summary>Null where one is killed.</summary>
    public IReadOnlyList<ServerProcess?> Servers => _servers;

    /// <summary>The database, past the servers' ways to it.</summary>
    public string Connection => _postgres.Connection(Schema);

    public ServerProcess Server(int number) => _servers[number]!;

    /// <summary>How this server gets to the database.</summary>
    public TcpRelay WayOf(int number) => _ways[number];

    public Task StartAllAsync() => Task.WhenAll(Enumerable.Range(0, _servers.Length).Select(number => StartAsync(number)));

    /// <summary>Starts a server, where it was before if it was there; answers when it is ready.</summary>
    public async Task StartAsync(int number)
    {
        var connection = new NpgsqlConnectionStringBuilder(Connection) { Host = "127.0.0.1", Port = _ways[number].Port };
        _servers[number] = await ServerProcess.StartAsync(
            $$"""
            {"store": {"kind": "postgres", "connection": "{{connection.ConnectionString}}"},
             "cluster": {"host": "orleans", "siloPort": {{_siloPorts[number]}}},
             {{_settings}} }
            """,
            _folders[number], _addresses[number]);
        _addresses[number] = Server(number).Address.ToString();
        await Server(number).SaysAsync("ready");
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync(int number)
    {
        await Server(number).DisposeAsync();
        _servers[number] = null;
    }

    /// <summary>The number of the server that owns the store.</summary>
    public async Task<int> OwnerAsync()
    {
        var url = (await AskAsync("SELECT address FROM store_owner")).Split(' ')[1];
        return Array.FindIndex(_addresses, address => address is not null && new Uri(address) == new Uri(url));
    }

    /// <summary>A server that does not own the store.</summary>
    public async Task<int> MemberAsync() => (await OwnerAsync() + 1) % _servers.Length;

    /// <summary>Goes up each time that the server joins the cluster; 0 while the others call it dead.</summary>
    public async Task<long> GenerationAsync(int number) => long.Parse(
        await AskAsync($"SELECT coalesce(max(generation), 0) FROM cluster_silo WHERE port = {_siloPorts[number]} AND status = 3"),
        CultureInfo.InvariantCulture);

    /// <summary>The first row's first column.</summary>
    public async Task<string> AskAsync(string sql)
    {
        await using var session = new NpgsqlConnection(Connection);
        await session.OpenAsync();
        await using var ask = new NpgsqlCommand(sql, session);
        return $"{await ask.ExecuteScalarAsync()}";
    }

    /// <summary>The store once no server has it. The database notices a moment after one has ended that its sessions have.</summary>
    public async Task<PostgresStore> OpenStoreAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                return PostgresStore.Open(new PostgresStoreOptions { Connection = Connection });
            }
            catch (StoreFailedException) when (!late.IsCancellationRequested)
            {
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }
        }
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
}
