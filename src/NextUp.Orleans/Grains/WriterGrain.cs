using NextUp.Actors.Store;
using NextUp.Orleans.Cluster;
using Orleans.Concurrency;

namespace NextUp.Orleans.Grains;

/// <summary>The owner's end of the way that writes of other silos take to the store.</summary>
[Reentrant]
[KeepAlive]
[SeatPlacement]
sealed class WriterGrain(SiloParts parts) : Grain, IWriterGrain
{
    public async ValueTask<CommitAnswer> CommitAsync(StoreWrite write)
    {
        if (parts.Seat() is not { } seat || seat.Key != this.GetPrimaryKeyString())
            throw new StoreFailedException("Another server owns the store; send it there.", isUncertain: false);
        return await parts.Store.CommitAsync(write);
    }
}
