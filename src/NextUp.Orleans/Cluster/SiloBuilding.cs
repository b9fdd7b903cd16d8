using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NextUp.Orleans.Wire;
using Npgsql;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Hosting;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;

namespace NextUp.Orleans.Cluster;

/// <summary>Puts a silo together.</summary>
static class SiloBuilding
{
    /// <summary>The name under which Orleans knows Npgsql.</summary>
    const string Invariant = "Npgsql";

    static readonly TimeSpan UserIdleMax = TimeSpan.FromMinutes(2);

    public static IHost Build(
        SiloOptions options, SiloParts parts, CancellationTokenSource lost, Action<IServiceCollection>? services)
    {
        // Nothing of the surroundings: what a server does is in its settings alone.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "nextup" });
        services?.Invoke(builder.Services);
        builder.Services.AddSingleton(parts);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton<IFatalErrorHandler>(new SiloIsDead(lost, parts.Environment.TellFailed));
        builder.Services.AddSerializer(serializer => serializer.AddJsonSerializer(
            SiloJson.IsOurs, static _ => false, codec => codec.Configure(json => json.SerializerOptions = SiloJson.Options)));
        builder.Services.AddSingleton<ITypeFilter, OurTypes>();
        builder.Services.AddSingleton<IGeneralizedCopier, ImmutableCopier>();
        builder.UseOrleans(silo => Configure(silo, options));
        return builder.Build();
    }

    static void Configure(ISiloBuilder silo, SiloOptions options)
    {
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ClusterId));
        silo.Configure<EndpointOptions>(endpoint =>
        {
            endpoint.AdvertisedIPAddress = options.Address;
            (endpoint.SiloPort, endpoint.GatewayPort) = (options.SiloPort, options.GatewayPort);
            if (!IPAddress.IsLoopback(options.Address))
                endpoint.SiloListeningEndpoint = new(IPAddress.Any, options.SiloPort);
        });
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            // Shorter ones, which Orleans would come to by itself, take a busy machine for a dead one.
            membership.ProbeTimeout = membership.MinProbeTimeout = options.ProbeEvery;

            // Longer ones, of which the last is always one, would add up to more than a lost server's users should wait.
            membership.MaxProbeTimeout = options.ProbeEvery * 2;
            membership.NumMissedProbesLimit = options.ProbesMissedMax;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
            membership.DefunctSiloExpiration = TimeSpan.FromHours(1);
        });
        silo.Configure<SiloMessagingOptions>(messages =>
            messages.ResponseTimeout = messages.SystemResponseTimeout = options.AnswerMax);
        silo.Configure<GrainCollectionOptions>(collection => collection.CollectionAge = UserIdleMax);

        // Some versions keep a dead silo's grains from living elsewhere for half a minute, lest there be two of one. Here the
        // store decides between two, and nobody should wait; by name, because other versions do not know it.
        silo.Services.Configure<GrainDirectoryOptions>(new ConfigurationBuilder()
            .AddInMemoryCollection([new("RangeLeaseDuration", "00:00:00")]).Build());
        silo.Services.AddRouting();
        var listener = new DiagnosticListener("nextup"); // Of the pages' own pipeline.
        silo.Services.AddSingleton(listener).AddSingleton<DiagnosticSource>(listener);
        silo.AddDashboard();
        silo.Services.AddPlacementDirector<SeatPlacement, SeatPlacementDirector>();
        silo.Services.AddPlacementDirector<QueueSidePlacement, QueueSidePlacementDirector>();
#pragma warning disable ORLEANSEXP003 // The older directory forgets who lives where when a silo dies, and would lose attempts that run.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        if (options.Connection is { } given)
        {
            var connection = Few(given);
            silo.UseAdoNetClustering(clustering => (clustering.Invariant, clustering.ConnectionString) = (Invariant, connection));
            silo.UseAdoNetReminderService(reminders => (reminders.Invariant, reminders.ConnectionString) = (Invariant, connection));
        }
        else
        {
            silo.UseLocalhostClustering(options.SiloPort, options.GatewayPort, null, options.ClusterId, options.ClusterId);
            silo.UseInMemoryReminderService();
        }
    }

    /// <summary>Membership and reminders ask little and seldom; the database has better use for its connections.</summary>
    static string Few(string connection) => new NpgsqlConnectionStringBuilder(connection)
    {
        ApplicationName = "nextup cluster", MaxPoolSize = 8, ConnectionIdleLifetime = 15, ConnectionPruningInterval = 5,
    }.ConnectionString;

    /// <summary>When a process starts and stops is its server's business.</summary>
    sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    sealed class OurTypes : ITypeFilter
    {
        public bool? IsTypeAllowed(Type type) => SiloJson.IsOurs(type) ? true : null;
    }

    /// <summary>The cluster has given this silo up: the server leaves, and joins anew, instead of ending its process at once.</summary>
    sealed class SiloIsDead(CancellationTokenSource lost, Action<string, Exception> tell) : IFatalErrorHandler
    {
        public bool IsUnexpected(Exception exception) => exception is not ThreadAbortException;

        public void OnFatalException(object? sender, string? context, Exception? exception)
        {
            tell($"the silo: {context}", exception ?? new OrleansException(context ?? "The silo failed."));
            try
            {
                lost.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It was stopped meanwhile.
            }
        }
    }
}
