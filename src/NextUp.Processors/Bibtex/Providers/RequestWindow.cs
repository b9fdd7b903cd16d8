namespace NextUp.Processors.Bibtex.Providers;

/// <summary>
/// At most so many starts within any span of the interval, not only within the spans of a fixed grid: a service that
/// counts from another moment than we do never sees more. Moments are measured from any fixed origin and never go back.
/// </summary>
sealed class RequestWindow(int requests, TimeSpan interval)
{
    readonly List<TimeSpan> _starts = [];

    public int Requests { get; private set; } = requests;

    public TimeSpan Interval { get; private set; } = interval;

    /// <summary>Takes a new limit. Starts that are remembered count under it.</summary>
    public void Set(int requests, TimeSpan interval) => (Requests, Interval) = (requests, interval);

    /// <summary>The first moment, not before <paramref name="now"/>, at which one more may start.</summary>
    public TimeSpan FreeAt(TimeSpan now)
    {
        var past = _starts.FindIndex(start => start + Interval > now);
        _starts.RemoveRange(0, past < 0 ? _starts.Count : past);
        return _starts.Count < Requests ? now : _starts[^Requests] + Interval;
    }

    public void Take(TimeSpan now) => _starts.Add(now);
}
