using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace NextUp.Orleans.Cluster;

/// <summary>On the silo that the grain's key names, or nowhere.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class SeatPlacementAttribute() : PlacementAttribute(new SeatPlacement());

[Serializable]
sealed class SeatPlacement : PlacementStrategy;

sealed class SeatPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silo = Seat.SiloOf(target.GrainIdentity.Key.ToString()!);
        return context.GetCompatibleSilos(target).Contains(silo)
            ? Task.FromResult(silo)
            : throw new OrleansException($"The silo {silo} is gone.");
    }
}

/// <summary>
/// On the silo that has the queue, where there is one: almost every call of such a grain goes on to the queue, and so crosses
/// from silo to silo once instead of twice.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class QueueSidePlacementAttribute() : PlacementAttribute(new QueueSidePlacement());

[Serializable]
sealed class QueueSidePlacement : PlacementStrategy;

sealed class QueueSidePlacementDirector(SiloParts parts) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        return Task.FromResult(parts.Seat()?.Silo is { } seat && silos.Contains(seat) ? seat : context.LocalSilo);
    }
}
