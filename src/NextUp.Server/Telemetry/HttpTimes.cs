using System.Diagnostics.Metrics;
using NextUp.Actors.Statistics;

namespace NextUp.Server.Telemetry;

/// <summary>
/// How long requests took, by route, method and status: what ASP.NET Core measures itself
/// (<c>http.server.request.duration</c>), kept for the metrics page.
/// </summary>
sealed class HttpTimes : IDisposable
{
    /// <summary>Different routes, methods and statuses that are told apart; what comes beyond them is left out.</summary>
    public const int SeriesMax = 1_000;

    readonly Lock _gate = new();
    readonly Dictionary<(string Route, string Method, int Status), DurationHistogram> _times = [];
    readonly MeterListener _listener = new();

    public HttpTimes()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "Microsoft.AspNetCore.Hosting", Name: "http.server.request.duration" })
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => Add(seconds, tags));
        _listener.Start();
    }

    public void AddTo(MetricFamily family)
    {
        lock (_gate)
        {
            foreach (var ((route, method, status), times) in _times)
            {
                var copy = new DurationHistogram();
                copy.Add(times);
                family.Add(copy, new("route", route), new("method", method), new("status", $"{status}"));
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    void Add(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (route, method, status) = ("", "", 0);
        foreach (var tag in tags)
        {
            switch (tag.Key)
            {
                case "http.route": route = tag.Value as string ?? ""; break;
                case "http.request.method": method = tag.Value as string ?? ""; break;
                case "http.response.status_code": status = tag.Value is int code ? code : 0; break;
            }
        }

        lock (_gate)
        {
            if (!_times.TryGetValue((route, method, status), out var times))
            {
                if (_times.Count == SeriesMax)
                    return;
                _times.Add((route, method, status), times = new DurationHistogram());
            }

            times.Add(TimeSpan.FromSeconds(seconds));
        }
    }
}
