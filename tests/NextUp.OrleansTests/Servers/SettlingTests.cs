using System.Diagnostics;
using System.Globalization;
using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Papers;
using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Actors.Users;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;
using NextUp.Storage.Postgres;
using NextUp.Storage.Postgres.Side;
using NextUp.Storage.Sql.Side;
using NextUp.StorageTests.Postgres;

namespace NextUp.OrleansTests.Servers;

/// <summary>
/// Results that live on are settled after the end of their job is stored. A server that dies in between leaves them aside, which
/// the test does in its place; whoever owns the store settles them as soon as a server is found dead.
/// </summary>
public sealed class SettlingTests : IAsyncDisposable
{
    const string Settings = """ "bibtex": {"providers": ["catalogue"]} """;

    static readonly TimeSpan SettledWithin = TimeSpan.FromSeconds(15);
    static readonly DateTimeOffset s_noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    readonly TestCluster _cluster;
    int _left;

    public SettlingTests()
    {
        Assert.SkipUnless(PostgresServer.Missing is null, PostgresServer.Missing ?? "");
        _cluster = new(3, Settings);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task What_a_dead_server_left_unsettled_is_settled_within_seconds_whether_or_not_it_owned_the_store()
    {
        await _cluster.StartAllAsync();
        using var side = PostgresSideStores.Open(new PostgresStoreOptions { Connection = _cluster.Connection });
        var member = await _cluster.MemberAsync();
        await LeaveAsync(side, 3 - member - await _cluster.OwnerAsync());
        await LostAsync(side, member, "a server that does not own the store");
        await _cluster.StartAsync(member);

        var owner = await _cluster.OwnerAsync();
        await LeaveAsync(side, member);
        await LostAsync(side, owner, "the owner of the store");
    }

    async Task LostAsync(SideStores side, int number, string what)
    {
        var since = Stopwatch.GetTimestamp();
        await _cluster.KillAsync(number);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        while (await CountAsync(side) > 0)
        {
            await timer.WaitForNextTickAsync();
            Assert.True(Stopwatch.GetElapsedTime(since) < SettledWithin, $"{await CountAsync(side)} results lie aside.");
        }

        Console.WriteLine($"{what} killed: what it left is settled after {Stopwatch.GetElapsedTime(since).TotalSeconds:N1} s");
        Assert.Equal(_left, (await side.Papers.ListAsync(UserId.Account("ann"), null, 10)).Count);
        Assert.Equal(_left, (await side.Records.TablesAsync(UserId.Account("ann"))).Count);
        Assert.Equal(_left, (await side.Documents.CountsAsync(UserId.Account("ann"))).Documents);
    }

    static async Task<int> CountAsync(SideStores side) =>
        (await side.Papers.UnsettledAsync(null, 10)).Count + (await side.Documents.UnsettledAsync(null, 10)).Count
        + (await side.Records.AsideAsync()).Count;

    /// <summary>Results of a job that has completed lie aside, as if their server had died that moment.</summary>
    async Task LeaveAsync(SideStores side, int number)
    {
        using var ann = _cluster.Server(number).Account("ann");
        var done = await ann.FinishedAsync((await ann.SubmittedAsync()).Id);
        Assert.Equal(JobStateNames.Completed, done.State);
        var (job, user, name) = (JobId.Parse(done.Id, CultureInfo.InvariantCulture), UserId.Account("ann"), $"left-{++_left}");

        var paper = new PaperTake(job, new(_left), done.Attempt, user, new(name), name, "{}"u8.ToArray(), s_noon);
        Assert.True(await side.Papers.TakeAsync(paper, []));
        var sketch = new TableImport
        {
            Number = default, Job = job, User = user, Table = name, FileName = "a.csv", State = ImportState.Aside,
            Attempt = done.Attempt, BegunAt = s_noon, Plan = "{}", Header = "[]", Stores = true,
        };
        Assert.IsType<ImportBeginAnswer.Begun>(await side.Records.BeginAsync(sketch));
        await side.Documents.AnnounceAsync(new(new(job.Value), user, name, 1, name, "text/plain", job, s_noon));
        var begun = Assert.IsType<BeginAnswer.Begun>(
            await side.Documents.BeginAsync(job, done.Attempt, new(0, new("test", 2), 1, null, null, []), 10));
        var chunk = new EmbeddedChunk(new(0, name, null, null, 0, name.Length, ""), new(new sbyte[] { 1, 2 }, 1));
        Assert.True(await side.Documents.AddAsync(begun.Draft, [chunk]));
        Assert.True(await side.Documents.FinishAsync(begun.Draft));
        Assert.Equal(3, await CountAsync(side));
    }
}
