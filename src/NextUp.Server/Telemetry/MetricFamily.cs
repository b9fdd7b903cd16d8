using NextUp.Actors.Statistics;

namespace NextUp.Server.Telemetry;

enum MetricType
{
    Gauge = 0,
    Counter = 1,
    Histogram = 2,
}

/// <summary>A name and a value beside a measured value.</summary>
readonly record struct MetricLabel(string Name, string Value);

/// <summary>One measured value, or for a histogram all of its durations.</summary>
sealed record MetricSample(double Value, DurationHistogram? Durations, IReadOnlyList<MetricLabel> Labels);

/// <summary>Values of one name, as they are now.</summary>
/// <param name="Name">As Prometheus writes it, its unit last; a counter ends in <c>_total</c>.</param>
sealed record MetricFamily(string Name, MetricType Type, string Help)
{
    readonly List<MetricSample> _samples = [];

    public IReadOnlyList<MetricSample> Samples => _samples;

    public void Add(double value, params IReadOnlyList<MetricLabel> labels) => _samples.Add(new(value, null, labels));

    public void Add(DurationHistogram durations, params IReadOnlyList<MetricLabel> labels) =>
        _samples.Add(new(0, durations, labels));
}
