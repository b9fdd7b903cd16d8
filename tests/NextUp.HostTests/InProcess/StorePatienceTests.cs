using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.HostTests.Behaviour;
using NextUp.HostTests.Simulation;
using NextUp.Hosting.InProcess;
using NextUp.Storage.Sqlite;

namespace NextUp.HostTests.InProcess;

/// <summary>A store that is away for a while fails no attempt.</summary>
public sealed class StorePatienceTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(59, false)]
    [InlineData(62, true)]
    public async Task An_attempt_that_cannot_store_its_checkpoint_fails_after_a_minute_and_not_before(int awaySeconds, bool fails)
    {
        await using var world = await OpenAsync();
        var (job, database) = (await StartedAsync(world), ((SqliteStore)world.Store).Database);
        var backAt = world.Clock.GetUtcNow().AddSeconds(awaySeconds);
        database.AtCommit = _ =>
        {
            if (world.Clock.GetUtcNow() < backAt)
                throw new StoreFailedException("The store is away.", isUncertain: true);
        };

        var end = await world.AnswerInTimeAsync(() => Runner(world).RunAsync(job, TestContext.Current.CancellationToken));

        Assert.Equal(fails, end is AttemptEnd.Faulted);
        Assert.Equal(fails ? null : [1], await world.Store.LoadCheckpointAsync(job.Sequence, "half"));
    }

    [Fact]
    public async Task An_attempt_that_waits_for_the_store_stops_when_it_is_asked_to()
    {
        await using var world = await OpenAsync();
        var job = await StartedAsync(world);
        using var stop = new CancellationTokenSource();
        ((SqliteStore)world.Store).Database.AtCommit = _ =>
        {
            stop.CancelAsync();
            throw new StoreFailedException("The store is away.", isUncertain: false);
        };

        Assert.IsType<AttemptEnd.Stopped>(await world.AnswerAsync(() => Runner(world).RunAsync(job, stop.Token)));
    }

    static async Task<InProcessWorld> OpenAsync()
    {
        var world = new InProcessWorld(
            new KindPolicy { Kind = World.Kind, AttemptDuration = TimeSpan.FromHours(1) }, new QueueSettings { Slots = 1 });
        await world.StartAsync();
        return world;
    }

    static async Task<JobRecord> StartedAsync(InProcessWorld world)
    {
        await world.AcceptedAsync(UserId.Account("ann"));
        return (await world.NextAttemptAsync()).Job;
    }

    static JobRunner Runner(InProcessWorld world) => new(
        world.Store, new NoFiles(), new Dictionary<JobKind, IJobProcessor> { [World.Kind] = new Halfway() }, Path.GetTempPath(),
        world.Clock);

    /// <summary>Stores what it has halfway, and is done.</summary>
    sealed class Halfway : IJobProcessor
    {
        public JobKind Kind => World.Kind;

        public ValueTask<UploadVerdict> CheckAsync(string fileName, Stream content, CancellationToken cancellationToken) =>
            throw new NotSupportedException("Nothing is uploaded.");

        public async Task<JobOutcome> RunAsync(IJobRun run, CancellationToken cancellationToken)
        {
            await run.SaveCheckpointAsync("half", new byte[] { 1 }, cancellationToken);
            return new JobOutcome.Done("{}", []);
        }
    }
}
