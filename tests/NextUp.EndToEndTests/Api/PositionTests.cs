using System.Text.Json;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Api;

public sealed class PositionTests : IAsyncLifetime
{
    ServerProcess _server = null!;

    public async ValueTask InitializeAsync() => _server = await ServerProcess.StartAsync(ServerProcess.Paused);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Places_are_exact_and_move_live_when_someone_ahead_leaves()
    {
        var users = Enumerable.Range(0, 5).Select(_ => _server.Visitor()).ToList();
        var jobs = new List<JobView>();
        foreach (var user in users)
            jobs.Add(await user.SubmittedAsync());
        Assert.Equal([1, 2, 3, 4, 5], jobs.Select(job => job.Position));

        await using var feed = await LiveFeedReader.OpenAsync(users[4]);
        Assert.Equal(5, (await feed.SnapshotAsync()).Me.Active[0].Position);
        using var answer = await users[1].PostAsync($"/api/v1/jobs/{jobs[1].Id}/cancel", null);
        Assert.Equal("cancelled", (await answer.JobAsync()).State);

        JobPosition told;
        do
        {
            var next = await feed.NextAsync(LiveEventNames.Position);
            told = Assert.Single(JsonSerializer.Deserialize(next.Data, WireJson.Wire.PositionsEvent)!.Jobs);
        }
        while (told.Position == 5);
        Assert.Equal((jobs[4].Id, 4, 3), (told.Id, told.Position, told.JobsAhead));
        foreach (var (user, place) in new[] { (0, 1), (2, 2), (3, 3) })
            Assert.Equal(place, (await users[user].GetJobAsync(jobs[user].Id)).Position);
        users.ForEach(user => user.Dispose());
    }

    [Fact]
    public async Task The_counts_of_the_whole_are_everyones()
    {
        using var ada = _server.Account("ada");
        using var bob = _server.Account("bob");
        await ada.SubmittedAsync("a.bib");
        await ada.SubmittedAsync("b.bib", null, ("whenBusy", "hold"));
        await bob.SubmittedAsync("c.bib");

        using var nobody = _server.Nobody();
        var json = await nobody.GetStringAsync("/api/v1/queue");

        var queue = JsonSerializer.Deserialize(json, WireJson.Wire.QueueView)!;
        Assert.Equal((0, 2, 1, true), (queue.Running, queue.Waiting, queue.Held, queue.Paused));
        Assert.NotNull(queue.PausedReason);
        Assert.InRange(queue.Machine.MemoryPercent, 0.1, 100);
    }

    [Fact]
    public async Task Lists_page_by_key_newest_first_and_end()
    {
        using var account = _server.Account("lister");
        for (var i = 0; i < 7; i++)
            await account.SubmittedAsync($"{i}.bib", null, ("whenBusy", "hold"));

        var names = new List<string>();
        string? next = null;
        do
        {
            var page = await account.ListAsync("?limit=3" + (next is null ? "" : "&after=" + next));
            Assert.InRange(page.Jobs.Count, 1, 3);
            names.AddRange(page.Jobs.Select(job => job.FileName));
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal(["6.bib", "5.bib", "4.bib", "3.bib", "2.bib", "1.bib", "0.bib"], names);
        Assert.Empty((await account.ListAsync("?state=completed")).Jobs);
        Assert.Equal(7, (await account.ListAsync("?state=pending")).Jobs.Count);
    }
}
