using NextUp.Actors.Store;
using NextUp.Storage.Sql.Side;
using NextUp.Storage.Sqlite.Side;
using NextUp.StorageTests.Conformance;

namespace NextUp.StorageTests.Sqlite;

public sealed class SqliteDocuments : DocumentStoreConformance
{
    readonly string _folder = Directory.CreateTempSubdirectory("nextup-documents-").FullName;
    SideStores? _stores;

    protected override async ValueTask<IDocumentStore> OpenAsync()
    {
        _stores = SqliteSideStores.Open(_folder);
        await _stores.DropTakenAsync();
        return _stores.Documents;
    }

    protected override ValueTask<IDocumentStore> ReopenAsync()
    {
        _stores!.Dispose();
        return OpenAsync();
    }

    protected override ValueTask CloseAsync()
    {
        _stores?.Dispose();
        Directory.Delete(_folder, recursive: true);
        return default;
    }

    [Fact]
    public async Task A_commit_that_fails_changes_nothing_and_the_next_one_works()
    {
        var document = new NewDocument(
            new(Guid.CreateVersion7(Now)), Ann, "a.txt", 1, "hash", "text/plain", new(Guid.CreateVersion7(Now)), Now);
        _stores!.Documents.AtCommit = () => throw new StoreFailedException("The disk is full.", isUncertain: false);
        await Assert.ThrowsAsync<StoreFailedException>(() => Documents.AnnounceAsync(document));
        _stores.Documents.AtCommit = null;

        Assert.Empty(await Documents.ListAsync(Ann, null, 10));
        Assert.IsType<AnnounceAnswer.Announced>(await Documents.AnnounceAsync(document));
        Assert.Single(await Documents.ListAsync(Ann, null, 10));
    }
}
