using NextUp.Actors.Jobs;
using NextUp.Actors.Papers;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.StorageTests.Conformance;
using NextUp.Storage.Sql.Side;
using NextUp.Storage.Sqlite.Side;

namespace NextUp.StorageTests.Sqlite;

/// <summary>The rules for papers on a file.</summary>
public sealed class SqlitePapersTests : PaperStoreConformance
{
    readonly TestFolder folder = new();
    SideStores? stores;

    protected override ValueTask<IPaperStore> OpenAsync() => new((stores = SqliteSideStores.Open(folder.Path)).Papers);

    protected override ValueTask CloseAsync()
    {
        stores?.Dispose();
        folder.Dispose();
        return default;
    }
}

/// <summary>What is of this store alone.</summary>
public sealed class SqlitePaperFileTests
{
    [Fact]
    public async Task After_a_failed_commit_nothing_of_it_is_there_and_the_next_one_succeeds()
    {
        using var folder = new TestFolder();
        var take = new PaperTake(
            JobId.New(DateTimeOffset.UnixEpoch), new JobSequence(1), 1, new UserId("a:ann"), new PaperId("p"),
                "a.pdf", [1], DateTimeOffset.UnixEpoch);
        using (var stores = SqliteSideStores.Open(folder.Path))
        {
            var store = stores.Papers;
            store.AtCommit = () => throw new StoreFailedException("the disk is gone", isUncertain: false);
            await Assert.ThrowsAsync<StoreFailedException>(() => store.TakeAsync(take, []));
            store.AtCommit = null;
            Assert.Empty(await store.UnsettledAsync(null, 10));
            Assert.True(await store.TakeAsync(take, []));
            await store.SettleAsync(take.Job, 1);
        }

        using var again = SqliteSideStores.Open(folder.Path);
        Assert.NotNull(await again.Papers.FindAsync(take.User, take.Paper));
    }
}
