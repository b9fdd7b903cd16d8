using NextUp.Actors.Jobs;
using NextUp.Server.Settings;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace NextUp.Server.Telemetry;

/// <summary>
/// Sends traces, metrics and logs to a collector by OTLP over HTTP. Made only where one is configured; what could not be
/// sent is dropped after the exporter's own bounds, and never holds up a job.
/// </summary>
sealed class OtlpExport : IDisposable
{
    readonly TracerProvider _traces;
    readonly MeterProvider? _metrics;

    OtlpExport(TelemetrySettings settings, Uri endpoint, bool isWorker)
    {
        // What a worker begins by itself is asking for jobs, which belongs to none.
        Sampler own = isWorker ? new AlwaysOffSampler() : new TraceIdRatioBasedSampler(settings.SampleRatio);
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(Resource())
            .SetSampler(new ParentBasedSampler(own))
            .AddSource(JobTraces.SourceName, "Microsoft.AspNetCore", "System.Net.Http")
            .AddOtlpExporter(to => Aim(to, settings, endpoint, "v1/traces"))
            .Build();
        if (isWorker)
            return;
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(Resource())
            .AddMeter(MeterFeed.MeterName, "Microsoft.AspNetCore.Hosting", "System.Net.Http", "System.Runtime")
            .AddOtlpExporter(to => Aim(to, settings, endpoint, "v1/metrics"))
            .Build();
    }

    /// <summary>Null without a collector.</summary>
    public static OtlpExport? Start(TelemetrySettings settings) =>
        settings.OtlpEndpoint is { } endpoint ? new OtlpExport(settings, endpoint, isWorker: false) : null;

    /// <summary>For a worker: the spans of its work, in the traces of those who submitted it. Null without a collector.</summary>
    public static OtlpExport? StartForWorker(TelemetrySettings settings) =>
        settings.OtlpEndpoint is { } endpoint ? new OtlpExport(settings, endpoint, isWorker: true) : null;

    /// <summary>The log, too, where there is a collector: the lines about jobs included, whatever the console shows.</summary>
    public static void AddLog(ILoggingBuilder logging, TelemetrySettings settings)
    {
        if (settings.OtlpEndpoint is not { } endpoint)
            return;

        logging.AddOpenTelemetry(log =>
        {
            log.SetResourceBuilder(Resource());
            log.IncludeFormattedMessage = true;
            log.AddOtlpExporter(to => Aim(to, settings, endpoint, "v1/logs"));
        });
        logging.AddFilter<OpenTelemetryLoggerProvider>("NextUp", LogLevel.Information);
        logging.AddFilter<OpenTelemetryLoggerProvider>(null, LogLevel.Warning);
    }

    /// <summary>Sends what has gathered; a collector that is away holds this up for a few seconds at most.</summary>
    public void Dispose()
    {
        _metrics?.Dispose();
        _traces.Dispose();
    }

    static void Aim(OtlpExporterOptions to, TelemetrySettings settings, Uri endpoint, string path)
    {
        to.Protocol = OtlpExportProtocol.HttpProtobuf;
        to.Endpoint = new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);
        if (settings.OtlpHeaders is { } headers)
            to.Headers = headers;
    }

    static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty().AddService(
        "nextup", serviceVersion: typeof(OtlpExport).Assembly.GetName().Version?.ToString(3));
}
