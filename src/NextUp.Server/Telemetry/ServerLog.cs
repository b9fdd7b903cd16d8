using Microsoft.Extensions.Logging.Console;
using NextUp.Server.Settings;

namespace NextUp.Server.Telemetry;

/// <summary>The server's log: lines on the error output, and to the collector where there is one.</summary>
static class ServerLog
{
    public static void Configure(ILoggingBuilder logging, TelemetrySettings settings)
    {
        if (settings.LogFormat == LogFormat.Json)
            logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
        else
            logging.AddSimpleConsole(console => console.SingleLine = true);

        logging.SetMinimumLevel(LevelOf(LogDetail.Warning))
            .AddFilter("NextUp", LevelOf(settings.LogLevel))
            .AddFilter("Microsoft", LevelOf((LogDetail)Math.Max((int)settings.LogLevel, (int)LogDetail.Warning)))
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // What stops a start is said by RunAsync, once.
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        OtlpExport.AddLog(logging, settings);
    }

    static LogLevel LevelOf(LogDetail detail) => detail switch
    {
        LogDetail.Debug => LogLevel.Debug,
        LogDetail.Information => LogLevel.Information,
        LogDetail.Warning => LogLevel.Warning,
        _ => LogLevel.Error,
    };
}
