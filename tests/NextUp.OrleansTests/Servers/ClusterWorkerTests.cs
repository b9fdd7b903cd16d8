using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using NextUp.Client.Wire;
using NextUp.Client.Work;
using NextUp.EndToEndTests.Setup;
using NextUp.StorageTests.Postgres;

namespace NextUp.OrleansTests.Servers;

/// <summary>
/// Workers elsewhere that talk to a server of a cluster which does not own the store: all that they do works as with the owner,
/// and what they hold outlives it.
/// </summary>
public sealed class ClusterWorkerTests : IAsyncDisposable
{
    const int Users = 4, JobsEach = 3, Entries = 400;
    const string Settings = """
        "workers": {"lease": "4s", "kinds": [{"name": "count"}]}, "bibtex": {"providers": ["catalogue"]},
        "kinds": {"count": {"retryDelay": "0s"},
         "bibtex": {"workedBy": "workers", "whenBusy": "hold", "attemptsMax": 20, "crashesMax": 20, "retryDelay": "10ms"} }
        """;

    static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(20);
    static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    readonly TestCluster _cluster;

    public ClusterWorkerTests()
    {
        Assert.SkipUnless(PostgresServer.Missing is null, PostgresServer.Missing ?? "");
        _cluster = new(3, Settings);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_worker_works_through_any_server_and_its_lease_outlives_the_owner_of_the_store()
    {
        await _cluster.StartAllAsync();
        var member = _cluster.Server(await _cluster.MemberAsync());
        var owner = _cluster.Server(await _cluster.OwnerAsync());

        await EverythingOfAWorkerIsAnsweredAsync(member, owner);
        await ACancelReachesTheWorkerAsync(member);
        await TheLeaseOutlivesTheOwnerAsync("killed", _cluster.KillAsync);
        await TheLeaseOutlivesTheOwnerAsync("frozen", number => _cluster.Server(number).SignalAsync("STOP"));
    }

    [Fact]
    public async Task Worker_processes_finish_every_job_once_though_the_owner_of_the_store_is_killed()
    {
        await _cluster.StartAllAsync();
        var owner = await _cluster.OwnerAsync();
        var folder = Directory.CreateTempSubdirectory("nextup-work-").FullName;
        var others = Enumerable.Range(0, 3).Where(number => number != owner).Select(_cluster.Server).ToList();
        var workers = others.Select((server, i) => WorkerProcess.Start(server, folder, "--slots", "2", "--name", $"worker-{i}")).ToList();
        var jobs = new List<(string User, string Job)>();
        for (var i = 0; i < Users * JobsEach; i++)
        {
            using var user = others[i % 2].Account($"user-{i % Users}");
            jobs.Add(($"user-{i % Users}", (await user.SubmittedAsync("a.bib", Requests.BibOf(Entries))).Id));
        }

        await UntilCompletedAsync(others[0], 3);
        await _cluster.KillAsync(owner);
        await UntilCompletedAsync(others[0], jobs.Count);

        foreach (var worker in workers)
            await worker.DisposeAsync();
        foreach (var server in others)
            Assert.Equal(0, await server.StopAsync());
        await CheckHistoryAsync(jobs);
        Directory.Delete(folder, recursive: true);
    }

    static async Task EverythingOfAWorkerIsAnsweredAsync(ServerProcess member, ServerProcess owner)
    {
        using var user = member.Account("ann");
        using var worker = member.Worker();
        var job = await SubmitAsync(user, "one two");
        var leased = await LeaseAsync(worker);

        Assert.Equal((job.Id, 1, 7L), (leased.Id, leased.Attempt, leased.FileSize));
        Assert.Equal("one two", await worker.GetStringAsync(leased.Input));
        var checkpoint = $"/api/v1/work/{job.Id}/checkpoints/batch-1?attempt=1";
        await AnsweredAsync(() => worker.PutAsync(checkpoint, new StringContent("so far")), HttpStatusCode.NoContent);
        Assert.Equal("so far", await worker.GetStringAsync(checkpoint));
        Assert.Null(await BeatAsync(worker, leased, percent: 50));
        using var ownersUser = owner.Account("ann");
        Assert.Equal(50, (await ownersUser.GetJobAsync(job.Id)).Progress.Percent);

        var large = new byte[3_000_000];
        new Random(1).NextBytes(large);
        await AnsweredAsync(() => CompleteAsync(worker, leased, large), HttpStatusCode.OK);
        Assert.Equal(large, await ownersUser.GetByteArrayAsync($"/api/v1/jobs/{job.Id}/result"));
        Assert.Equal(large, await user.GetByteArrayAsync($"/api/v1/jobs/{job.Id}/result"));
        await AnsweredAsync(() => CompleteAsync(worker, leased, [1]), HttpStatusCode.OK); // Its answer was lost, so it comes again.
        Assert.Equal(large, await user.GetByteArrayAsync($"/api/v1/jobs/{job.Id}/result"));
        await AnsweredAsync(
            () => worker.PostAsJsonAsync(leased.Heartbeat, new(), WorkJson.Default.HeartbeatRequest), HttpStatusCode.Conflict);
    }

    static async Task ACancelReachesTheWorkerAsync(ServerProcess member)
    {
        using var user = member.Account("bob");
        using var worker = member.Worker();
        var job = await SubmitAsync(user, "never mind");
        var leased = await LeaseAsync(worker);
        var waiting = AskAsync(worker, new("w", 1, ["count"], 1) { Holding = [new(leased.Id, leased.Attempt)] });

        var since = Stopwatch.GetTimestamp();
        var cancelling = user.PostAsync($"/api/v1/jobs/{job.Id}/cancel", null);
        var stop = Assert.Single((await waiting).Stop);
        Assert.True(Stopwatch.GetElapsedTime(since) < StopsWithin, $"It took {Stopwatch.GetElapsedTime(since)}.");
        Assert.Equal((job.Id, 1, "cancelled"), (stop.Job, stop.Attempt, stop.Reason));
        await AnsweredAsync(
            () => worker.PostAsJsonAsync(leased.Fail, new(FailWays.HandBack, "as asked", null), WorkJson.Default.FailRequest),
            HttpStatusCode.Conflict);
        using var answer = await cancelling;
        Assert.Equal(JobStateNames.Cancelled, (await user.GetJobAsync(job.Id)).State);
    }

    /// <summary>The worker goes on with the lease it has, and its result is stored once.</summary>
    async Task TheLeaseOutlivesTheOwnerAsync(string how, Func<int, Task> lose)
    {
        var owner = await _cluster.OwnerAsync();
        var member = _cluster.Server(await _cluster.MemberAsync());
        using var user = member.Account($"{how}-user");
        using var worker = member.Worker();
        var job = await SubmitAsync(user, "a b c");
        var leased = await LeaseAsync(worker);

        var since = Stopwatch.GetTimestamp();
        var asking = AskAsync(worker, new("w", 1, ["count"], 1) { Holding = [new(leased.Id, leased.Attempt)] });
        await lose(owner);
        Assert.Null(await BeatAsync(worker, leased, percent: 70));
        var took = Stopwatch.GetElapsedTime(since);
        Console.WriteLine($"the owner of the store {how}: a worker's heartbeat is heard after {took.TotalSeconds:N1} s");
        Assert.True(took < AnswersWithin, $"It took {took}.");
        Assert.Empty((await asking).Stop);

        await AnsweredAsync(() => CompleteAsync(worker, leased, "3"u8.ToArray()), HttpStatusCode.OK);
        await AnsweredAsync(() => CompleteAsync(worker, leased, "4"u8.ToArray()), HttpStatusCode.OK);
        Assert.Equal("3", await user.GetStringAsync($"/api/v1/jobs/{job.Id}/result"));
        var done = await user.GetJobAsync(job.Id);
        Assert.Equal((JobStateNames.Completed, 1), (done.State, done.Attempt));
        if (_cluster.Servers[owner] is { } frozen)
            await frozen.SignalAsync("CONT");
        else
            await _cluster.StartAsync(owner);
    }

    static async Task<JobView> SubmitAsync(HttpClient user, string text) =>
        await user.SubmittedAsync("in.txt", Encoding.UTF8.GetBytes(text), ("kind", "count"));

    static async Task<LeasedJobView> LeaseAsync(HttpClient worker)
    {
        while (true)
        {
            if (await AskAsync(worker, new("w", 1, ["count"], 1)) is { Jobs: [var leased] })
                return leased;
        }
    }

    static async Task<LeaseView> AskAsync(HttpClient worker, LeaseRequest request)
    {
        using var answer = await PatientlyAsync(() => worker.PostAsJsonAsync("/api/v1/work/lease", request, WorkJson.Default.LeaseRequest));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync(WorkJson.Default.LeaseView))!;
    }

    static async Task<string?> BeatAsync(HttpClient worker, LeasedJobView job, int percent)
    {
        var said = new HeartbeatRequest { Progress = new(1, 2, 0, percent, "counting") };
        using var answer = await PatientlyAsync(() => worker.PostAsJsonAsync(job.Heartbeat, said, WorkJson.Default.HeartbeatRequest));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync(WorkJson.Default.HeartbeatView))!.Stop;
    }

    static async Task<HttpResponseMessage> CompleteAsync(HttpClient worker, LeasedJobView job, byte[] result)
    {
        using var form = Requests.Form(("summary", "{}")).WithFile("r.txt", result, "result");
        return await worker.PostAsync(job.Complete, form);
    }

    static async Task AnsweredAsync(Func<Task<HttpResponseMessage>> call, HttpStatusCode status)
    {
        using var answer = await PatientlyAsync(call);
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>As workers do: who is told to come again, or gets no answer, does.</summary>
    static async Task<HttpResponseMessage> PatientlyAsync(Func<Task<HttpResponseMessage>> call)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                var answer = await call();
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                    return answer;
                answer.Dispose();
            }
            catch (HttpRequestException) when (!late.IsCancellationRequested)
            {
                // The connection broke.
            }

            await timer.WaitForNextTickAsync(late.Token);
        }
    }

    static async Task UntilCompletedAsync(ServerProcess server, int count)
    {
        using var anyone = server.Account("looker");
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            using var answer = await anyone.GetAsync("/api/v1/queue", late.Token);
            if (answer.IsSuccessStatusCode
                && (await answer.Content.ReadFromJsonAsync(WireJson.Wire.QueueView, late.Token))!.CompletedLastHour >= count)
                return;
            await timer.WaitForNextTickAsync(late.Token);
        }
    }

    async Task CheckHistoryAsync(List<(string User, string Job)> jobs)
    {
        var history = new History();
        using (var store = await _cluster.OpenStoreAsync())
        {
            foreach (var user in jobs.Select(job => job.User).Distinct())
                await history.ReadAsync(store, user);
        }

        foreach (var (_, job) in jobs)
            history.MustHaveCompleted(job);
        Console.WriteLine(
            $"workers: {jobs.Count} jobs, {history.MoreAttempts} attempts made again; {history.Violations.Count} violations");
        Assert.Empty(history.Violations);
    }
}
