namespace NextUp.Actors.Queue;

/// <summary>How the estimates of one kind fared: over all time in counts, and lately over the last <see cref="RecentMax"/>.</summary>
public sealed class HitRate
{
    public const int RecentMax = 512;

    /// <summary>
    /// An error is measured against the wait, but against no less than this: being four seconds off in a wait of five is
    /// nothing that anybody notices. Ten seconds.
    /// </summary>
    public static readonly TimeSpan ErrorFloor = TimeSpan.FromSeconds(10);

    readonly float[] _errors = new float[RecentMax];
    readonly bool[] _hits = new bool[RecentMax];
    int _next;

    /// <summary>Estimates that were followed by a start.</summary>
    public long Count { get; private set; }

    /// <summary>Those whose job started within p90.</summary>
    public long Hits { get; private set; }

    public int RecentCount => (int)Math.Min(Count, RecentMax);

    public double RecentShare => RecentCount == 0 ? 0 : _hits.AsSpan(0, RecentCount).Count(true) / (double)RecentCount;

    /// <summary>The median of |wait - p50| / max(wait, floor) lately.</summary>
    public double MedianError
    {
        get
        {
            var sorted = _errors.AsSpan(0, RecentCount).ToArray();
            Array.Sort(sorted);
            return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
        }
    }

    public HitFigures Figures =>
        new(Count, Count == 0 ? 0 : Hits / (double)Count, RecentCount, RecentShare, MedianError);

    /// <summary>The last ones, the oldest first.</summary>
    public IEnumerable<(float Error, bool IsHit)> Recent
    {
        get
        {
            for (var i = RecentCount; i > 0; i--)
            {
                var at = (_next - i + RecentMax) % RecentMax;
                yield return (_errors[at], _hits[at]);
            }
        }
    }

    public void Add(StartEstimate estimate, TimeSpan waited)
    {
        var isHit = waited <= estimate.P90;
        Hits += isHit ? 1 : 0;
        Count++;
        Keep((float)ErrorOf(estimate, waited), isHit);
    }

    /// <summary>Takes back what was kept before a restart.</summary>
    public void Restore(long count, long hits, IReadOnlyList<(float Error, bool IsHit)> recent)
    {
        foreach (var (error, isHit) in recent)
            Keep(error, isHit);
        (Count, Hits) = (Math.Max(count, recent.Count), hits);
    }

    public static double ErrorOf(StartEstimate estimate, TimeSpan waited) =>
        Math.Abs((waited - estimate.P50).TotalSeconds) / Math.Max(waited.TotalSeconds, ErrorFloor.TotalSeconds);

    void Keep(float error, bool isHit)
    {
        (_errors[_next], _hits[_next]) = (error, isHit);
        _next = (_next + 1) % RecentMax;
    }
}
