using NextUp.Server.Telemetry;

namespace NextUp.Server.Settings;

/// <summary>How much the server says in its log.</summary>
enum LogDetail
{
    Debug = 0,

    /// <summary>One line for each state change of a job, and what is below.</summary>
    Information = 1,

    Warning = 2,

    Error = 3,
}

enum LogFormat
{
    Text = 0,

    /// <summary>One JSON object a line.</summary>
    Json = 1,
}

/// <summary>The section <c>telemetry</c>.</summary>
sealed record TelemetrySettings
{
    const int HeadersLengthMax = 4_000;

    /// <summary>Where traces, metrics and logs go; null sends none.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>Headers for it, as the OTLP exporters write them: <c>name=value,name=value</c>.</summary>
    public string? OtlpHeaders { get; init; }

    /// <summary>The share of submissions that are traced, where their sender does not trace them. Defaults to all.</summary>
    public double SampleRatio { get; init; } = 1;

    public MetricsAudience MetricsPage { get; init; }

    public LogDetail LogLevel { get; init; } = LogDetail.Warning;

    public LogFormat LogFormat { get; init; }

    public static TelemetrySettings Read(SettingsSection section)
    {
        var defaults = new TelemetrySettings();
        return new TelemetrySettings
        {
            OtlpEndpoint = section.AddressOrNone(
                "otlpEndpoint",
                "A collector that takes OTLP over HTTP, such as http://127.0.0.1:4318: traces from upload to result, metrics "
                + "and logs go there. None sends nothing and costs nothing."),
            OtlpHeaders = section.Secret(
                "otlpHeaders", HeadersLengthMax, "Headers that the collector asks for: name=value, with commas between them."),
            SampleRatio = section.Number(
                "sampleRatio", defaults.SampleRatio, 0, 1,
                "The share of submissions that are traced. Less costs less; a sender's own trace is followed either way."),
            MetricsPage = section.Choice(
                "metricsPage", defaults.MetricsPage,
                "Who may read /metrics beside operators: programs on this machine that come without a proxy, nobody, or "
                + "everyone."),
            LogLevel = section.Choice(
                "logLevel", defaults.LogLevel,
                "What the log on the error output has: information has a line for each state change of a job."),
            LogFormat = section.Choice(
                "logFormat", defaults.LogFormat, "A line of text for people, or one JSON object a line for programs."),
        };
    }
}
