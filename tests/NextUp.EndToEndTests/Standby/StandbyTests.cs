using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;
using NextUp.Storage.Postgres;
using NextUp.StorageTests.Postgres;

namespace NextUp.EndToEndTests.Standby;

/// <summary>
/// Two servers on one PostgreSQL: the first serves and the second stands by. Whichever has the store is killed and frozen,
/// and the database is taken away, while users submit; afterwards the events say what happened.
/// </summary>
public sealed class StandbyTests : IDisposable
{
    const int Users = 6;
    const string Schema = "standby";

    static readonly TimeSpan TakeoverMax = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    readonly PostgresServer? _postgres = PostgresServer.Missing is null ? PostgresServer.Start() : null;
    readonly ConcurrentQueue<(string User, string Job)> _acknowledged = new();
    readonly List<ServerProcess> _servers = [];

    public void Dispose() => _postgres?.Dispose();

    [Fact]
    public async Task No_job_is_lost_and_no_user_has_two_at_once_whatever_becomes_of_the_server_that_has_the_store()
    {
        Assert.SkipUnless(PostgresServer.Missing is null, PostgresServer.Missing ?? "");
        var folders = Enumerable.Range(0, 2).Select(_ => Directory.CreateTempSubdirectory("nextup-e2e-").FullName).ToArray();
        _servers.Add(await StartAsync(folders[0], null));
        _servers.Add(await StartAsync(folders[1], null));
        await SaysThatItStandsByAsync(_servers[1]);

        using var enough = new CancellationTokenSource();
        var load = Enumerable.Range(0, Users).Select(user => SubmitAsync($"user-{user}", enough.Token)).ToArray();
        await UntilAcknowledgedAsync(10);

        var first = _servers[0].Address;
        await _servers[0].DisposeAsync(); // kill -9
        await TakesOverAsync(_servers[1]);
        _servers[0] = await StartAsync(folders[0], first.ToString());
        await UntilAcknowledgedAsync(25);

        await _servers[1].SignalAsync("STOP");
        await TakesOverAsync(_servers[0]);
        await UntilAcknowledgedAsync(40);

        // The one that was paused finds that its time is over, and stands by.
        await _servers[1].SignalAsync("CONT");
        await SaysThatItStandsByAsync(_servers[1]);

        _postgres!.Stop();
        await _servers[0].SaysAsync("not ready");
        _postgres.Resume();
        await AnyIsReadyAsync();
        await UntilAcknowledgedAsync(55);

        await enough.CancelAsync();
        await Task.WhenAll(load);
        await UntilAllAreOverAsync();
        foreach (var server in _servers)
        {
            Assert.Equal(0, await server.StopAsync());
            await server.DisposeAsync();
        }

        await CheckEventsAsync();
        Array.ForEach(folders, folder => Directory.Delete(folder, recursive: true));
    }

    Task<ServerProcess> StartAsync(string folder, string? address) => ServerProcess.StartAsync(
        $$$"""
        {"store": {"kind": "postgres", "connection": "{{{_postgres!.Connection(Schema)}}}"},
         "queue": {"slots": 3}, "bibtex": {"providers": ["catalogue"]},
         "kinds": {"bibtex": {"whenBusy": "hold", "attemptsMax": 20, "crashesMax": 20, "retryDelay": "10ms"} } }
        """,
        folder, address);

    /// <summary>Sends one job after the other, each until a server has acknowledged it.</summary>
    async Task SubmitAsync(string user, CancellationToken enough)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        for (var (number, turn) = (0, 0); !enough.IsCancellationRequested; turn++)
        {
            var server = _servers[turn % _servers.Count];
            try
            {
                using var client = server.Account(user);
                client.Timeout = TimeSpan.FromSeconds(2);
                client.DefaultRequestHeaders.Add("Idempotency-Key", $"{user}-{number}");
                using var answer = await client.SubmitAsync();
                if (answer.IsSuccessStatusCode)
                {
                    _acknowledged.Enqueue((user, (await answer.JobAsync()).Id));
                    number++;
                }
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException or IOException)
            {
                // Not acknowledged: the same job is sent again, to the other.
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    async Task UntilAcknowledgedAsync(int more)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        using var late = new CancellationTokenSource(Patience);
        while (_acknowledged.Count < more)
            await timer.WaitForNextTickAsync(late.Token);
    }

    static async Task TakesOverAsync(ServerProcess standby)
    {
        var since = Stopwatch.GetTimestamp();
        await standby.SaysAsync("ready");
        var took = Stopwatch.GetElapsedTime(since);
        TestContext.Current.SendDiagnosticMessage($"taken over in {took.TotalSeconds:N1} s");
        Assert.True(took < TakeoverMax, $"It took {took.TotalSeconds:N1} s.");
    }

    static async Task SaysThatItStandsByAsync(ServerProcess standby)
    {
        await standby.SaysAsync("standby");
        using var user = standby.Nobody();
        using var answer = await user.SubmitAsync();
        Assert.NotNull(answer.Headers.RetryAfter);
        await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable, ProblemCodes.StandingBy);
        using var live = await user.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    Task AnyIsReadyAsync() => Task.WhenAny(_servers.Select(server => server.SaysAsync("ready"))).Unwrap();

    async Task UntilAllAreOverAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            foreach (var server in _servers)
            {
                using var client = server.Account("looker");
                using var answer = await client.GetAsync("/api/v1/queue", late.Token);
                if (!answer.IsSuccessStatusCode)
                    continue;
                var queue = System.Text.Json.JsonSerializer.Deserialize(
                    await answer.Content.ReadAsStringAsync(late.Token), WireJson.Wire.QueueView)!;
                if (queue.Waiting + queue.Held + queue.Running + queue.Delayed == 0)
                    return;
            }

            await timer.WaitForNextTickAsync(late.Token);
        }
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
                return PostgresStore.Open(new PostgresStoreOptions { Connection = _postgres!.Connection(Schema) });
            }
            catch (StoreFailedException) when (!late.IsCancellationRequested)
            {
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }
        }
    }

    /// <summary>Each user's own events, in their order, tell whether two of their jobs were ever under way at once.</summary>
    async Task CheckEventsAsync()
    {
        using var store = await OpenAsync();
        foreach (var user in _acknowledged.Select(job => job.User).Distinct())
        {
            var events = await store.EventsAsync(UserId.Account(user), 0, 10_000);
            Assert.Equal(Enumerable.Range(1, events.Count), events.Select(happened => (int)happened.Number));
            string? running = null;
            foreach (var happened in events)
            {
                var job = happened.Job.ToString();
                if (happened.Type == JobEventType.Started)
                {
                    Assert.True(running is null, $"{user}'s jobs {running} and {job} run at once.");
                    running = job;
                }
                else if (job == running)
                {
                    running = null;
                }
            }

            foreach (var (_, job) in _acknowledged.Where(job => job.User == user))
                Assert.Single(events, happened => happened.Job.ToString() == job && happened.Type == JobEventType.Completed);
        }
    }
}
