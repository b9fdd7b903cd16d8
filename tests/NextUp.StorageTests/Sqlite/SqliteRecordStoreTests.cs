using NextUp.Actors.Store;
using NextUp.Storage.Sql.Side;
using NextUp.Storage.Sqlite.Side;
using NextUp.StorageTests.Conformance;

namespace NextUp.StorageTests.Sqlite;

public sealed class SqliteRecordStoreTests : RecordStoreConformance, IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("nextup-records-").FullName;
    SideStores? stores;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_newer_database_is_refused_with_a_way_out()
    {
        SqliteSideStores.Open(folder).Dispose();
        using (var connection = Storage.Sqlite.Connection.OpenFile(Path.Combine(folder, "records.db"), readOnly: false))
            connection.Execute("PRAGMA user_version = 1000");
        var refused = Assert.Throws<StoreFailedException>(() => SqliteSideStores.Open(folder));
        Assert.Contains("Run the newer program", refused.Message, StringComparison.Ordinal);
    }

    protected override IRecordStore Open() => (stores = SqliteSideStores.Open(folder)).Records;

    protected override IRecordStore Reopen(IRecordStore store)
    {
        Close(store);
        return Open();
    }

    protected override void Close(IRecordStore store) => stores?.Dispose();
}
