using NextUp.Storage.Sql.Documents;
using NextUp.Storage.Sql.Papers;
using NextUp.Storage.Sql.Records;

namespace NextUp.Storage.Sql.Side;

/// <summary>The stores of results that live on, beside the queue's.</summary>
public sealed class SideStores : IDisposable
{
    readonly SideDatabase[] databases;

    /// <param name="databases">Closed with this.</param>
    internal SideStores(SideDatabase documents, SideDatabase records, SideDatabase papers, params SideDatabase[] databases)
    {
        (Documents, Records, Papers) = (new(documents), new(records), new(papers));
        this.databases = databases;
    }

    public SqlDocumentStore Documents { get; }

    public SqlRecordStore Records { get; }

    public SqlPaperStore Papers { get; }

    /// <summary>
    /// Lets go what was half taken when an earlier process died. Only where no other server works on the stores at this moment.
    /// </summary>
    /// <exception cref="Actors.Store.StoreFailedException">The store cannot be written.</exception>
    public Task DropTakenAsync() => Documents.DropTakenAsync();

    /// <summary>Waits for what is being written, then closes.</summary>
    public void Dispose()
    {
        foreach (var database in databases)
            database.Dispose();
    }
}
