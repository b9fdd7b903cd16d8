using System.Collections.Concurrent;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Storage.Postgres;
using NextUp.StorageTests.Conformance;

namespace NextUp.StorageTests.Postgres;

/// <summary>One server writes, whatever the others believe; and what was acknowledged outlives the database's restart.</summary>
public sealed class PostgresOwnerTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Of_servers_that_start_at_once_on_an_empty_database_one_has_the_store_and_the_others_stand_by()
    {
        var options = new PostgresStoreOptions { Connection = SharedPostgres.NewStore() };

        var stores = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => Task.Run(() => new PostgresStandby(options).TryTakeOver())));

        using var store = Assert.Single(stores, store => store is not null);
        await new StoreSteps(store!).AcceptAsync("ann");
    }

    [Fact]
    public async Task An_owner_that_fell_silent_and_was_replaced_can_store_nothing_and_is_told()
    {
        // The first one says nothing for an hour, as a process that is paused.
        var silent = new PostgresStoreOptions
        {
            Connection = SharedPostgres.NewStore(), SeenEvery = TimeSpan.FromHours(1), TakeoverAfter = TimeSpan.FromMilliseconds(300),
        };
        using var first = PostgresStore.Open(silent);
        var lost = new TaskCompletionSource();
        first.Lost += lost.SetResult;
        var steps = new StoreSteps(first);
        var kept = await steps.AcceptAsync("ann");

        using var second = await TakenOverAsync(silent with { SeenEvery = TimeSpan.FromSeconds(1) });
        var late = steps.NewJob("bob");
        var refusal = await Assert.ThrowsAsync<StoreFailedException>(() => steps.TryAsync(new Change.Accept(late, null, [])));
        await lost.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.False(refusal.IsUncertain);
        Assert.NotNull(await second.FindAsync(kept.Id));
        Assert.Null(await second.FindAsync(late.Id));
    }

    [Fact]
    public async Task An_owner_that_is_heard_of_keeps_the_store_and_one_that_closed_it_is_followed_at_once()
    {
        var options = new PostgresStoreOptions { Connection = SharedPostgres.NewStore() };
        var standby = new PostgresStandby(options);
        using (var first = PostgresStore.Open(options))
        {
            Assert.Null(standby.TryTakeOver());
            Assert.Null(standby.TryTakeOver());
            await new StoreSteps(first).AcceptAsync("ann");
        }

        using var second = standby.TryTakeOver();
        Assert.NotNull(second);
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_the_database_died_and_came_back_under_load()
    {
        Assert.SkipUnless(PostgresServer.Missing is null, PostgresServer.Missing ?? "");
        using var server = PostgresServer.Start();
        using var store = PostgresStore.Open(new PostgresStoreOptions { Connection = server.Connection("restarted") });
        var acknowledged = new ConcurrentBag<JobId>();
        var steps = new StoreSteps(store);
        using var enough = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(caller => AcceptAsync(steps, $"user-{caller}", acknowledged, enough.Token)).ToArray();

        await UntilAsync(() => acknowledged.Count > 50);
        server.Stop();
        server.Resume();
        var after = acknowledged.Count;
        await UntilAsync(() => acknowledged.Count > after + 50);
        await enough.CancelAsync();
        await Task.WhenAll(load);

        foreach (var job in acknowledged)
            Assert.NotNull(await store.FindAsync(job));
        var counts = await store.CountsAsync(StoreSteps.Noon);
        Assert.Equal(counts.Pending, store.ReadQueue().Count());
        Assert.True(counts.Pending >= acknowledged.Count);
    }

    [Fact]
    public async Task A_database_that_is_away_for_long_fails_writes_and_questions_in_a_sentence()
    {
        Assert.SkipUnless(PostgresServer.Missing is null, PostgresServer.Missing ?? "");
        using var server = PostgresServer.Start();
        using var store = PostgresStore.Open(new PostgresStoreOptions
        {
            Connection = server.Connection("away"), AwayMax = TimeSpan.FromMilliseconds(200),
        });
        var steps = new StoreSteps(store);
        var before = await steps.AcceptAsync("ann");
        server.Stop();

        var refusal = await Assert.ThrowsAsync<StoreFailedException>(() => steps.AcceptAsync("bob"));
        Assert.Contains("cannot be reached", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreFailedException>(() => store.FindAsync(before.Id));

        server.Resume();
        Assert.NotNull(await store.FindAsync(before.Id));
        await steps.AcceptAsync("cleo");
    }

    [Fact]
    public async Task Other_servers_hear_of_each_event_once_and_in_order()
    {
        var options = new PostgresStoreOptions { Connection = SharedPostgres.NewStore(), Announces = true };
        using var store = PostgresStore.Open(options);
        await using var listener = new EventListener(options);
        var heard = new ConcurrentQueue<JobEvent>();
        listener.Happened += events =>
        {
            foreach (var happened in events)
                heard.Enqueue(happened);
        };
        await listener.Listening.WaitAsync(Patience, TestContext.Current.CancellationToken);
        var steps = new StoreSteps(store);
        for (var i = 0; i < 3; i++)
            await steps.FinishedAsync("ann");
        await steps.CommitAsync(
            [.. Enumerable.Range(0, 200).Select(i => new Change.Accept(steps.NewJob($"user-{i}"), null, []))]);

        await UntilAsync(() => heard.Count == 209);
        Assert.Equal(await steps.EventsAsync("ann"), heard.Where(happened => happened.User == StoreSteps.User("ann")));
        Assert.Equal(201, heard.Select(happened => happened.User).Distinct().Count());
    }

    [Fact]
    public async Task A_zero_character_in_a_text_is_no_reason_to_refuse_it()
    {
        using var store = PostgresStore.Open(new PostgresStoreOptions { Connection = SharedPostgres.NewStore() });
        var steps = new StoreSteps(store);
        var job = await steps.RunningAsync("ann");

        await steps.CommitAsync(steps.End(job, JobState.Failed, error: "a\0b"));

        Assert.Equal("a\uFFFDb", (await steps.FindAsync(job)).Error);
    }

    static async Task<PostgresStore> TakenOverAsync(PostgresStoreOptions options)
    {
        var standby = new PostgresStandby(options);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            if (standby.TryTakeOver() is { } store)
                return store;
            await timer.WaitForNextTickAsync(late.Token);
        }
    }

    static async Task AcceptAsync(
        StoreSteps steps, string user, ConcurrentBag<JobId> acknowledged, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            JobRecord job;
            lock (steps)
                job = steps.NewJob(user, place: null);
            try
            {
                if (await steps.TryAsync(new Change.Accept(job, null, [])) is CommitAnswer.Committed)
                    acknowledged.Add(job.Id);
            }
            catch (StoreFailedException)
            {
                // Not acknowledged.
            }
        }
    }

    static async Task UntilAsync(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        using var late = new CancellationTokenSource(Patience);
        while (!condition())
            await timer.WaitForNextTickAsync(late.Token);
    }
}
