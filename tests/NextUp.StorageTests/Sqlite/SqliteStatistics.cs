using NextUp.Actors.Jobs;
using NextUp.Actors.Statistics;
using NextUp.Actors.Store;
using NextUp.Storage.Sql;
using NextUp.Storage.Sqlite;
using NextUp.StorageTests.Conformance;

namespace NextUp.StorageTests.Sqlite;

/// <summary>Folds at every fifth thing counted, so that tables and journal change places all the time.</summary>
public sealed class SqliteStatisticsFoldedTests : SqliteStatistics
{
    protected override int GatheredMax => 5;

    protected override Task FoldAsync() => FillAsync(5);
}

/// <summary>Folds every change at once.</summary>
public sealed class SqliteStatisticsFoldedAtOnceTests : SqliteStatistics
{
    protected override int GatheredMax => 1;
}

/// <summary>Gathers far more than the tests count.</summary>
public sealed class SqliteStatisticsGatheredTests : SqliteStatistics
{
    protected override int GatheredMax => 2_000;

    protected override Task FoldAsync() => FillAsync(2_000);

    [Fact]
    public async Task A_commit_that_fails_counts_nothing_and_the_next_ones_count_right()
    {
        using var store = SqliteStore.OpenInMemory(new SqliteStoreOptions { StatisticsGatheredMax = 4 });
        var steps = new StoreSteps(store);
        var heard = new List<JobTransition>();
        store.Changed += heard.AddRange;
        foreach (var moment in new CommitMoment?[] { null, CommitMoment.Before, null, CommitMoment.After, null })
        {
            store.Database.AtCommit = at =>
            {
                if (at == moment)
                    throw new StoreFailedException("The disk is gone.", isUncertain: at == CommitMoment.After);
            };
            var write = steps.TryAsync(
                new Change.Accept(steps.NewJob("ann", place: null), null, []),
                new Change.Accept(steps.NewJob("bob", place: null), null, []));
            if (moment is null)
                await write;
            else
                await Assert.ThrowsAsync<StoreFailedException>(() => write);
        }

        // What failed after its commit is stored, although nobody knows; so it is counted, and nobody is told.
        Assert.Equal(8, Assert.Single(await store.TotalsAsync()).Figures.Accepted);
        Assert.Equal(6, heard.Count);
    }

    [Fact]
    public async Task Whoever_listens_hears_of_each_change_with_its_job_and_duration()
    {
        using var store = SqliteStore.OpenInMemory();
        var steps = new StoreSteps(store);
        var heard = new List<JobTransition>();
        store.Changed += heard.AddRange;

        var job = await steps.FinishedAsync("ann");

        Assert.Equal(
            [(JobEventType.Queued, true, (double?)null), (JobEventType.Started, false, 1), (JobEventType.Completed, false, 1)],
            heard.Select(one => (one.Type, one.IsNew, one.Duration?.TotalSeconds)));
        Assert.All(heard, one => Assert.Equal(job.Id, one.Job.Id));
        Assert.Equal(JobState.Completed, heard[^1].Job.State);
    }
}

public abstract class SqliteStatistics : StatisticsConformance
{
    readonly TestFolder folder = new();
    SqliteStore? store;

    protected abstract int GatheredMax { get; }

    protected override ValueTask<IJobStore> OpenAsync() =>
        new(store = SqliteStore.Open(folder.Path, null, new SqliteStoreOptions { StatisticsGatheredMax = GatheredMax }));

    protected override ValueTask CloseAsync()
    {
        store?.Dispose();
        return ValueTask.CompletedTask;
    }
}
