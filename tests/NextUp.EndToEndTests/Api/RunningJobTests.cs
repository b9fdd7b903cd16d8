using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Api;

public sealed class RunningJobTests
{
    /// <summary>Entries that keep a job busy long enough to be met at work.</summary>
    const int ManyEntries = 2_000;

    [Fact]
    public async Task A_finished_job_hands_back_result_original_report_diff_and_log()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Running);
        using var visitor = server.Visitor();
        var job = await visitor.FinishedAsync((await visitor.SubmittedAsync("refs.bib")).Id);

        Assert.Equal(("completed", 100, 2), (job.State, job.Progress.Percent, job.Progress.Total));
        Assert.Equal(2, job.Summary?.GetProperty("totalEntries").GetInt32());
        Assert.False(job.CanCancel);
        Assert.Contains("doe2020", await visitor.GetStringAsync(job.Links.Result), StringComparison.Ordinal);
        Assert.Equal(Requests.Bib, await visitor.GetStringAsync(job.Links.Original));
        foreach (var link in new[] { job.Links.Report, job.Links.Diff })
        {
            using var json = JsonDocument.Parse(await visitor.GetStringAsync(link));
            Assert.Equal(JsonValueKind.Array, json.RootElement.GetProperty("entries").ValueKind);
        }

        var log = (await visitor.GetFromJsonAsync(job.Links.Log + "?limit=1", WireJson.Wire.LogPage))!;
        Assert.Equal((1, 1L), (log.Lines.Count, log.Next));
        Assert.StartsWith("[1/2] ", log.Lines[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_no_result_before_the_end()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var visitor = server.Visitor();
        var job = await visitor.SubmittedAsync();

        foreach (var part in new[] { "result", "report", "diff" })
        {
            using var answer = await visitor.GetAsync($"{job.Links.Self}/{part}");
            await answer.ProblemAsync(HttpStatusCode.Conflict, ProblemCodes.ResultNotReady);
        }
    }

    [Fact]
    public async Task A_running_job_is_cancelled_at_once_and_its_slot_serves_the_next()
    {
        await using var server = await ServerProcess.StartAsync(
            """{"queue":{"slots":1},"bibtex":{"providers":["catalogue"]}}""");
        using var visitor = server.Visitor();
        using var next = server.Visitor();
        var running = await visitor.SubmittedAsync("long.bib", Requests.BibOf(ManyEntries));
        await AtWorkAsync(visitor);
        var waiting = await next.SubmittedAsync();

        using var answer = await visitor.PostAsync(running.Links.Cancel, null);

        var cancelled = await answer.JobAsync();
        Assert.Equal(("cancelled", "Cancelled by user"), (cancelled.State, cancelled.Error));
        Assert.Equal("completed", (await next.FinishedAsync(waiting.Id)).State);
        using var again = await visitor.PostAsync(running.Links.Cancel, null);
        await again.ProblemAsync(HttpStatusCode.Conflict, ProblemCodes.JobAlreadyFinished);
    }

    [Fact]
    public async Task Running_work_stops_with_the_server_and_goes_on_after_the_next_start()
    {
        var folder = Directory.CreateTempSubdirectory("nextup-e2e-").FullName;
        string id;
        await using (var first = await ServerProcess.StartAsync(ServerProcess.Running, folder))
        {
            using var account = first.Account("ada");
            id = (await account.SubmittedAsync("long.bib", Requests.BibOf(ManyEntries))).Id;
            await AtWorkAsync(account);
            Assert.Equal(0, await first.StopAsync());
        }

        await using var second = await ServerProcess.StartAsync(ServerProcess.Running, folder);
        using var again = second.Account("ada");
        var job = await again.FinishedAsync(id);

        Assert.Equal(("completed", ManyEntries), (job.State, job.Progress.Done));
        Assert.True(job.Attempt >= 2);
        await second.KillAsync();
        Directory.Delete(folder, recursive: true);
    }

    static async Task AtWorkAsync(HttpClient client)
    {
        await using var feed = await LiveFeedReader.OpenAsync(client);
        while (true)
        {
            var next = await feed.NextAsync(LiveEventNames.Progress);
            if (JsonSerializer.Deserialize(next.Data, WireJson.Wire.JobProgressEvent)!.Job.Progress.Done > 0)
                return;
        }
    }
}
