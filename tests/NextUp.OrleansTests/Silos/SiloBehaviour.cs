using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.HostTests.Behaviour;
using NextUp.StorageTests.Postgres;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace NextUp.OrleansTests.Silos;

/// <summary>The rules on one silo with the store in a file, as a developer runs it.</summary>
public sealed class OneSiloQueueBehaviour : QueueBehaviour
{
    private protected override Task<World> OpenAsync(KindPolicy policy, QueueSettings settings) =>
        SiloWorld.OpenAsync(policy, settings, silos: 1);
}

/// <summary>The rules on two silos on PostgreSQL: the one that is asked is not the one that has the queue.</summary>
public sealed class ClusterQueueBehaviour : QueueBehaviour
{
    private protected override Task<World> OpenAsync(KindPolicy policy, QueueSettings settings) =>
        SiloWorld.OpenAsync(policy, settings, silos: 2);
}

/// <summary>The rules on two silos for work so brief that it stays beside the queue.</summary>
public sealed class BriefClusterQueueBehaviour : QueueBehaviour
{
    private protected override Task<World> OpenAsync(KindPolicy policy, QueueSettings settings) =>
        SiloWorld.OpenAsync(policy, settings, silos: 2, isBrief: true);
}

/// <summary>The rules for workers elsewhere, on two silos.</summary>
public sealed class ClusterLeaseBehaviour : LeaseBehaviour
{
    private protected override Task<World> OpenAsync(KindPolicy policy, QueueSettings settings) =>
        SiloWorld.OpenAsync(policy, settings, silos: 2);
}

/// <summary>The rules for clean-up, on two silos.</summary>
public sealed class ClusterCleanupBehaviour : CleanupBehaviour
{
    private protected override Task<World> OpenAsync(KindPolicy policy, QueueSettings settings) =>
        SiloWorld.OpenAsync(policy, settings, silos: 2);
}
