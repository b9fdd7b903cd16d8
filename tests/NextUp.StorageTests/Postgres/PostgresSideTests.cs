using NextUp.Actors.Store;
using NextUp.Storage.Sql.Side;
using NextUp.StorageTests.Conformance;

namespace NextUp.StorageTests.Postgres;

public sealed class PostgresDocuments : DocumentStoreConformance
{
    static readonly SideSchema Schema = new();

    SideStores? stores;

    protected override ValueTask<IDocumentStore> OpenAsync() => new((stores = Schema.OpenEmpty()).Documents);

    protected override async ValueTask<IDocumentStore> ReopenAsync()
    {
        stores!.Dispose();
        stores = Schema.Open();
        await stores.DropTakenAsync();
        return stores.Documents;
    }

    protected override ValueTask CloseAsync()
    {
        stores?.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class PostgresRecordsTests : RecordStoreConformance
{
    static readonly SideSchema Schema = new();

    SideStores? stores;

    protected override IRecordStore Open() => (stores = Schema.OpenEmpty()).Records;

    protected override IRecordStore Reopen(IRecordStore store)
    {
        Close(store);
        return (stores = Schema.Open()).Records;
    }

    protected override void Close(IRecordStore store) => stores?.Dispose();
}

public sealed class PostgresPapersTests : PaperStoreConformance
{
    static readonly SideSchema Schema = new();

    SideStores? stores;

    protected override ValueTask<IPaperStore> OpenAsync() => new((stores = Schema.OpenEmpty()).Papers);

    protected override ValueTask CloseAsync()
    {
        stores?.Dispose();
        return ValueTask.CompletedTask;
    }
}
