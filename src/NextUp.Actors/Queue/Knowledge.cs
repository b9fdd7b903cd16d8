using NextUp.Actors.Jobs;

namespace NextUp.Actors.Queue;

/// <summary>What the estimate knows of one kind.</summary>
sealed class Knowledge(JobKind kind)
{
    DateTimeOffset _keptAt;
    bool _isNews;

    public JobKind Kind { get; } = kind;

    public ServiceTimes Times { get; } = new();

    public Correction Correction { get; } = new();

    public HitRate AtFirst { get; } = new();

    public HitRate Later { get; } = new();

    public EstimateFigures Figures => new(Kind, Times.Count, AtFirst.Figures, Later.Figures)
    {
        MedianSeconds = Times.Count == 0 ? null
            : Times.Samples.Select(sample => sample.Seconds).Order().ElementAt(Times.Count / 2),
    };

    public void Ran(SizeClass size, TimeSpan duration, bool isRetried)
    {
        Times.Add(size, duration, isRetried);
        _isNews = true;
    }

    public LearnedKind? TakeToKeep(DateTimeOffset now, TimeSpan every)
    {
        if (!_isNews || (now < _keptAt + every && now >= _keptAt))
            return null;
        (_keptAt, _isNews) = (now, false);
        return new(Kind, LearnedContent.Write(Times, Correction, AtFirst, Later));
    }

    public void Restore(byte[] content) => LearnedContent.Read(content, Times, Correction, AtFirst, Later);
}

/// <summary>How the estimates of a kind fare.</summary>
/// <param name="Samples">Attempts whose time the estimates are made from, at most <see cref="ServiceTimes.SamplesMax"/>.</param>
/// <param name="AtFirst">Estimates made when the job entered the line.</param>
/// <param name="Later">Estimates made at some later moment while it waited.</param>
public sealed record EstimateFigures(JobKind Kind, int Samples, HitFigures AtFirst, HitFigures Later)
{
    /// <summary>The median of how long the measured attempts took; null before the first.</summary>
    public float? MedianSeconds { get; init; }
}

/// <param name="Count">Estimates whose job has started, of all time.</param>
/// <param name="WithinP90">The share of them whose job started within p90; 0.9 is meant.</param>
/// <param name="RecentCount">The last ones, at most <see cref="HitRate.RecentMax"/>.</param>
/// <param name="RecentWithinP90">The share within p90 among the last ones.</param>
/// <param name="RecentMedianError">The median of |wait - p50| / max(wait, <see cref="HitRate.ErrorFloor"/>) among the last ones.</param>
public sealed record HitFigures(
    long Count, double WithinP90, int RecentCount, double RecentWithinP90, double RecentMedianError);
