using NextUp.Actors.Store;
using NextUp.Storage.Postgres;
using NextUp.StorageTests.Conformance;
using NextUp.StorageTests.Postgres;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace NextUp.StorageTests.Postgres;

public sealed class PostgresStoreTests : JobStoreConformance
{
    PostgresStore? store;

    protected override ValueTask<IJobStore> OpenAsync() =>
        new(store = PostgresStore.Open(new PostgresStoreOptions { Connection = SharedPostgres.NewStore() }));

    protected override ValueTask CloseAsync()
    {
        store?.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class PostgresNoticesTests : NoticeStoreConformance
{
    PostgresStore? store;

    protected override ValueTask<(IJobStore Jobs, INoticeStore Notices)> OpenAsync()
    {
        store = PostgresStore.Open(new PostgresStoreOptions { Connection = SharedPostgres.NewStore() });
        return new((store, store.Notices));
    }

    protected override ValueTask CloseAsync()
    {
        store?.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class PostgresAccountsTests : AccountStoreConformance
{
    PostgresStore? store;

    protected override ValueTask<(IJobStore Jobs, IAccountStore Accounts)> OpenAsync()
    {
        store = PostgresStore.Open(new PostgresStoreOptions { Connection = SharedPostgres.NewStore() });
        return new((store, store));
    }

    protected override ValueTask CloseAsync()
    {
        store?.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Folds at every fifth thing counted, so that tables and journal change places all the time.</summary>
public sealed class PostgresStatisticsFoldedTests : PostgresStatistics
{
    protected override int GatheredMax => 5;

    protected override Task FoldAsync() => FillAsync(5);
}

/// <summary>Folds every change at once.</summary>
public sealed class PostgresStatisticsFoldedAtOnceTests : PostgresStatistics
{
    protected override int GatheredMax => 1;
}

/// <summary>Gathers far more than the tests count.</summary>
public sealed class PostgresStatisticsGatheredTests : PostgresStatistics
{
    protected override int GatheredMax => 2_000;

    protected override Task FoldAsync() => FillAsync(2_000);
}

public abstract class PostgresStatistics : StatisticsConformance
{
    string? connection;
    PostgresStore? store;

    protected abstract int GatheredMax { get; }

    protected override ValueTask<IJobStore> OpenAsync() => new(store = PostgresStore.Open(new PostgresStoreOptions
    {
        Connection = connection ??= SharedPostgres.NewStore(), StatisticsGatheredMax = GatheredMax,
    }));

    protected override ValueTask CloseAsync()
    {
        store?.Dispose();
        return ValueTask.CompletedTask;
    }
}
