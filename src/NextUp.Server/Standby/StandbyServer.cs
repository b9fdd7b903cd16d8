using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using NextUp.Actors.Store;
using NextUp.Client.Wire;
using NextUp.Server.Operations;
using NextUp.Server.Settings;
using NextUp.Server.Telemetry;
using NextUp.Storage.Files;
using NextUp.Storage.Postgres;

namespace NextUp.Server.Standby;

/// <summary>
/// A server that has no store: another one has it, or the database is away. It answers health, sends everybody else away for
/// a second, and asks twice a second whether it may have the store.
/// </summary>
sealed class StandbyServer(NextUpSettings settings, string dataFolder, TimeProvider clock) : IAsyncDisposable
{
    static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    readonly PostgresStandby _standby = new(settings.Store.Options(clock));
    readonly IStoredFiles _files = OpenedStore.FilesOf(settings.Store, dataFolder, clock);
    WebApplication? _application;
    string _reason = "";

    /// <summary>Where it listens, once it does; what serves next takes its place there.</summary>
    public string? Urls { get; private set; }

    /// <summary>Waits for the store, listening where it does not come at once; null where asked to stop.</summary>
    /// <exception cref="StoreFailedException">The database refuses this server, or is of a newer one.</exception>
    public async Task<OpenedStore?> WaitAsync(string urls, TextWriter output, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (await TryAsync() is { } store)
                return OpenedStore.OnPostgres(store, _files, settings.Store, dataFolder, clock);

            try
            {
                if (_application is null)
                    await ListenAsync(urls, output, stop);
                await Task.Delay(AskEvery, clock, stop);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Stops listening, so that another can.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_application is not { } application)
            return;
        _application = null;
        await application.StopAsync(CancellationToken.None);
        await application.DisposeAsync();
    }

    async Task<PostgresStore?> TryAsync()
    {
        try
        {
            var store = await Task.Run(() => _standby.TryTakeOver(_files));
            _reason = _standby.OlderLayout is null
                ? "Another server has the store; this one stands by."
                : "Another server of an older program has the store; this one stands by, and will bring the store's layout to its "
                    + "own when it takes over.";
            return store;
        }
        catch (StoreFailedException failure) when (PostgresStandby.IsAway(failure))
        {
            _reason = "The store does not answer; this server waits for it.";
            return null;
        }
    }

    async Task ListenAsync(string urls, TextWriter output, CancellationToken stop)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "nextup" });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls(urls);
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);
        ServerLog.Configure(builder.Logging, settings.Telemetry);
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        _application = builder.Build();
        _application.Run(AnswerAsync);
        await _application.StartAsync(stop);
        var addresses = _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Urls = string.Join(';', addresses);
        foreach (var address in addresses)
            await output.WriteLineAsync($"NextUp is at {address}");
        await output.WriteLineAsync($"It stands by. {_reason}");
        await output.FlushAsync(CancellationToken.None);
    }

    Task AnswerAsync(HttpContext context)
    {
        SecurityHeaders.Set(context.Response);
        context.Response.Headers.CacheControl = "no-store";
        return context.Request.Path.Value switch
        {
            "/health/live" => Health.LiveAsync(context),
            "/health/ready" => Answers.JsonAsync(
                context, 503, new HealthView("standby", [_reason]), WireJson.Wire.HealthView),
            _ => Problems.WriteAsync(context, Problems.StandingBy(_reason, RetryAfter)),
        };
    }
}
