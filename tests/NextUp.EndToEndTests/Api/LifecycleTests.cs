using System.Net;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Api;

public sealed class LifecycleTests
{
    [Fact]
    public async Task A_stop_ends_open_feeds_and_answers_zero()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var account = server.Account("ada");
        await using var feed = await LiveFeedReader.OpenAsync(account);
        await feed.SnapshotAsync();

        Assert.Equal(0, await server.StopAsync());

        while (await feed.NextAsync() is not null)
        {
            // What was on its way still comes; then the stream ends properly.
        }
    }

    [Fact]
    public async Task After_a_stop_everything_is_where_it_was()
    {
        var folder = Directory.CreateTempSubdirectory("nextup-e2e-").FullName;
        var token = "";
        JobView before;
        await using (var first = await ServerProcess.StartAsync(ServerProcess.Paused, folder))
        {
            using var account = first.Account("ada");
            before = await account.SubmittedAsync();
            token = account.DefaultRequestHeaders.Authorization!.Parameter!;
            Assert.Equal(0, await first.StopAsync());
        }

        await using var second = await ServerProcess.StartAsync(ServerProcess.Paused, folder);
        using var again = second.Nobody();
        again.DefaultRequestHeaders.Add("Authorization", "Bearer " + token);
        Assert.Equivalent(before, await again.GetJobAsync(before.Id));
        await second.KillAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task What_was_acknowledged_survives_a_kill_at_any_moment_and_ends_once()
    {
        var folder = Directory.CreateTempSubdirectory("nextup-e2e-").FullName;
        var random = new Random(11);
        var acknowledged = new List<string>();
        for (var round = 0; round < 4; round++)
        {
            await using var server = await ServerProcess.StartAsync(ServerProcess.Running, folder);
            using var account = server.Account("survivor");
            using var stop = new CancellationTokenSource();
            var submitting = SubmitUntilAsync(account, acknowledged, stop.Token);
            await Eventually.IsTrueAsync(() => acknowledged.Count >= (round + 1) * 5 + random.Next(5));
            await server.KillAsync();
            await stop.CancelAsync();
            await submitting;
        }

        await using var last = await ServerProcess.StartAsync(ServerProcess.Running, folder);
        using var owner = last.Account("survivor");
        await using var feed = await LiveFeedReader.OpenAsync(owner, after: 0);
        var ends = new Dictionary<string, string>();
        for (long number = 1; ends.Count < acknowledged.Count || !acknowledged.TrueForAll(ends.ContainsKey); number++)
        {
            var change = await feed.ChangeAsync();
            Assert.Equal(number, change.Number);
            if (JobStateNames.IsFinished(change.Type))
                ends.Add(change.Job.Id, change.Type); // Throws where a job ends twice.
        }

        Assert.All(acknowledged, id => Assert.Equal("completed", ends[id]));
        await last.KillAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_setting_out_of_range_stops_the_start_and_names_the_key()
    {
        var folder = Directory.CreateTempSubdirectory("nextup-e2e-").FullName;
        var config = ServerProcess.WriteConfig(folder, """{"queue":{"slots":0}}""");

        var (exitCode, error) =
            await ServerProcess.RunAsync("--data", folder, "--config", config, "--urls", "http://127.0.0.1:0");

        Assert.Equal(2, exitCode);
        Assert.Contains(
            "queue.slots = 0 (test-settings.json): it must be a whole number from 1 to 10000.", error, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_stops_the_start_and_is_named()
    {
        var (exitCode, error) = await ServerProcess.RunAsync("--data", "/proc/nextup", "--urls", "http://127.0.0.1:0");

        Assert.Equal(2, exitCode);
        Assert.Contains("/proc/nextup", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_of_another_process_stops_the_start_and_leaves_that_one_alone()
    {
        await using var owner = await ServerProcess.StartAsync(ServerProcess.Paused);

        var (exitCode, error) = await ServerProcess.RunAsync("--data", owner.Folder, "--urls", "http://127.0.0.1:0");

        Assert.Equal(2, exitCode);
        Assert.Contains("in use by another process", error, StringComparison.Ordinal);
        using var visitor = owner.Visitor();
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_stops_the_start_and_is_named()
    {
        await using var owner = await ServerProcess.StartAsync(ServerProcess.Paused);
        var folder = Directory.CreateTempSubdirectory("nextup-e2e-").FullName;

        var (exitCode, error) = await ServerProcess.RunAsync("--data", folder, "--urls", owner.Address.ToString());

        Assert.Equal(2, exitCode);
        Assert.Contains($"{owner.Address.Port}", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    static async Task SubmitUntilAsync(HttpClient account, List<string> acknowledged, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
                acknowledged.Add((await account.SubmittedAsync("a.bib", null, ("whenBusy", "hold"))).Id);
        }
        catch (HttpRequestException)
        {
            // The server was killed; what it did not acknowledge does not count.
        }
    }
}
