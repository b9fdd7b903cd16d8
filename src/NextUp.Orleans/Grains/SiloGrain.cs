using NextUp.Actors.Jobs;
using NextUp.Orleans.Cluster;
using Orleans.Concurrency;

namespace NextUp.Orleans.Grains;

/// <summary>What other silos ask of one.</summary>
[Reentrant]
[KeepAlive]
[SeatPlacement]
sealed class SiloGrain(SiloParts parts) : Grain, ISiloGrain
{
    public ValueTask<JobId[]> RunningAsync() => new(parts.RunningNow());

    public ValueTask LeavingAsync(string silo)
    {
        parts.Placing.Leave(SiloAddress.FromParsableString(silo));
        return default;
    }
}
