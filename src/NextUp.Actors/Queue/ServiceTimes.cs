namespace NextUp.Actors.Queue;

/// <summary>
/// How long each attempt at jobs of one kind held its slot lately: the last <see cref="SamplesMax"/> of them, with the size
/// class of each. What the estimate needs of them is drawn up by <see cref="Picture"/>.
/// </summary>
public sealed class ServiceTimes
{
    public const int SamplesMax = 1_024;

    /// <summary>Below so many samples nothing is estimated.</summary>
    public const int SamplesMin = 8;

    /// <summary>A picture is drawn anew when more than one in so many samples came since.</summary>
    const int FreshOneIn = 64;

    readonly float[] _seconds = new float[SamplesMax];
    readonly byte[] _sizes = new byte[SamplesMax];
    int _next;
    int _sincePicture;
    TimePicture? _picture;

    public int Count { get; private set; }

    /// <summary>The share of attempts that were followed by another one, forgotten slowly.</summary>
    public double RetryShare { get; private set; }

    public void Add(SizeClass size, TimeSpan duration, bool isRetried)
    {
        Keep(size, (float)Math.Max(0, duration.TotalSeconds));
        RetryShare += ((isRetried ? 1 : 0) - RetryShare) / Math.Min(Count, 256);
    }

    /// <summary>The samples from the oldest to the newest.</summary>
    public IEnumerable<(SizeClass Size, float Seconds)> Samples
    {
        get
        {
            for (var i = 0; i < Count; i++)
            {
                var at = (_next - Count + i + SamplesMax) % SamplesMax;
                yield return (new(_sizes[at]), _seconds[at]);
            }
        }
    }

    /// <summary>Takes back what was learned before a restart.</summary>
    public void Restore(IEnumerable<(SizeClass Size, float Seconds)> samples, double retryShare)
    {
        foreach (var (size, seconds) in samples)
            Keep(size, seconds);
        RetryShare = retryShare;
    }

    /// <summary>Null while there are fewer than <see cref="SamplesMin"/> samples.</summary>
    public TimePicture? Picture()
    {
        if (Count < SamplesMin)
            return null;
        if (_picture is null || _sincePicture * FreshOneIn >= Count)
        {
            _picture = new(_seconds.AsSpan(0, Count), _sizes.AsSpan(0, Count), RetryShare);
            _sincePicture = 0;
        }

        return _picture;
    }

    void Keep(SizeClass size, float seconds)
    {
        _seconds[_next] = seconds;
        _sizes[_next] = size.Value;
        _next = (_next + 1) % SamplesMax;
        Count = Math.Min(Count + 1, SamplesMax);
        _sincePicture++;
    }
}
