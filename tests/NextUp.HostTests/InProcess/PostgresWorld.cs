using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.HostTests.Behaviour;
using NextUp.HostTests.InProcess;
using NextUp.Storage.Postgres;
using NextUp.Storage.Sql;
using NextUp.StorageTests.Postgres;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace NextUp.HostTests.InProcess;

/// <summary>The rules on the host that serves, with the store on PostgreSQL.</summary>
public sealed class PostgresQueueBehaviour : QueueBehaviour
{
    private protected override Task<World> OpenAsync(KindPolicy policy, QueueSettings settings) =>
        PostgresWorld.OpenAsync(policy, settings);
}

/// <summary>The rules for workers elsewhere, with the store on PostgreSQL.</summary>
public sealed class PostgresLeaseBehaviour : LeaseBehaviour
{
    private protected override Task<World> OpenAsync(KindPolicy policy, QueueSettings settings) =>
        PostgresWorld.OpenAsync(policy, settings);
}

/// <summary>The rules for clean-up, with the store on PostgreSQL.</summary>
public sealed class PostgresCleanupBehaviour : CleanupBehaviour
{
    private protected override Task<World> OpenAsync(KindPolicy policy, QueueSettings settings) =>
        PostgresWorld.OpenAsync(policy, settings);
}

sealed class PostgresWorld(KindPolicy policy, QueueSettings settings) : InProcessWorld(policy, settings)
{
    readonly string _connection = SharedPostgres.NewStore();

    public static async Task<World> OpenAsync(KindPolicy policy, QueueSettings settings)
    {
        var world = new PostgresWorld(policy, settings);
        await world.StartAsync();
        return world;
    }

    protected override SqlStore OpenStore() => PostgresStore.Open(new PostgresStoreOptions { Connection = _connection });
}
