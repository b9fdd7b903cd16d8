using NextUp.Actors.Store;
using NextUp.Storage.Sqlite;
using NextUp.StorageTests.Conformance;

namespace NextUp.StorageTests.Sqlite;

public sealed class SqliteFileStoreTests : JobStoreConformance
{
    readonly TestFolder folder = new();
    SqliteStore? store;

    protected override ValueTask<IJobStore> OpenAsync() => new(store = SqliteStore.Open(folder.Path));

    protected override ValueTask CloseAsync()
    {
        store?.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteMemoryStoreTests : JobStoreConformance
{
    SqliteStore? store;

    protected override ValueTask<IJobStore> OpenAsync() => new(store = SqliteStore.OpenInMemory());

    protected override ValueTask CloseAsync()
    {
        store?.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>
/// So few recent jobs that they are entered under their users all the time, while questions are asked.
/// </summary>
public sealed class SqliteMemoryStoreOfFewRecentJobsTests : JobStoreConformance
{
    SqliteStore? store;

    protected override ValueTask<IJobStore> OpenAsync() =>
        new(store = SqliteStore.OpenInMemory(new SqliteStoreOptions { RecentJobsMax = 3 }));

    protected override ValueTask CloseAsync()
    {
        store?.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteFileNoticesTests : NoticeStoreConformance
{
    readonly TestFolder folder = new();
    SqliteStore? store;

    protected override ValueTask<(IJobStore Jobs, INoticeStore Notices)> OpenAsync()
    {
        store = SqliteStore.Open(folder.Path);
        return new((store, store.Notices));
    }

    protected override ValueTask CloseAsync()
    {
        store?.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteMemoryNoticesTests : NoticeStoreConformance
{
    SqliteStore? store;

    protected override ValueTask<(IJobStore Jobs, INoticeStore Notices)> OpenAsync()
    {
        store = SqliteStore.OpenInMemory();
        return new((store, store.Notices));
    }

    protected override ValueTask CloseAsync()
    {
        store?.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteFileAccountsTests : AccountStoreConformance
{
    readonly TestFolder folder = new();
    SqliteStore? store;

    protected override ValueTask<(IJobStore Jobs, IAccountStore Accounts)> OpenAsync()
    {
        store = SqliteStore.Open(folder.Path);
        return new((store, store));
    }

    protected override ValueTask CloseAsync()
    {
        store?.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteMemoryAccountsTests : AccountStoreConformance
{
    SqliteStore? store;

    protected override ValueTask<(IJobStore Jobs, IAccountStore Accounts)> OpenAsync()
    {
        store = SqliteStore.OpenInMemory();
        return new((store, store));
    }

    protected override ValueTask CloseAsync()
    {
        store?.Dispose();
        return ValueTask.CompletedTask;
    }
}
