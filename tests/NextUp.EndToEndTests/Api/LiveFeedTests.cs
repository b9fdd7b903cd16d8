using System.Net;
using System.Text.Json;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Api;

public sealed class LiveFeedTests(RunningServer server) : IClassFixture<RunningServer>
{
    readonly ServerProcess _server = server.Process;

    [Fact]
    public async Task The_feed_begins_with_how_things_stand()
    {
        using var account = _server.Account("feed-begin");
        await using var feed = await LiveFeedReader.OpenAsync(account);

        var first = await feed.NextAsync();

        Assert.Equal((LiveEventNames.Snapshot, 0L), (first?.Name, first?.Id));
        var snapshot = JsonSerializer.Deserialize(first!.Data, WireJson.Wire.SnapshotEvent)!;
        Assert.Equal(new UserView("account", "feed-begin"), snapshot.Me.User);
        Assert.Equal(2, snapshot.Queue.Slots);
    }

    [Fact]
    public async Task Every_change_of_a_job_is_told_in_order_as_it_happens()
    {
        using var account = _server.Account("feed-order");
        await using var feed = await LiveFeedReader.OpenAsync(account);
        await feed.SnapshotAsync();

        var job = await account.SubmittedAsync();

        var changes = new List<JobChangedEvent>();
        do
            changes.Add(await feed.ChangeAsync());
        while (changes[^1].Type is not "completed");
        Assert.Equal(["queued", "started", "completed"], changes.Select(change => change.Type));
        Assert.Equal([1, 2, 3], changes.Select(change => change.Number));
        Assert.All(changes, change => Assert.Equal(job.Id, change.Job.Id));
    }

    [Fact]
    public async Task Whoever_was_away_is_told_what_they_missed_without_gap_or_double()
    {
        using var account = _server.Account("feed-resume");
        for (var i = 0; i < 4; i++)
            await account.FinishedAsync((await account.SubmittedAsync($"{i}.bib")).Id);

        for (long after = 0; after <= 12; after++)
        {
            await using var feed = await LiveFeedReader.OpenAsync(account, after);
            var snapshot = await feed.NextAsync();
            Assert.Equal(after, snapshot?.Id);
            for (var number = after + 1; number <= 12; number++)
                Assert.Equal(number, (await feed.ChangeAsync()).Number);
        }
    }

    [Fact]
    public async Task A_feed_that_is_cut_again_and_again_while_jobs_run_adds_up_to_every_event_once()
    {
        using var account = _server.Account("feed-cut");
        var random = new Random(3);
        var numbers = new List<long>();
        for (var i = 0; i < 8; i++)
        {
            var submitted = await account.SubmittedAsync($"{i}.bib", null, ("whenBusy", "hold"));
            Assert.NotNull(submitted);
        }

        while (numbers.Count < 8 * 3)
        {
            await using var feed = await LiveFeedReader.OpenAsync(account, numbers.LastOrDefault());
            for (var left = random.Next(1, 5); left > 0 && numbers.Count < 8 * 3; left--)
                numbers.Add((await feed.ChangeAsync()).Number);
        }

        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => (long)number), numbers);
    }

    [Fact]
    public async Task A_number_from_another_data_folder_begins_now()
    {
        using var account = _server.Account("feed-future");
        await account.FinishedAsync((await account.SubmittedAsync()).Id);

        await using var feed = await LiveFeedReader.OpenAsync(account, after: 1_000_000);

        Assert.Equal((await feed.NextAsync())?.Id, (await (await OpenFreshAsync(account)).NextAsync())?.Id);
    }

    [Fact]
    public async Task Nobody_is_told_of_someone_elses_jobs()
    {
        using var other = _server.Account("feed-other");
        using var account = _server.Account("feed-own");
        await using var feed = await LiveFeedReader.OpenAsync(account);
        await feed.SnapshotAsync();

        await other.FinishedAsync((await other.SubmittedAsync("theirs.bib")).Id);
        var own = await account.SubmittedAsync("own.bib");

        Assert.Equal(own.Id, (await feed.ChangeAsync()).Job.Id);
    }

    [Fact]
    public async Task Progress_comes_with_the_log_lines_and_each_line_once()
    {
        using var account = _server.Account("feed-progress");
        await using var feed = await LiveFeedReader.OpenAsync(account);
        await feed.SnapshotAsync();
        var job = await account.SubmittedAsync("many.bib", Requests.BibOf(120));

        var lines = new List<long>();
        while (await feed.NextAsync() is { } next)
        {
            if (next.Name == LiveEventNames.Progress)
            {
                var progress = JsonSerializer.Deserialize(next.Data, WireJson.Wire.JobProgressEvent)!;
                Assert.Null(next.Id);
                Assert.Equal(job.Id, progress.Job.Id);
                lines.AddRange(progress.Lines.Select(line => line.Number));
            }

            if (next.Name == LiveEventNames.Job
                && JsonSerializer.Deserialize(next.Data, WireJson.Wire.JobChangedEvent)!.Type is "completed")
                break;
        }

        Assert.True(lines.Count >= 120);
        Assert.Equal(Enumerable.Range(1, lines.Count).Select(number => (long)number), lines);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("abc")]
    public async Task A_last_event_that_is_no_number_is_an_error(string after)
    {
        using var visitor = _server.Visitor();
        using var answer = await visitor.GetAsync("/api/v1/events?after=" + after);

        await answer.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest);
    }

    [Fact]
    public async Task One_user_has_at_most_twenty_connections_and_a_closed_one_makes_room()
    {
        using var account = _server.Account("feed-many");
        var feeds = new List<LiveFeedReader>();
        for (var i = 0; i < 20; i++)
            feeds.Add(await LiveFeedReader.OpenAsync(account));

        using var refused = await account.GetAsync("/api/v1/events", HttpCompletionOption.ResponseHeadersRead);
        await refused.ProblemAsync(HttpStatusCode.TooManyRequests, ProblemCodes.TooManyConnections);

        await feeds[0].DisposeAsync();
        HttpStatusCode status;
        do
        {
            using var answer = await account.GetAsync("/api/v1/events", HttpCompletionOption.ResponseHeadersRead);
            status = answer.StatusCode;
        }
        while (status != HttpStatusCode.OK);

        foreach (var feed in feeds.Skip(1))
            await feed.DisposeAsync();
    }

    static Task<LiveFeedReader> OpenFreshAsync(HttpClient client) => LiveFeedReader.OpenAsync(client);
}
