using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Storage.Files;
using NextUp.Storage.Sql;
using NextUp.Storage.Sqlite;
using NextUp.StorageTests.Conformance;

namespace NextUp.StorageTests.Sqlite;

/// <summary>Opening, owning, sharing commits, and the bounds.</summary>
public sealed class SqliteStoreTests : IDisposable
{
    readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_folder_has_one_owner_at_a_time()
    {
        var missing = Path.Combine(folder.Path, "made", "on", "the", "way");
        using (SqliteStore.Open(missing))
        {
            var refusal = Assert.Throws<StoreOwnedException>(() => SqliteStore.Open(missing));
            Assert.Equal(missing, refusal.Folder);
            Assert.Contains(missing, refusal.Message);
        }

        SqliteStore.Open(missing).Dispose();
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        var file = Path.Combine(folder.Path, "a-file");
        File.WriteAllText(file, "");

        var failure = Assert.Throws<StoreFailedException>(() => SqliteStore.Open(Path.Combine(file, "data")));

        Assert.Contains(Path.Combine(file, "data"), failure.Message);
        Assert.False(failure.IsUncertain);
    }

    [Fact]
    public void A_newer_layout_is_refused_with_both_versions()
    {
        using (var store = SqliteStore.Open(folder.Path))
            store.Connection.Execute($"PRAGMA user_version = {Schema.Version + 1}");

        var failure = Assert.Throws<StoreFailedException>(() => SqliteStore.Open(folder.Path));

        Assert.Contains($"layout {Schema.Version + 1}", failure.Message);
        Assert.Contains($"up to {Schema.Version}", failure.Message);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        File.WriteAllText(Path.Combine(folder.Path, "nextup.db"), new string('x', 10_000));

        var failure = Assert.Throws<StoreFailedException>(() => SqliteStore.Open(folder.Path));

        Assert.Contains("damaged", failure.Message);
        SqliteStoreFolderIsFree();
    }

    [Fact]
    public async Task What_waits_while_a_group_commits_shares_the_next_commit()
    {
        using var store = SqliteStore.Open(folder.Path);
        var steps = new StoreSteps(store);
        using var blocked = new BlockedWriter(store);
        var first = steps.TryAsync(new Change.Accept(steps.NewJob("ann"), null, []));
        blocked.AwaitBlocked();

        var rest = Enumerable.Range(0, 50)
            .Select(i => steps.TryAsync(new Change.Accept(steps.NewJob($"user-{i}"), null, []))).ToList();
        blocked.Release();

        Assert.All(await Task.WhenAll([first, .. rest]), answer => Assert.IsType<CommitAnswer.Committed>(answer));
        Assert.Equal([1, 50], blocked.Groups);
    }

    [Fact]
    public async Task A_group_is_bounded_in_writes_and_in_bytes()
    {
        var options = new SqliteStoreOptions { GroupWritesMax = 3, GroupBytesMax = 1_000 };
        using var store = SqliteStore.Open(folder.Path, null, options);
        var steps = new StoreSteps(store);
        using var blocked = new BlockedWriter(store);
        var writes = new List<Task<CommitAnswer>> { steps.TryAsync(new Change.Accept(steps.NewJob("ann"), null, [])) };
        blocked.AwaitBlocked();

        for (var i = 0; i < 4; i++)
            writes.Add(steps.TryAsync(new Change.Accept(steps.NewJob($"user-{i}"), null, [])));
        for (var i = 4; i < 7; i++)
            writes.Add(steps.TryAsync(new Change.Accept(
                steps.NewJob($"user-{i}"), null, [StoreSteps.File(FileRole.Original, 600)])));
        blocked.Release();
        await Task.WhenAll(writes);

        Assert.Equal([1, 3, 3, 1], blocked.Groups);
    }

    [Fact]
    public async Task Writes_beyond_the_bound_fail_at_once()
    {
        using var store = SqliteStore.Open(folder.Path, null, new SqliteStoreOptions { WaitingWritesMax = 2 });
        var steps = new StoreSteps(store);
        using var blocked = new BlockedWriter(store);
        var first = steps.TryAsync(new Change.Accept(steps.NewJob("ann"), null, []));
        blocked.AwaitBlocked();
        var second = steps.TryAsync(new Change.Accept(steps.NewJob("bob"), null, []));
        var third = steps.TryAsync(new Change.Accept(steps.NewJob("cleo"), null, []));

        var failure = await Assert.ThrowsAsync<StoreFailedException>(
            () => steps.TryAsync(new Change.Accept(steps.NewJob("dora"), null, [])));

        Assert.Contains(nameof(SqliteStoreOptions.WaitingWritesMax), failure.Message);
        Assert.False(failure.IsUncertain);
        blocked.Release();
        await Task.WhenAll(first, second, third);
    }

    [Fact]
    public async Task A_closed_store_fails_writes_and_has_committed_what_waited()
    {
        var store = SqliteStore.Open(folder.Path);
        var steps = new StoreSteps(store);
        var writes = Enumerable.Range(0, 100)
            .Select(i => steps.TryAsync(new Change.Accept(steps.NewJob($"user-{i}"), null, []))).ToList();
        store.Dispose();

        Assert.All(await Task.WhenAll(writes), answer => Assert.IsType<CommitAnswer.Committed>(answer));
        await Assert.ThrowsAsync<StoreFailedException>(
            () => steps.TryAsync(new Change.Accept(steps.NewJob("late"), null, [])));
        using var reopened = SqliteStore.Open(folder.Path);
        Assert.Equal(100, (await reopened.CountsAsync(steps.Now)).Pending);
    }

    /// <summary>Actors of a host that is torn down go on asking for a moment; none may meet freed memory, or wait for ever.</summary>
    [Theory]
    [InlineData(true, 10)]
    [InlineData(false, 50)]
    public async Task Whoever_asks_while_the_store_closes_is_answered_or_told_so(bool onDisk, int rounds)
    {
        const int askers = 6;
        for (var round = 0; round < rounds; round++)
        {
            using var here = new TestFolder();
            using var begun = new CountdownEvent(askers);
            var store = onDisk
                ? SqliteStore.Open(here.Path, null, new SqliteStoreOptions { ReadersMax = 2 })
                : SqliteStore.OpenInMemory();
            var asking = Enumerable.Range(0, askers).Select(asker => Task.Factory.StartNew(
                () => AskUntilClosedAsync(store, asker, begun), CancellationToken.None, TaskCreationOptions.LongRunning,
                TaskScheduler.Default).Unwrap()).ToList();
            begun.Wait(TestContext.Current.CancellationToken);
            store.Dispose();
            store.Dispose();

            await Task.WhenAll(asking).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        }
    }

    static async Task AskUntilClosedAsync(SqliteStore store, int asker, CountdownEvent begun)
    {
        var steps = new StoreSteps(store);
        for (var turn = 0; ; turn++)
        {
            if (turn == 2)
                begun.Signal();
            try
            {
                if (asker % 2 == 0)
                    await steps.TryAsync(new Change.Accept(
                        steps.NewJob($"user-{asker}") with { Sequence = new((1_000 * asker) + turn) }, null, []));
                else if (asker % 4 == 1)
                    await store.CountsAsync(steps.Now);
                else
                    _ = store.ReadQueue().Count();
            }
            catch (StoreFailedException closed)
            {
                Assert.Equal((false, "The store is closed."), (closed.IsUncertain, closed.Message));
                return;
            }
        }
    }

    [Fact]
    public async Task The_log_does_not_grow_without_bound()
    {
        const int pagesMax = 50;
        using var store = SqliteStore.Open(folder.Path, null, new SqliteStoreOptions { LogPagesMax = pagesMax });
        var steps = new StoreSteps(store);
        for (var i = 0; i < 300; i++)
            await steps.FinishedAsync("ann");

        var bytes = new FileInfo(Path.Combine(folder.Path, "nextup.db-wal")).Length;
        Assert.InRange(bytes, 1, pagesMax * 4_120 * 2);
    }

    [Fact]
    public async Task Ids_and_keys_are_bounded()
    {
        using var store = SqliteStore.OpenInMemory();
        var steps = new StoreSteps(store);
        var longest = new string('x', UserId.LengthMax);
        var key = new string('k', WriteLimits.SubmissionKeyLengthMax);

        await steps.CommitAsync(new Change.Accept(steps.NewJob("ann") with { User = new UserId(longest) }, key, []));

        await Assert.ThrowsAsync<ArgumentException>(() => steps.TryAsync(
            new Change.Accept(steps.NewJob("ann") with { User = new UserId(longest + "x") }, null, [])));
        await Assert.ThrowsAsync<ArgumentException>(() => steps.TryAsync(
            new Change.Accept(steps.NewJob("ann"), key + "k", [])));
    }

    [Fact]
    public async Task Deleting_a_job_removes_its_large_files()
    {
        var files = new FolderFileStore(Path.Combine(folder.Path, "files"), TimeProvider.System, inlineBytesMax: 10);
        using var store = SqliteStore.Open(folder.Path, files);
        var steps = new StoreSteps(store);
        var staged = await files.StageAsync(
            FileRole.Original, "a.bib", "text/plain", new MemoryStream(new byte[1_000]), 2_000,
            TestContext.Current.CancellationToken);
        var job = steps.NewJob("ann");
        await steps.CommitAsync(new Change.Accept(job, null, [staged]));
        Assert.True(await store.HasFileAsync(staged.Path!));
        await steps.CommitAsync(steps.End(job, JobState.Cancelled, attempt: null));

        await steps.CommitAsync(new Change.Delete(job.Sequence));

        Assert.False(await store.HasFileAsync(staged.Path!));
        Assert.Throws<StoreFailedException>(() => files.Open(staged));
    }

    void SqliteStoreFolderIsFree()
    {
        File.Delete(Path.Combine(folder.Path, "nextup.db"));
        SqliteStore.Open(folder.Path).Dispose();
    }

    /// <summary>Holds the writing thread after its first commit, and notes how many events each commit had.</summary>
    sealed class BlockedWriter : IDisposable
    {
        readonly ManualResetEventSlim isBlocked = new();
        readonly ManualResetEventSlim mayGoOn = new();

        public BlockedWriter(SqliteStore store) => store.Happened += events =>
        {
            Groups.Add(events.Count);
            isBlocked.Set();
            mayGoOn.Wait();
        };

        public List<int> Groups { get; } = [];

        public void AwaitBlocked() => isBlocked.Wait(TestContext.Current.CancellationToken);

        public void Release() => mayGoOn.Set();

        public void Dispose()
        {
            mayGoOn.Set();
            isBlocked.Dispose();
        }
    }
}
