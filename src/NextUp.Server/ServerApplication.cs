using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NextUp.Actors.Store;
using NextUp.Client.Operations;
using NextUp.Client.Wire;
using NextUp.Server.Cleanup;
using NextUp.Server.Jobs;
using NextUp.Server.Live;
using NextUp.Server.Operations;
using NextUp.Server.Queue;
using NextUp.Server.Settings;
using NextUp.Server.Standby;
using NextUp.Server.Statistics;
using NextUp.Server.Telemetry;
using NextUp.Server.Workers;
using NextUp.Storage.Files;

namespace NextUp.Server;

/// <summary>The server: opened, listening, and closed again.</summary>
public static partial class ServerApplication
{
    /// <summary>
    /// The settings, the address or the data folder cannot be used; the error output says which and why.
    /// </summary>
    public const int ExitUnusable = 2;

    /// <summary>How long a stop waits for requests and for running work.</summary>
    internal static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);

    /// <summary>The same where another server has the store by now: nothing of it can be stored.</summary>
    static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Serves until <paramref name="stop"/>, Ctrl+C or SIGTERM. Answers the exit code: 0 after a graceful stop,
    /// <see cref="ExitUnusable"/> where it could not start.
    /// </summary>
    public static async Task<int> RunAsync(
        ServeOptions options, TextWriter output, TextWriter error, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        try
        {
            var settings = NextUpSettings.Load(SettingsSources.Of(options));
            using var signals = new StopSignals(stop);
            await (settings is { Store.Kind: StoreKind.Postgres, Cluster.IsOn: true }
                ? ServeTogetherAsync(options, settings, output, error, signals.Asked)
                : settings.Store.Kind == StoreKind.Postgres ? TakeTurnsAsync(options, settings, output, error, signals.Asked)
                : ServeAsync(options, settings, null, new Place(options.Urls), output, signals.Asked));
            return 0;
        }
        catch (Exception unusable) when (
            Composition.IsUnusable(unusable) || unusable is SettingsException or IOException)
        {
            await error.WriteLineAsync(unusable.Message);
            return ExitUnusable;
        }
    }

    /// <summary>
    /// Stands by until this server has the store, serves until another one has it, and stands by again. Where it listens
    /// stays the same.
    /// </summary>
    static async Task TakeTurnsAsync(
        ServeOptions options, NextUpSettings settings, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var dataFolder = Composition.DataFolderOf(options, settings);
        using var folderLock = FolderLock.Take(dataFolder);
        var place = new Place(options.Urls);
        while (!stop.IsCancellationRequested)
        {
            await using var standby = new StandbyServer(settings, dataFolder, TimeProvider.System);
            if (await standby.WaitAsync(place.Urls ?? settings.Server.Urls, output, stop) is not { } opened)
                return;

            place.Urls = standby.Urls ?? place.Urls;
            place.LeaveAsync = standby.DisposeAsync;
            try
            {
                await ServeAsync(options, settings, opened, place, output, stop);
            }
            catch (StoreFailedException) when (opened.Lost.IsCancellationRequested)
            {
                // What was under way when the store was lost could not be stored any more; the other server has it.
            }

            if (opened.Lost.IsCancellationRequested)
                await error.WriteLineAsync("Another server has taken the store over; this one stands by.");
        }
    }

    /// <summary>Where to listen.</summary>
    sealed class Place(string? urls)
    {
        /// <summary>Null is what the settings say; the true addresses once something has listened there.</summary>
        public string? Urls { get; set; } = urls;

        /// <summary>Whether this server has served there before.</summary>
        public bool HasListened { get; set; }

        /// <summary>Sends away what listens there now.</summary>
        public Func<ValueTask> LeaveAsync { get; set; } = static () => default;
    }

    static async Task ServeAsync(
        ServeOptions options, NextUpSettings settings, OpenedStore? opened, Place place, TextWriter output,
        CancellationToken stop)
    {
        await using var composition = await Composition.OpenAsync(
            options, settings, TimeProvider.System, RandomNumberGenerator.GetInt32(int.MaxValue), opened);
        await using var application = Build(options with { Urls = place.Urls ?? options.Urls }, composition);
        await ServeAsync(options, application, composition, place, output, stop);
    }

    /// <summary>The web application on top of what was opened. It listens to nobody yet.</summary>
    internal static WebApplication Build(ServeOptions options, Composition composition)
    {
        // The empty builder reads no files and no variables of its own: what the server does is in NextUpSettings alone.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "nextup" });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls(options.Urls ?? composition.Reload.Current.Server.Urls);
        builder.WebHost.ConfigureKestrel(LimitKestrel);
        ServerLog.Configure(builder.Logging, composition.Settings.Telemetry);
        builder.Services.AddSingleton(services =>
            new ServerTelemetry(composition, services.GetRequiredService<ILogger<JobLog>>()));
        builder.Services.AddRoutingCore();
        builder.Services.ConfigureHttpJsonOptions(json => WireSchemas.Configure(json.SerializerOptions));
        builder.Services.AddOpenApi(ApiDocument.Configure);
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. composition.Settings.Front.Origins]).AllowAnyMethod()
            .WithHeaders("Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID", "X-API-Key")
            .WithExposedHeaders("Location", "Retry-After")));
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopWithin);

        var application = builder.Build();
        var faults = new FaultBoundary(application.Services.GetRequiredService<ILogger<FaultBoundary>>());
        composition.Reload.Told = new SettingsLog(application.Services.GetRequiredService<ILogger<SettingsLog>>()).Tell;
        var telemetry = application.Services.GetRequiredService<ServerTelemetry>();
        composition.TellFailed = (what, error) =>
        {
            telemetry.Faults.Count(what);
            faults.UnwatchedFailed(error, what);
        };
        if (composition.Settings.Telemetry.OtlpEndpoint is not null)
            RequestSpans.Use(application);
        application.Use(next => context =>
        {
            SecurityHeaders.Set(context.Response);
            return faults.InvokeAsync(context, next);
        });
        application.UseForwardedHeaders(BehindProxies(composition.Settings.Front));
        composition.Cluster?.Use(application);
        ApiPage.Use(application);
        application.UseWebSockets(new() { KeepAliveInterval = LiveFeed.KeepAliveInterval, KeepAliveTimeout = LiveFeed.KeepAliveInterval });
        application.UseRouting();
        application.UseCors();
        MapOperations(application, composition, telemetry);
        new SettingsEndpoints(composition.Reload, composition.Callers).Map(application);
        new CleanupEndpoint(composition.Cleanup, composition.Callers).Map(application);
        composition.Care.Map(application, composition.Callers);
        composition.Swept += new SweepLog(application.Services.GetRequiredService<ILogger<SweepLog>>()).Write;
        composition.Cluster?.Map(application, composition.Callers);
        composition.Work.Map(application);
        new WorkersEndpoint(composition.Desk, composition.Callers).Map(application);
        composition.Steering.Map(application, composition.Callers);
        new EstimatesEndpoint(composition.Places, composition.Callers).Map(application);
        composition.Papers.Map(application);
        composition.Notices.Map(application);
        composition.Documents.Map(application);
        composition.Tables.Map(
            application, composition.Callers, composition.Uploads, composition.Files, composition.WorkPath, composition.Clock);
        composition.Identity.Map(
            application, composition.Actors, composition.Live, composition.Me, composition.Notices, composition.MoveBelongingsAsync);
        return application;
    }

    /// <summary>What a listed proxy says of its client counts; what anyone else says does not.</summary>
    internal static ForwardedHeadersOptions BehindProxies(FrontSettings server)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
        };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var proxy in server.Proxies)
            options.KnownProxies.Add(proxy);
        foreach (var network in server.ProxyNetworks)
            options.KnownIPNetworks.Add(network);
        return options;
    }

    static void MapOperations(
        WebApplication application, Composition composition, ServerTelemetry telemetry)
    {
        var (statistics, clock) = (composition.Statistics, composition.Clock);
        var toolbox = composition.Settings.Tools.NewToolbox();
        new ToolsLog(application.Services.GetRequiredService<ILogger<ToolsLog>>()).Tell(toolbox.Missing());
        var health = new Health(
            async () => await composition.Places.StatusAsync(), composition.Store, composition.Disk.Read,
            toolbox.Missing, () => composition.Reload.Failure, clock,
            application.Lifetime.ApplicationStopping);
        composition.Endpoints.Map(application, health);
        new StatisticsEndpoints(statistics, composition.Marks, composition.Callers, clock).Map(application);
        new MetricsPage(telemetry.Metrics, composition.Settings.Telemetry.MetricsPage, composition.Callers)
            .Map(application);
        new OperationsEndpoints(
            composition.Store, statistics, composition.Queue, composition.Live, composition.Disk, composition.Marks,
            health, composition.Callers, clock).Map(application);
    }

    static async Task ServeAsync(
        ServeOptions options, WebApplication application, Composition composition, Place place, TextWriter output,
        CancellationToken stop)
    {
        await composition.StartAsync();
        await using var watch = new SettingsWatch(composition.Reload, composition.Clock);
        await place.LeaveAsync();
        // A stop that is asked for meanwhile is a graceful one, too: it begins as soon as this has started.
        await application.StartAsync(CancellationToken.None);
        void Reload(PosixSignalContext signal)
        {
            signal.Cancel = true;
            _ = composition.Reload.ReloadAsync("SIGHUP");
        }

        // Whoever reads that we are here may send it at once, and a signal that nobody waits for ends the process.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Reload);
        await WelcomeAsync(application, composition, output);
        var addresses = AddressesOf(application).ToList();
        (place.Urls, place.HasListened) = (string.Join(';', addresses), true);
        composition.Join(composition.Settings.Cluster.UrlFor(addresses.FirstOrDefault() ?? ServeOptions.DefaultUrls));
        var address = LocalWorkers.AddressOf(addresses.FirstOrDefault() ?? ServeOptions.DefaultUrls);
        var local = new LocalWorkers(
            options, composition, address, application.Services.GetRequiredService<ILogger<LocalWorkers>>());
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stop.Register(() => asked.TrySetResult()))
        await using (composition.Lost.Register(() => asked.TrySetResult()))
        {
            await using (local)
            {
                local.Start();
                await asked.Task;
            }

            // Streams never end by themselves, so they are ended first; then no new request is taken and the others
            // finish.
            composition.Live.Stop();
            composition.Desk.Stop();
            await application.StopAsync(CancellationToken.None);
            await composition.StopAsync(composition.Lost.IsCancellationRequested ? LeaveWithin : StopWithin);
        }
    }

    static ICollection<string> AddressesOf(WebApplication application) =>
        application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];

    static async Task WelcomeAsync(WebApplication application, Composition composition, TextWriter output)
    {
        foreach (var address in AddressesOf(application))
            await output.WriteLineAsync($"NextUp is at {address}");
        await output.WriteLineAsync($"Its data is in {composition.DataFolder}");
        var queue = composition.Reload.Current.Queue;
        await output.WriteLineAsync(queue.Paused
            ? $"The queue is paused; {queue.Slots} jobs would run at once."
            : queue.Slots == 1 ? "One job runs at a time. Stop with Ctrl+C."
            : $"Up to {queue.Slots} jobs run at once. Stop with Ctrl+C.");
        await output.FlushAsync(CancellationToken.None);
    }

    static void LimitKestrel(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxRequestBodySize = UploadLimits.OtherBodyBytesMax;
    }
}
