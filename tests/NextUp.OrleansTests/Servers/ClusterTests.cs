using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;
using NextUp.StorageTests.Postgres;

namespace NextUp.OrleansTests.Servers;

/// <summary>
/// Three server processes on one PostgreSQL, all of which serve. Each is killed in turn; the one that owns the store, and one
/// that does not, are frozen for longer than the others wait, and cut off from the database, while users submit to all of them.
/// </summary>
public sealed class ClusterTests : IAsyncDisposable
{
    const int Users = 8, Servers = 3, LongEntries = 3_000;
    const string Settings = """
        "queue": {"slots": 6}, "bibtex": {"providers": ["catalogue"]},
        "kinds": {"bibtex": {"whenBusy": "hold", "attemptsMax": 6, "crashesMax": 30, "retryDelay": "10ms"} }
        """;

    static readonly TimeSpan GoesOnWithin = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    readonly TestCluster _cluster;
    readonly ConcurrentQueue<(string User, string Job)> _acknowledged = new();
    readonly List<double> _pauses = [];
    int _guests;

    public ClusterTests()
    {
        Assert.SkipUnless(PostgresServer.Missing is null, PostgresServer.Missing ?? "");
        _cluster = new(Servers, Settings);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task No_job_is_lost_and_no_user_has_two_at_once_whatever_becomes_of_the_servers()
    {
        await _cluster.StartAllAsync();
        await WorkOfAKilledServerGoesOnElsewhereAsync();
        await WorkOfAServerThatIsCutOffGoesOnElsewhereAsync();
        using var enough = new CancellationTokenSource();
        var load = Enumerable.Range(0, Users).Select(user => SubmitAsync($"user-{user}", enough.Token)).ToArray();
        await AcknowledgedAsync(10);

        for (var number = 0; number < Servers; number++)
        {
            await _cluster.KillAsync(number);
            await GoesOnAsync($"server {number} killed");
            await _cluster.StartAsync(number);
        }

        await FreezeAsync(await _cluster.OwnerAsync(), "the owner of the store");
        await CutAsync(await _cluster.OwnerAsync(), "the owner of the store");
        await FreezeAsync(await _cluster.MemberAsync(), "a server that does not own the store");
        await CutAsync(await _cluster.MemberAsync(), "a server that does not own the store");

        await enough.CancelAsync();
        await Task.WhenAll(load);
        await AllAreOverAsync();
        foreach (var server in _cluster.Servers)
            Assert.Equal(0, await server!.StopAsync());

        await CheckHistoryAsync(kills: Servers + 1);
    }

    /// <summary>Until the others call it dead; it finds that out, and joins anew.</summary>
    async Task FreezeAsync(int number, string what)
    {
        var before = await _cluster.GenerationAsync(number);
        await _cluster.Server(number).SignalAsync("STOP");
        var since = Stopwatch.GetTimestamp();
        await GoesOnAsync($"{what} frozen");
        await UntilAsync(async () => await _cluster.GenerationAsync(number) < before);
        var took = Stopwatch.GetElapsedTime(since);
        Console.WriteLine($"{what} frozen: called dead after {took.TotalSeconds:N1} s");
        Assert.True(took < 2 * GoesOnWithin, $"It took {took.TotalSeconds:N1} s.");
        await _cluster.Server(number).SignalAsync("CONT");
        await UntilAsync(async () => await _cluster.GenerationAsync(number) > before);
        await ServesAgainAsync(number);
    }

    async Task CutAsync(int number, string what)
    {
        var server = _cluster.Server(number);
        _cluster.WayOf(number).Cut();
        await GoesOnAsync($"{what} cut off from the database");
        await server.SaysAsync("not ready");
        await AcknowledgedAsync(20);
        _cluster.WayOf(number).Mend();
        await ServesAgainAsync(number);
    }

    async Task ServesAgainAsync(int number)
    {
        var since = Stopwatch.GetTimestamp();
        var server = _cluster.Server(number);
        await server.SaysAsync("ready");
        string? job = null;
        var user = $"guest-{_guests++}";
        await UntilAsync(async () => (job = await TryAsync(server, user, 0)) is not null);
        _acknowledged.Enqueue((user, job!));
        Console.WriteLine($"server {number} serves again after {Stopwatch.GetElapsedTime(since).TotalSeconds:N1} s");
    }

    /// <summary>One long job on each server; one that does not own the store is killed.</summary>
    async Task WorkOfAKilledServerGoesOnElsewhereAsync()
    {
        var jobs = await LongJobsAsync("patient");
        var number = await _cluster.OwnerAsync() == 1 ? 2 : 1;
        var since = Stopwatch.GetTimestamp();
        await _cluster.KillAsync(number);
        var again = await AgainAsync(jobs);
        Console.WriteLine($"a server killed: its job runs again elsewhere after {Stopwatch.GetElapsedTime(since).TotalSeconds:N1} s");
        Assert.True(Stopwatch.GetElapsedTime(since) < 2 * GoesOnWithin);
        await _cluster.StartAsync(number);
        foreach (var (user, job) in jobs)
            Assert.Equal(job == again ? 2 : 1, (await ViewAsync(user, job)).Attempt);
    }

    /// <summary>The same for one that reaches the others, and not the database.</summary>
    async Task WorkOfAServerThatIsCutOffGoesOnElsewhereAsync()
    {
        var jobs = await LongJobsAsync("careful");
        var number = await _cluster.OwnerAsync() == 1 ? 2 : 1;
        var since = Stopwatch.GetTimestamp();
        _cluster.WayOf(number).Cut();
        await AgainAsync(jobs);
        var took = Stopwatch.GetElapsedTime(since);
        Console.WriteLine($"a server cut off from the database: its job runs again elsewhere after {took.TotalSeconds:N1} s");
        Assert.True(took < GoesOnWithin, $"It took {took.TotalSeconds:N1} s.");
        _cluster.WayOf(number).Mend();
        await ServesAgainAsync(number);
    }

    async Task<List<(string User, string Job)>> LongJobsAsync(string name)
    {
        var jobs = new List<(string User, string Job)>();
        for (var i = 0; i < Servers; i++)
        {
            jobs.Add(($"{name}-{i}", (await TryAsync(_cluster.Server(i), $"{name}-{i}", 0, LongEntries))!));
            _acknowledged.Enqueue(jobs[^1]);
        }

        return jobs;
    }

    /// <summary>Which of the jobs is worked on in its second attempt, once one is.</summary>
    async Task<string> AgainAsync(List<(string User, string Job)> jobs)
    {
        string? again = null;
        await UntilAsync(async () =>
        {
            foreach (var (user, job) in jobs)
            {
                if (await ViewAsync(user, job) is { Attempt: 2 })
                    again = job;
            }

            return again is not null;
        });
        return again!;
    }

    static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        using var late = new CancellationTokenSource(Patience);
        while (!await isSo())
            await timer.WaitForNextTickAsync(late.Token);
    }

    async Task<JobView> ViewAsync(string user, string job)
    {
        using var client = _cluster.Server(0).Account(user);
        return await client.GetJobAsync(job);
    }

    /// <summary>Sends one job after the other, each to a server after the other until one has acknowledged it.</summary>
    async Task SubmitAsync(string user, CancellationToken enough)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        for (var (number, turn) = (0, user[^1] - '0'); !enough.IsCancellationRequested; turn++)
        {
            if (_cluster.Servers[turn % Servers] is { } server && await TryAsync(server, user, number) is { } job)
            {
                _acknowledged.Enqueue((user, job));
                number++;
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    static async Task<string?> TryAsync(ServerProcess server, string user, int number, int entries = 1)
    {
        try
        {
            using var client = server.Account(user);
            client.Timeout = TimeSpan.FromSeconds(entries == 1 ? 3 : 30);
            client.DefaultRequestHeaders.Add("Idempotency-Key", $"{user}-{number}");
            using var form = Requests.Form().WithFile("a.bib", Requests.BibOf(entries));
            using var answer = await client.PostAsync("/api/v1/jobs", form);
            return answer.IsSuccessStatusCode ? (await answer.JobAsync()).Id : null;
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException or IOException)
        {
            return null; // Not acknowledged: the same job is sent again, to another.
        }
    }

    Task AcknowledgedAsync(int more)
    {
        var enough = _acknowledged.Count + more;
        return UntilAsync(() => Task.FromResult(_acknowledged.Count >= enough));
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

    Task AllAreOverAsync() => UntilAsync(async () =>
    {
        using var client = _cluster.Server(0).Account("looker");
        using var answer = await client.GetAsync("/api/v1/queue");
        if (!answer.IsSuccessStatusCode)
            return false;
        var queue = JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(), WireJson.Wire.QueueView)!;
        return queue.Waiting + queue.Held + queue.Running + queue.Delayed == 0;
    });

    async Task CheckHistoryAsync(int kills)
    {
        var history = new History();
        using (var store = await _cluster.OpenStoreAsync())
        {
            foreach (var user in _acknowledged.Select(job => job.User).Distinct())
                await history.ReadAsync(store, user);
        }

        foreach (var (_, job) in _acknowledged)
            history.MustHaveCompleted(job);
        history.CheckOrder();
        Console.WriteLine(
            $"cluster: {kills} kills, 2 freezes, 3 cuts; {_acknowledged.Count} jobs acknowledged, {history.Jobs} stored, "
            + $"{history.MoreAttempts} attempts made again; longest pause {_pauses.Max():N1} s; {history.Violations.Count} violations");
        foreach (var violation in history.Violations.Take(20))
            Console.WriteLine(violation);
        Assert.Empty(history.Violations);
        Assert.All(_pauses, pause => Assert.True(pause < GoesOnWithin.TotalSeconds * 3, $"It took {pause:N1} s."));
    }
}
