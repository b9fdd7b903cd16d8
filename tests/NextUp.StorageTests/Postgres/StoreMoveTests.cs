using NextUp.Actors.Jobs;
using NextUp.Actors.Notices;
using NextUp.Actors.Store;
using NextUp.Storage.Files;
using NextUp.Storage.Postgres;
using NextUp.Storage.Postgres.Moving;
using NextUp.Storage.Sql;
using NextUp.Storage.Sqlite;
using NextUp.StorageTests.Conformance;

namespace NextUp.StorageTests.Postgres;

/// <summary>What is on SQLite is on PostgreSQL afterwards, or nothing is.</summary>
public sealed class StoreMoveTests : IDisposable
{
    static readonly string[] Users = ["ann", "bob", "cleo"];

    readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Everything_that_was_moved_answers_as_before_and_goes_on()
    {
        var options = new PostgresStoreOptions { Connection = SharedPostgres.NewStore() };
        var large = new byte[PostgresFileStore.ChunkBytes + 100];
        new Random(1).NextBytes(large);
        var jobs = await FillAsync(large);

        var before = await AnswersAsync(OpenSqlite(), jobs);
        var moved = StoreMove.Run(folder.Path, options, intoDatabase: true);
        var files = new PostgresFileStore(options);
        using var store = PostgresStore.Open(options, files);

        Assert.Equal(before, await AnswersAsync(store, jobs));
        Assert.Equal(jobs.Count, moved.Single(table => table.Name == "job").Rows);
        Assert.Equal(1, moved.Single(table => table.Name == "files").Rows);
        var file = await store.FindFileAsync(jobs[0].Sequence, FileRole.Report);
        using var content = new MemoryStream();
        await files.Open(file!).CopyToAsync(content, TestContext.Current.CancellationToken);
        Assert.Equal(large, content.ToArray());

        // The keys that it gives itself go on behind those that came.
        var next = new StoreSteps(store).NewJob("new") with { Sequence = new(1_000), LineKey = LineKeyOf(1_000) };
        Assert.IsType<CommitAnswer.Committed>(await store.CommitAsync(new([new Change.Accept(next, null, [])])));
        Assert.Equal(next.Id, (await store.FindAsync(next.Id))?.Id);
    }

    [Fact]
    public async Task Into_a_store_that_holds_something_nothing_is_moved()
    {
        var options = new PostgresStoreOptions { Connection = SharedPostgres.NewStore() };
        await FillAsync([1]);
        using (var store = PostgresStore.Open(options))
            await new StoreSteps(store).AcceptAsync("other");

        var refusal = Assert.Throws<StoreFailedException>(() => StoreMove.Run(folder.Path, options, intoDatabase: true));

        Assert.Contains("Search Path", refusal.Message, StringComparison.Ordinal);
        using var after = PostgresStore.Open(options);
        Assert.Equal(1, (await after.CountsAsync(StoreSteps.Noon)).Pending);
    }

    [Fact]
    public async Task Beside_a_running_server_nothing_is_moved()
    {
        var options = new PostgresStoreOptions { Connection = SharedPostgres.NewStore() };
        await FillAsync([1]);
        using var running = OpenSqlite();

        Assert.Throws<StoreOwnedException>(() => StoreMove.Run(folder.Path, options, intoDatabase: true));
    }

    static Actors.Queue.LineKey LineKeyOf(long sequence) =>
        Actors.Queue.LineKey.Of(StoreSteps.Noon, TimeSpan.Zero, new(sequence));

    SqliteStore OpenSqlite() => SqliteStore.Open(folder.Path);

    /// <summary>Some of everything that a store holds; the first job has a large file as its report.</summary>
    async Task<List<JobRecord>> FillAsync(byte[] large)
    {
        using var store = OpenSqlite();
        var files = new FolderFileStore(Path.Combine(folder.Path, "files"), TimeProvider.System, inlineBytesMax: 10);
        var staged = await files.StageAsync(
            FileRole.Report, "r.txt", "text/plain", new MemoryStream(large), long.MaxValue, TestContext.Current.CancellationToken);
        var steps = new StoreSteps(store);
        var jobs = new List<JobRecord>();
        var first = await steps.RunningAsync("ann");
        await steps.CommitAsync(new Change.Report(first.Sequence, 1, steps.Tick(), new(1, 2, 0, 50, "half"), ["a\0b", "c"]));
        await steps.CommitAsync(new Change.Checkpoint(first.Sequence, 1, "work", new byte[] { 1, 2, 3 }));
        var end = steps.End(first);
        await steps.CommitAsync(end with { Files = [.. end.Files, staged] });
        jobs.Add(first);
        await store.Notices.CommitAsync(new NoticeChange.Subscribe(
            new NoticeSubscription
            {
                Id = new(Guid.NewGuid()), User = StoreSteps.User("ann"), Channel = NoticeChannel.Webhook, Target = "https://a.example/",
                Events = NoticeEvents.Completed, State = SubscriptionState.Active, Secret = "s", CreatedAt = steps.Now,
            },
            10, 10));
        foreach (var user in Users)
        {
            jobs.Add(await steps.FinishedAsync(user));
            jobs.Add(await steps.FinishedAsync(user, JobState.Failed));
            jobs.Add(await steps.AcceptAsync(user, key: $"key-{user}"));
            jobs.Add(await steps.HoldAsync(user));
        }

        return jobs;
    }

    /// <summary>All that can be asked, as text.</summary>
    static async Task<string> AnswersAsync(SqlStore store, IReadOnlyList<JobRecord> jobs)
    {
        using var _ = store as SqliteStore;
        var answers = new List<object?> { await store.CountsAsync(StoreSteps.Noon.AddMinutes(10)) };
        foreach (var job in jobs)
        {
            answers.Add(await store.FindAsync(job.Id));
            answers.AddRange((await store.LogAsync(job.Sequence, 0, 100))
                .Select(line => line with { Text = line.Text.Replace('\0', '\uFFFD') }));
            answers.Add((await store.FindFileAsync(job.Sequence, FileRole.Original))?.Sha256);
        }

        foreach (var user in Users.Select(StoreSteps.User))
        {
            answers.AddRange(await store.EventsAsync(user, 0, 1_000));
            answers.AddRange(await store.LaneAsync(user));
            answers.Add((await store.FindByKeyAsync(user, $"key-{user.Value.Split(':')[^1]}"))?.Id);
            answers.AddRange((await store.Notices.SubscriptionsAsync(user)).Select(one => (object)one.Id));
        }

        answers.AddRange((await store.TotalsAsync()).Select(total => $"{total.Kind} {total.Figures.Accepted} {total.Figures.Completed}"));
        return string.Join('\n', answers);
    }
}
