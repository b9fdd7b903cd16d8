using NextUp.Actors.Store;
using NextUp.Storage.Sql.Side;

namespace NextUp.Storage.Sql.Records;

/// <summary>The records that imports bring. Each method is one transaction.</summary>
/// <remarks>
/// A batch of an import is large, so nothing is gained by sharing commits. A crash leaves the state after some transaction, and
/// at least after the last that was answered: a batch and its checkpoint are one transaction, so an import goes on exactly
/// behind its last batch.
/// </remarks>
public sealed partial class SqlRecordStore : IRecordStore
{
    readonly SideDatabase database;

    internal SqlRecordStore(SideDatabase database) => this.database = database;

    /// <summary>Called where a transaction is about to be committed; what it throws fails it. For tests.</summary>
    public Action? AtCommit
    {
        set => database.AtCommit = value;
    }
}
