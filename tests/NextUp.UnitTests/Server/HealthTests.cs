using NextUp.Actors;
using NextUp.Actors.Users;
using NextUp.Client.Operations;
using NextUp.Server.Operations;
using NextUp.Server.Users;
using NextUp.Storage.Sqlite;

namespace NextUp.UnitTests.Server;

public sealed class HealthTests
{
    [Theory]
    [InlineData(Health.DiskFreeBytesMin, true)]
    [InlineData(Health.DiskFreeBytesMin - 1, false)]
    public async Task A_disk_with_too_little_room_is_not_ready_and_says_the_way_out(long freeBytes, bool isOk)
    {
        var disk = await CheckAsync("disk", () => new DiskView(freeBytes, 1L << 40));

        Assert.Equal(isOk, disk.Ok);
        Assert.Equal(!isOk, disk.Reason?.Contains("Make room", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public async Task A_disk_that_is_away_is_not_ready()
    {
        var disk = await CheckAsync("disk", () => throw new IOException("The device is gone."));

        Assert.Equal((false, "The device is gone."), (disk.Ok, disk.Reason));
    }

    [Fact]
    public async Task A_server_that_stops_is_not_ready()
    {
        Assert.False((await CheckAsync("server", Roomy, new CancellationToken(canceled: true))).Ok);
        Assert.True((await CheckAsync("server", Roomy)).Ok);
    }

    [Fact]
    public async Task A_queue_that_forgot_itself_is_not_ready()
    {
        var queue = await CheckAsync(
            "queue", Roomy, askQueue: () => throw new ActorForgottenException("It starts anew."));

        Assert.Equal((false, "It starts anew."), (queue.Ok, queue.Reason));
        Assert.True((await CheckAsync("queue", Roomy)).Ok);
        Assert.True((await CheckAsync("store", Roomy)).Ok);
    }

    [Fact]
    public void A_mark_is_the_same_for_the_same_user_and_tells_nothing_of_them()
    {
        using var folder = new TemporaryFolder();
        var (marks, again) = (new UserMarks(folder.Path), new UserMarks(folder.Path));
        var ann = UserId.Account("ann");

        Assert.Equal(marks.Of(ann), again.Of(ann));
        Assert.NotEqual(marks.Of(ann), marks.Of(UserId.Visitor("ann")));
        Assert.Matches("^[0-9a-f]{12}$", marks.Of(ann));
        using var elsewhere = new TemporaryFolder();
        Assert.NotEqual(marks.Of(ann), new UserMarks(elsewhere.Path).Of(ann));
    }

    static DiskView Roomy() => new(1L << 40, 1L << 40);

    static async Task<HealthCheckView> CheckAsync(
        string name, Func<DiskView> disk, CancellationToken? stopping = null, Func<Task>? askQueue = null)
    {
        using var store = SqliteStore.OpenInMemory();
        var health = new Health(
            askQueue ?? (() => Task.CompletedTask), store, disk, () => [], () => null, TimeProvider.System,
            stopping ?? CancellationToken.None);
        return (await health.CheckAsync()).Single(check => check.Name == name);
    }
}
