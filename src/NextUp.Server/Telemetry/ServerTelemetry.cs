namespace NextUp.Server.Telemetry;

/// <summary>What the server tells of itself while it runs; ends, and sends what it still has, with the application.</summary>
sealed class ServerTelemetry : IAsyncDisposable
{
    readonly HttpTimes _http = new();
    readonly JobLog? _log;
    readonly MeterFeed? _feed;
    readonly OtlpExport? _export;

    public ServerTelemetry(Composition composition, ILogger<JobLog> logger)
    {
        var (statistics, clock) = (composition.Statistics, composition.Clock);
        var settings = composition.Settings.Telemetry;
        Metrics = new Metrics(
            statistics, composition.Places, composition.Store, composition.Live, composition.Disk, composition.Machine,
            _http, Faults, clock);
        _log = JobLog.Start(statistics, composition.Marks, logger);
        _export = OtlpExport.Start(settings);
        _feed = _export is null ? null : new MeterFeed(statistics, Metrics, clock);
    }

    public Faults Faults { get; } = new();

    public Metrics Metrics { get; }

    public async ValueTask DisposeAsync()
    {
        if (_log is not null)
            await _log.DisposeAsync();
        _export?.Dispose(); // Reads the feed's meters a last time.
        if (_feed is not null)
            await _feed.DisposeAsync();
        _http.Dispose();
    }
}
