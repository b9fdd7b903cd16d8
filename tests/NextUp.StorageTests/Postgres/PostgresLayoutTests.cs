using System.Text.RegularExpressions;
using Npgsql;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Storage.Postgres;
using NextUp.StorageTests.Conformance;

namespace NextUp.StorageTests.Postgres;

/// <summary>A store of an older layout is brought to this program's by who has it alone, and by nobody else.</summary>
public sealed partial class PostgresLayoutTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    static int Before => Schema.Version - 1;

    [Fact]
    public async Task A_standby_leaves_the_layout_alone_until_it_takes_the_store_over()
    {
        var options = new PostgresStoreOptions { Connection = SharedPostgres.NewStore() };
        var standby = new PostgresStandby(options);
        JobId job;
        using (var older = OpenOlder(options))
        {
            job = (await new StoreSteps(older).AcceptAsync("ann")).Id;
            Assert.Null(standby.TryTakeOver());
            Assert.Null(standby.TryTakeOver());
            Assert.Equal((Before, Before), (standby.OlderLayout, LayoutOf(options)));
        }

        using var store = standby.TryTakeOver();

        Assert.Equal((null, Schema.Version), (standby.OlderLayout, LayoutOf(options)));
        Assert.NotNull(await store!.FindAsync(job));
    }

    [Fact]
    public void A_server_does_not_join_others_of_an_older_program()
    {
        var options = new PostgresStoreOptions { Connection = SharedPostgres.NewStore() };
        using (OpenOlder(options))
        {
            var refusal = Assert.Throws<StoreFailedException>(() => MemberStore.Open(options));
            Assert.True(PostgresStandby.IsLayoutInUse(refusal));
            Assert.Contains($"layout {Before}", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("Stop them all, then start this one", refusal.Message, StringComparison.Ordinal);
            Assert.Equal(Before, LayoutOf(options));
        }

        using var joined = MemberStore.Open(options);
        Assert.Equal(Schema.Version, LayoutOf(options));
    }

    [Fact]
    public async Task Nobody_changes_the_layout_under_a_server_that_does_not_own_the_store()
    {
        var options = new PostgresStoreOptions { Connection = SharedPostgres.NewStore() };
        using (MemberStore.Open(options))
        {
            await UntilAsync(() => UsersOf(options) == 1);
            MakeOlder(options);

            Assert.True(PostgresStandby.IsLayoutInUse(Assert.Throws<StoreFailedException>(() => MemberStore.Open(options))));
            Assert.True(PostgresStandby.IsLayoutInUse(
                Assert.Throws<StoreFailedException>(() => new PostgresStandby(options).TryTakeOver())));
            Assert.Equal(Before, LayoutOf(options));
        }

        using var store = PostgresStore.Open(options);
        Assert.Equal(Schema.Version, LayoutOf(options));
    }

    [Fact]
    public void A_standby_does_not_take_over_what_a_newer_program_has_brought_on()
    {
        var options = new PostgresStoreOptions { Connection = SharedPostgres.NewStore() };
        var standby = new PostgresStandby(options);
        using (PostgresStore.Open(options))
        {
            Assert.Null(standby.TryTakeOver());
            Execute(options, $"UPDATE store_layout SET version = {Schema.Version + 1}");
        }

        var refusal = Assert.Throws<StoreFailedException>(() => standby.TryTakeOver());

        Assert.True(PostgresStandby.IsLayoutNewer(refusal));
        Assert.Contains($"layout {Schema.Version + 1}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"up to {Schema.Version}", refusal.Message, StringComparison.Ordinal);
        Assert.True(PostgresStandby.IsLayoutNewer(Assert.Throws<StoreFailedException>(() => MemberStore.Open(options))));
    }

    [Fact]
    public async Task A_server_of_a_cluster_that_comes_back_to_a_newer_store_is_told()
    {
        Assert.SkipUnless(PostgresServer.Missing is null, PostgresServer.Missing ?? "");
        using var server = PostgresServer.Start();
        var options = new PostgresStoreOptions { Connection = server.Connection("newer") };
        using var member = MemberStore.Open(options);
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        member.Lost += () => lost.TrySetResult();
        await UntilAsync(() => UsersOf(options) == 1);

        Execute(options, $"UPDATE store_layout SET version = {Schema.Version + 1}");
        server.Stop();
        server.Resume();

        await lost.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Of_servers_that_start_at_once_all_go_on_whether_the_store_is_empty_or_older()
    {
        var options = new PostgresStoreOptions { Connection = SharedPostgres.NewStore() };
        var empty = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => MemberStore.Open(options))));
        Array.ForEach(empty, member => member.Dispose());
        MakeOlder(options);

        var older = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => JoinAsync(options))));

        Assert.Equal(Schema.Version, LayoutOf(options));
        Array.ForEach(older, member => member.Dispose());
    }

    /// <summary>As a server that starts does: it looks again while another brings the layout.</summary>
    static async Task<MemberStore> JoinAsync(PostgresStoreOptions options)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                return MemberStore.Open(options);
            }
            catch (StoreFailedException failure) when (PostgresStandby.IsLayoutInUse(failure))
            {
                await timer.WaitForNextTickAsync(late.Token);
            }
        }
    }

    /// <summary>The store as the program before this one made it, with a server that works on it.</summary>
    static PostgresStore OpenOlder(PostgresStoreOptions options)
    {
        var store = PostgresStore.Open(options);
        MakeOlder(options);
        return store;
    }

    /// <summary>Takes back what the last migration made, which is tables.</summary>
    static void MakeOlder(PostgresStoreOptions options)
    {
        var made = CreatedTable().Matches(Schema.Read(Schema.Version)).Select(table => table.Groups[1].Value);
        Execute(options, $"DROP TABLE {string.Join(", ", made)}; UPDATE store_layout SET version = {Before}");
    }

    [GeneratedRegex(@"CREATE TABLE (\w+)")]
    private static partial Regex CreatedTable();

    static int LayoutOf(PostgresStoreOptions options) => (int)Execute(options, "SELECT version FROM store_layout")!;

    /// <summary>How many servers hold the layout as it is.</summary>
    static long UsersOf(PostgresStoreOptions options)
    {
        var key = Schema.UseKey(new PostgresLink(options));
        return (long)Execute(
            options, $"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND mode = 'ShareLock' "
            + $"AND (classid::bigint << 32 | objid::bigint) = {key}")!;
    }

    static object? Execute(PostgresStoreOptions options, string sql)
    {
        using var session = new PostgresLink(options).Open();
        using var command = new NpgsqlCommand(sql, session);
        return command.ExecuteScalar();
    }

    static async Task UntilAsync(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        using var late = new CancellationTokenSource(Patience);
        while (!condition())
            await timer.WaitForNextTickAsync(late.Token);
    }
}
