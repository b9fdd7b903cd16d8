using System.Diagnostics.Metrics;
using NextUp.Actors.Statistics;
using NextUp.Actors.Store;

namespace NextUp.Server.Telemetry;

/// <summary>
/// Hands what is measured to the runtime's meters, for whoever listens to them: what is read (<see cref="Metrics"/>)
/// under the same names as on the metrics page, and each job's wait and service time as it is committed.
/// </summary>
sealed class MeterFeed : IAsyncDisposable
{
    public const string MeterName = "NextUp";

    static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    readonly Meter _meter = new(MeterName);
    readonly IStatisticsStore _statistics;
    readonly Metrics _metrics;
    readonly Histogram<double> _waits;
    readonly Histogram<double> _services;
    readonly PeriodicTimer _timer;
    readonly HashSet<string> _made = [];
    readonly Task _reading;
    volatile IReadOnlyList<MetricFamily> _families = [];

    public MeterFeed(IStatisticsStore statistics, Metrics metrics, TimeProvider clock)
    {
        (_statistics, _metrics) = (statistics, metrics);
        _waits = _meter.CreateHistogram<double>("nextup.job.wait.duration", "s", "In the line before the first attempt.");
        _services = _meter.CreateHistogram<double>("nextup.job.service.duration", "s", "Attempts that completed their job.");
        _timer = new PeriodicTimer(Freshness, clock);
        _reading = ReadAsync();
        statistics.Changed += OnChanged;
    }

    public async ValueTask DisposeAsync()
    {
        _statistics.Changed -= OnChanged;
        _timer.Dispose();
        await _reading;
        _meter.Dispose();
    }

    void OnChanged(IReadOnlyList<JobTransition> changes)
    {
        foreach (var change in changes)
        {
            if (change.Duration is not { } duration)
                continue;
            var kind = new KeyValuePair<string, object?>("kind", change.Job.Kind.Value);
            if (change.Type == JobEventType.Started)
                _waits.Record(duration.TotalSeconds, kind);
            else if (change.Type == JobEventType.Completed)
                _services.Record(duration.TotalSeconds, kind);
        }
    }

    async Task ReadAsync()
    {
        do
        {
            _families = await _metrics.ReadAsync();
            foreach (var family in _families)
                Make(family);
        }
        while (await _timer.WaitForNextTickAsync());
    }

    /// <summary>Families may come later, once there are jobs of a kind.</summary>
    void Make(MetricFamily family)
    {
        if (family.Type == MetricType.Histogram || !_made.Add(family.Name))
            return;

        if (family.Type == MetricType.Counter)
            _meter.CreateObservableCounter(family.Name, () => Measure(family.Name), null, family.Help);
        else
            _meter.CreateObservableGauge(family.Name, () => Measure(family.Name), null, family.Help);
    }

    IEnumerable<Measurement<double>> Measure(string name) =>
        from family in _families
        where family.Name == name
        from sample in family.Samples
        select new Measurement<double>(
            sample.Value, sample.Labels.Select(label => new KeyValuePair<string, object?>(label.Name, label.Value)));
}
