using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.HostTests.Behaviour;
using NextUp.Orleans.Cluster;
using Npgsql;

namespace NextUp.OrleansTests.Silos;

/// <summary>Nobody changes the cluster's tables under servers that are part of it, or works on those of another program.</summary>
public sealed class ClusterSchemaTests
{
    static readonly KindPolicy Policy = new() { Kind = World.Kind };

    [Fact]
    public async Task A_server_of_another_program_than_the_clusters_is_refused_with_the_way_out()
    {
        await using var world = (SiloWorld)await SiloWorld.OpenAsync(Policy, new(), silos: 2);

        await ExecuteAsync(world, "UPDATE cluster_layout SET version = version - 1");
        var refusal = await Assert.ThrowsAsync<StoreFailedException>(() => ClusterSchema.BringAsync(world.Connection!));
        Assert.Contains("Stop them all, then start this one.", refusal.Message, StringComparison.Ordinal);

        await ExecuteAsync(world, "UPDATE cluster_layout SET version = version + 2");
        refusal = await Assert.ThrowsAsync<StoreFailedException>(() => ClusterSchema.BringAsync(world.Connection!));
        Assert.Contains("Run the newer program that wrote them", refusal.Message, StringComparison.Ordinal);

        await ExecuteAsync(world, "UPDATE cluster_layout SET version = version - 1");
        await ClusterSchema.BringAsync(world.Connection!);
    }

    static async Task ExecuteAsync(SiloWorld world, string sql)
    {
        await using var session = new NpgsqlConnection(world.Connection);
        await session.OpenAsync();
        await using var command = new NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync();
    }
}
