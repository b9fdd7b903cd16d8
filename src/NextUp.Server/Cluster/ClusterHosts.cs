using System.Net;
using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Hosting;
using NextUp.Hosting.InProcess;
using NextUp.Server.Settings;
using NextUp.Server.Users;
#if ORLEANS
using NextUp.Orleans.Cluster;
#endif

namespace NextUp.Server.Cluster;

/// <summary>The one place that knows which host of a cluster this program was built with.</summary>
static class ClusterHosts
{
#if ORLEANS
    public const bool IsBuilt = true;

    /// <param name="services">Further services of the silo.</param>
    public static IClusterHost New(
        NextUpSettings settings, IJobStore store, KindPolicies kinds, IJobRunner runner, ActorEnvironment environment,
        Action<IServiceCollection> services)
    {
        var cluster = settings.Cluster;
        var options = new SiloOptions
        {
            ClusterId = cluster.Id,
            Address = IPAddress.Parse(cluster.Address),
            SiloPort = cluster.SiloPort,
            GatewayPort = cluster.GatewayPort,
            Connection = settings.Store.Kind == StoreKind.Postgres ? settings.Store.Connection : null,
        };
        return new SiloHost(options, store, kinds, settings.Queue, runner, environment, settings.Cleanup, services);
    }

    /// <summary>What Orleans shows of itself, for administrators.</summary>
    public static void MapPages(WebApplication application, IClusterHost host, Callers callers) =>
        SiloPages.Map(application, (SiloHost)host, callers);
#else
    public const bool IsBuilt = false;

    public static IClusterHost New(
        NextUpSettings settings, IJobStore store, KindPolicies kinds, IJobRunner runner, ActorEnvironment environment,
        Action<IServiceCollection> services) =>
        throw new NotSupportedException($"No {nameof(ClusterSettings)} asks for what was not built.");

    public static void MapPages(WebApplication application, IClusterHost host, Callers callers) =>
        throw new NotSupportedException($"No {nameof(ClusterSettings)} asks for what was not built.");
#endif
}
