using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Storage.Sql;
using NextUp.Storage.Sqlite;
using NextUp.StorageTests.Conformance;

namespace NextUp.StorageTests.Sqlite;

/// <summary>What remains after a process was killed, a disk was full, or a commit failed in the middle.</summary>
public sealed class SqliteDurabilityTests : IDisposable
{
    const int Kills = 4;

    readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_acknowledged_survives_kill_9()
    {
        var acknowledged = new Dictionary<JobId, JobState>();
        for (var kill = 0; kill < Kills; kill++)
        {
            foreach (var line in await DoomedWriter.KillAfterAsync(folder.Path, 150 + (kill * 370)))
            {
                var parts = line.Split(' ');
                acknowledged[JobId.Parse(parts[0], null)] = (JobState)int.Parse(parts[1]);
            }

            await VerifyAsync(acknowledged);
        }
    }

    async Task VerifyAsync(Dictionary<JobId, JobState> acknowledged)
    {
        using var store = SqliteStore.Open(folder.Path);
        Assert.Equal("ok", store.Connection.AskText("PRAGMA integrity_check"));
        var stored = new List<JobRecord>();
        for (var user = 0; ; user++)
        {
            var jobs = (await store.ListAsync(StoreSteps.User($"user-{user}"), null, null, int.MaxValue)).Jobs;
            if (jobs.Count == 0)
                break;

            stored.AddRange(jobs);
            var numbers = (await store.EventsAsync(jobs[0].User, 0, int.MaxValue)).Select(told => told.Number);
            var last = await store.LastEventNumberAsync(jobs[0].User);
            Assert.Equal(Enumerable.Range(1, (int)last).Select(number => (long)number), numbers);
        }

        var states = stored.ToDictionary(job => job.Id, job => job.State);
        Assert.All(
            acknowledged, one => Assert.True(states[one.Key] >= one.Value, $"{one} is stored as {states[one.Key]}"));
        foreach (var job in stored)
            Assert.Equal(3_000, (await store.FindFileAsync(job.Sequence, FileRole.Original))?.Inline?.Length);
        Assert.Equal(
            new StoreCounts(
                Count(JobState.Pending), 0, Count(JobState.Processing), Count(JobState.Completed),
                Count(JobState.Failed), 0, 0),
            await store.CountsAsync(DateTimeOffset.MaxValue));
        Assert.Equal(
            stored.Where(job => !job.State.IsFinished()).Select(job => job.Id).Order(IdOrder),
            store.ReadQueue().Select(row => row.Id).Order(IdOrder));

        long Count(JobState state) => stored.Count(job => job.State == state);
    }

    static Comparer<JobId> IdOrder { get; } =
        Comparer<JobId>.Create((left, right) => left.Value.CompareTo(right.Value));

    [Fact]
    public async Task A_full_disk_fails_the_writes_that_need_it_and_no_more()
    {
        using var store = SqliteStore.Open(folder.Path);
        var steps = new StoreSteps(store);
        var kept = await steps.FinishedAsync("ann");
        var pages = store.Connection.Ask("PRAGMA page_count");
        store.Connection.Execute($"PRAGMA max_page_count = {pages + 10}");

        var large = new Change.Accept(steps.NewJob("ann"), "key", [StoreSteps.File(FileRole.Original, 60_000)]);
        var failure = await Assert.ThrowsAsync<StoreFailedException>(() => steps.TryAsync(large));

        Assert.False(failure.IsUncertain);
        Assert.Contains("full", failure.Message);
        Assert.Contains(folder.Path, failure.Message);
        Assert.Null(await store.FindAsync(large.Job.Id));
        Assert.Equal([kept], (await store.ListAsync(kept.User, null, null, 10)).Jobs);
        Assert.Equal(3, await store.LastEventNumberAsync(kept.User));
        Assert.Equal(new StoreCounts(0, 0, 0, 1, 0, 0, 1), await store.CountsAsync(steps.Now));

        store.Connection.Execute("PRAGMA max_page_count = 1000000");
        await steps.CommitAsync(large);
        Assert.Equal(4, (await steps.EventsAsync("ann"))[^1].Number);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_commit_that_fails_before_it_is_stored_leaves_nothing(bool onDisk)
    {
        using var store = onDisk ? SqliteStore.Open(folder.Path) : SqliteStore.OpenInMemory();
        var steps = new StoreSteps(store);
        var running = await steps.RunningAsync("ann");
        store.Database.AtCommit = moment => Fail(moment, CommitMoment.Before);
        var accept = new Change.Accept(steps.NewJob("bob"), "key", []);

        await Assert.ThrowsAsync<StoreFailedException>(() => steps.TryAsync(accept));
        await Assert.ThrowsAsync<StoreFailedException>(() => steps.TryAsync(steps.End(running)));
        await Assert.ThrowsAsync<StoreFailedException>(store.ClaimQueueAsync);

        store.Database.AtCommit = null;
        Assert.Null(await store.FindAsync(accept.Job.Id));
        Assert.Equal(running, await store.FindAsync(running.Id));
        Assert.Empty(await steps.EventsAsync("bob"));
        await steps.CommitAsync(accept, steps.End(running));
        Assert.Equal(1, (await store.ClaimQueueAsync()).Epoch);
        Assert.Equal(3, await store.LastEventNumberAsync(running.User));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_commit_that_fails_after_it_is_stored_is_uncertain_and_found(bool onDisk)
    {
        using var store = onDisk ? SqliteStore.Open(folder.Path) : SqliteStore.OpenInMemory();
        var steps = new StoreSteps(store);
        await steps.FinishedAsync("ann");
        store.Database.AtCommit = moment => Fail(moment, CommitMoment.After);
        var accept = new Change.Accept(steps.NewJob("ann"), "key", []);

        var failure = await Assert.ThrowsAsync<StoreFailedException>(() => steps.TryAsync(accept));

        Assert.True(failure.IsUncertain);
        store.Database.AtCommit = null;
        Assert.NotNull(await store.FindAsync(accept.Job.Id));
        Assert.Equal(accept.Job, ((await store.ListAsync(accept.Job.User, null, null, 1)).Jobs)[0]);
        Assert.Equal(4, await store.LastEventNumberAsync(accept.Job.User));
        await steps.ConflictAsync(accept);
        await steps.StartAsync(accept.Job);
        Assert.Equal([1L, 2, 3, 4, 5], (await steps.EventsAsync("ann")).Select(told => told.Number));
        Assert.Equal(new StoreCounts(0, 0, 1, 1, 0, 0, 1), await store.CountsAsync(steps.Now));
    }

    [Fact]
    public async Task A_reopened_store_holds_the_same()
    {
        var options = new SqliteStoreOptions { RecentJobsMax = 5 };
        var jobs = new List<JobRecord>();
        StoreSteps steps;
        using (var store = SqliteStore.Open(folder.Path, null, options))
        {
            steps = new StoreSteps(store);
            for (var i = 0; i < 12; i++)
                jobs.Add(await steps.FinishedAsync("ann"));
            jobs.Add(await steps.RunningAsync("ann"));
        }

        using var reopened = SqliteStore.Open(folder.Path, null, options);
        Assert.Equal(jobs.AsEnumerable().Reverse(), (await reopened.ListAsync(jobs[0].User, null, null, 100)).Jobs);
        Assert.Equal(38, (await reopened.EventsAsync(jobs[0].User, 0, 100)).Count);
        Assert.IsType<CommitAnswer.Committed>(await reopened.CommitAsync(new StoreWrite([steps.End(jobs[^1])])));
        Assert.Equal(39, await reopened.LastEventNumberAsync(jobs[0].User));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task A_job_that_came_after_higher_sequences_is_listed_after_a_reopening_too(int higher)
    {
        var options = new SqliteStoreOptions { RecentJobsMax = 3 };
        JobRecord late;
        using (var store = SqliteStore.Open(folder.Path, null, options))
        {
            var steps = new StoreSteps(store);
            late = steps.NewJob("late");
            for (var i = 0; i < higher; i++)
                await steps.AcceptAsync($"user-{i}");
            await steps.CommitAsync(new Change.Accept(late, null, []));
        }

        using var reopened = SqliteStore.Open(folder.Path, null, options);
        Assert.Equal([late], (await reopened.ListAsync(late.User, null, null, 10)).Jobs);
    }

    static void Fail(CommitMoment moment, CommitMoment wanted)
    {
        if (moment == wanted)
            throw new StoreFailedException("The disk was pulled out.", isUncertain: moment == CommitMoment.After);
    }
}
