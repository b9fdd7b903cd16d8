using System.Globalization;
using System.Text;
using NextUp.Actors.Statistics;

namespace NextUp.Server.Telemetry;

/// <summary>
/// Metrics in Prometheus' text format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
/// </summary>
static class MetricsText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The bounds of a histogram's buckets, in seconds.</summary>
    static readonly double[] s_bounds =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 14400, 86400];

    public static string Write(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder(16 * 1024);
        foreach (var family in families)
        {
            text.Append("# HELP ").Append(family.Name).Append(' ').Append(Escaped(family.Help, isQuoted: false)).Append('\n');
            text.Append("# TYPE ").Append(family.Name).Append(' ').Append(family.Type.ToString().ToLowerInvariant()).Append('\n');
            foreach (var sample in family.Samples)
            {
                if (sample.Durations is { } durations)
                    WriteHistogram(text, family.Name, durations, sample.Labels);
                else
                    WriteLine(text, family.Name, sample.Labels, null, sample.Value);
            }
        }

        return text.ToString();
    }

    static void WriteHistogram(
        StringBuilder text, string name, DurationHistogram durations, IReadOnlyList<MetricLabel> labels)
    {
        foreach (var bound in s_bounds)
        {
            var count = durations.CountAtMost(TimeSpan.FromSeconds(bound));
            WriteLine(text, name + "_bucket", labels, bound.ToString(CultureInfo.InvariantCulture), count);
        }

        WriteLine(text, name + "_bucket", labels, "+Inf", durations.Count);
        WriteLine(text, name + "_sum", labels, null, durations.SumMicroseconds / 1e6);
        WriteLine(text, name + "_count", labels, null, durations.Count);
    }

    static void WriteLine(
        StringBuilder text, string name, IReadOnlyList<MetricLabel> labels, string? bound, double value)
    {
        text.Append(name);
        var separator = '{';
        foreach (var label in labels)
        {
            text.Append(separator).Append(label.Name).Append("=\"").Append(Escaped(label.Value, isQuoted: true)).Append('"');
            separator = ',';
        }

        if (bound is not null)
        {
            text.Append(separator).Append("le=\"").Append(bound).Append('"');
            separator = ',';
        }

        text.Append(separator == '{' ? " " : "} ").Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    static string Escaped(string value, bool isQuoted)
    {
        var escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return isQuoted ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
