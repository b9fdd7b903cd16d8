using NextUp.Actors.Store;
using NextUp.Storage.Sqlite.Records;
using NextUp.StorageTests.Conformance;

namespace NextUp.StorageTests.Sqlite;

public sealed class SqliteRecordStoreTests : RecordStoreConformance, IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("nextup-records-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_newer_database_is_refused_with_a_way_out()
    {
        SqliteRecordStore.Open(folder).Dispose();
        using (var connection = Storage.Sqlite.Connection.OpenFile(Path.Combine(folder, SqliteRecordStore.DatabaseName), readOnly: false))
            connection.Execute("PRAGMA user_version = 1000");
        var refused = Assert.Throws<StoreFailedException>(() => SqliteRecordStore.Open(folder));
        Assert.Contains("Run the newer program", refused.Message, StringComparison.Ordinal);
    }

    protected override IRecordStore Open() => SqliteRecordStore.Open(folder);

    protected override IRecordStore Reopen(IRecordStore store)
    {
        Close(store);
        return Open();
    }

    protected override void Close(IRecordStore store) => ((SqliteRecordStore)store).Dispose();
}
