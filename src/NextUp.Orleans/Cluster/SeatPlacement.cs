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
