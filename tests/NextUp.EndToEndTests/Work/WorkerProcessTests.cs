using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;
using NextUp.Storage.Sqlite;

namespace NextUp.EndToEndTests.Work;

/// <summary>One server and several worker processes, which are killed, frozen and woken while they work.</summary>
public sealed class WorkerProcessTests
{
    const string Lent =
        """
        {"workers": {"lease": "2s"}, "bibtex": {"providers": ["catalogue"]},
         "kinds": {"bibtex": {"workedBy": "workers", "whenBusy": "hold", "attemptsMax": 20, "crashesMax": 20,
           "retryDelay": "10ms"}}}
        """;

    const int Users = 8;
    const int JobsEach = 3;

    [Fact]
    public async Task A_worker_that_is_asked_to_end_finishes_what_it_has_and_answers_zero()
    {
        await using var server = await ServerProcess.StartAsync(Lent);
        using var user = server.Account("ada");
        await using var worker = WorkerProcess.Start(server, server.Folder + "-work", "--slots", "2");
        var job = await user.SubmittedAsync();
        Assert.Equal(JobStateNames.Completed, (await user.FinishedAsync(job.Id)).State);

        await worker.SignalAsync("TERM");

        Assert.Equal((0, ""), await worker.EndAsync());
        Directory.Delete(server.Folder + "-work", recursive: true);
    }

    [Fact]
    public async Task No_job_is_lost_or_run_beside_another_of_its_user_whatever_becomes_of_four_workers_and_the_server()
    {
        var folder = Directory.CreateTempSubdirectory("nextup-e2e-").FullName;
        var workFolder = Path.Combine(folder, "elsewhere");
        var server = await ServerProcess.StartAsync(Lent, folder);
        var workers = new List<WorkerProcess>();
        for (var i = 0; i < 4; i++)
            workers.Add(WorkerProcess.Start(server, workFolder, "--slots", "2", "--name", $"worker-{i}"));

        var jobs = new List<(string User, string Job)>();
        for (var i = 0; i < Users * JobsEach; i++)
        {
            using var user = server.Account($"user-{i % Users}");
            jobs.Add(($"user-{i % Users}", (await user.SubmittedAsync()).Id));
        }

        await UntilCompletedAsync(server, 3);
        await workers[0].SignalAsync("STOP");
        await workers[1].SignalAsync("KILL");
        workers.Add(WorkerProcess.Start(server, workFolder, "--slots", "2", "--name", "worker-1"));
        await UntilCompletedAsync(server, 8);

        // The server dies with leases given, and its successor takes the workers as they are.
        var address = server.Address.ToString();
        await server.DisposeAsync();
        server = await ServerProcess.StartAsync(Lent, folder, address);
        await workers[2].SignalAsync("STOP");
        await workers[0].SignalAsync("CONT");
        await UntilCompletedAsync(server, 14);
        await workers[2].SignalAsync("CONT");
        await workers[3].SignalAsync("KILL");
        await UntilCompletedAsync(server, jobs.Count);

        foreach (var worker in workers)
            await worker.DisposeAsync();
        Assert.Equal(0, await server.StopAsync());
        await server.DisposeAsync();
        await CheckEventsAsync(folder, jobs);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_worker_beside_the_server_is_started_anew_when_it_dies_and_ends_with_the_server()
    {
        await using var server = await ServerProcess.StartAsync(Lent.Replace(
            "\"2s\"", "\"10s\", \"local\": 1, \"localMemoryBytesMax\": 268435456", StringComparison.Ordinal));
        using var user = server.Account("ada");
        var job = await user.SubmittedAsync();
        Assert.Equal(JobStateNames.Completed, (await user.FinishedAsync(job.Id)).State);

        var first = Assert.Single(ChildrenOf(server.Id));
        using (var child = System.Diagnostics.Process.GetProcessById(first))
            child.Kill();
        job = await user.SubmittedAsync();
        Assert.Equal(JobStateNames.Completed, (await user.FinishedAsync(job.Id)).State);

        var second = Assert.Single(ChildrenOf(server.Id));
        Assert.NotEqual(first, second);
        Assert.Equal(0, await server.StopAsync());
        Assert.False(Directory.Exists($"/proc/{second}"));
    }

    [Fact]
    public async Task A_worker_beside_the_server_that_takes_too_much_memory_ends_and_its_job_goes_to_another_attempt()
    {
        var folder = Directory.CreateTempSubdirectory("nextup-e2e-").FullName;
        var eat = Path.Combine(folder, "eat");
        await using (var server = await ServerProcess.StartAsync(
            Lent.Replace("\"2s\"", "\"10s\", \"local\": 1, \"localMemoryBytesMax\": 268435456", StringComparison.Ordinal), folder,
            environment: new Dictionary<string, string>
            {
                ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location, [StartupHook.Variable] = eat,
            }))
        {
            using var user = server.Account("ada");
            var job = await user.SubmittedAsync("long.bib", Requests.BibOf(5_000));
            await Eventually.FoundAsync(
                async () => await user.GetJobAsync(job.Id) is { State: JobStateNames.Processing } running ? running : null);
            var first = Assert.Single(ChildrenOf(server.Id));

            await File.WriteAllTextAsync(eat, "");

            var finished = await user.FinishedAsync(job.Id);
            Assert.Equal((JobStateNames.Completed, 2), (finished.State, finished.Attempt));
            Assert.NotEqual(first, Assert.Single(ChildrenOf(server.Id)));
            Assert.False(File.Exists(eat));
            Assert.Equal(0, await server.StopAsync());
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A child belongs to the thread that started it.</summary>
    static List<int> ChildrenOf(int parent) => [.. Directory.GetDirectories($"/proc/{parent}/task")
        .SelectMany(thread => File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(int.Parse)];

    static async Task UntilCompletedAsync(ServerProcess server, int count)
    {
        using var anyone = server.Account("looker");
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (await CompletedAsync(anyone) < count)
            Assert.True(await timer.WaitForNextTickAsync(late.Token));
    }

    static async Task<long> CompletedAsync(HttpClient client) => System.Text.Json.JsonSerializer
        .Deserialize(await client.GetStringAsync("/api/v1/queue"), WireJson.Wire.QueueView)!.CompletedLastHour;

    /// <summary>Each user's own events, in their order, tell whether two of their jobs were ever under way at once.</summary>
    static async Task CheckEventsAsync(string folder, List<(string User, string Job)> jobs)
    {
        using var store = SqliteStore.Open(folder);
        foreach (var user in jobs.Select(job => job.User).Distinct())
        {
            var events = await store.EventsAsync(UserId.Account(user), 0, 10_000);
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

            foreach (var (_, job) in jobs.Where(job => job.User == user))
                Assert.Single(events, happened => happened.Job.ToString() == job && happened.Type == JobEventType.Completed);
            Assert.DoesNotContain(events, happened => happened.Type is JobEventType.Failed or JobEventType.Cancelled);
        }
    }
}
