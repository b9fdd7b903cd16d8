using System.Numerics;

namespace NextUp.Actors.Statistics;

/// <summary>
/// How often which duration was seen. Each doubling of a duration is divided into sixteen equal buckets, so that a
/// duration read back is within <see cref="ErrorMax"/> of one that was added; up to 16 microseconds it is exact. Adding
/// and merging lose nothing more. Not safe for several threads.
/// </summary>
/// <remarks>
/// What is read from a store stays in its compact form until something is added to it: an answer over thousands of hours
/// asks each for some quantiles, and most of their buckets are empty.
/// </remarks>
public sealed class DurationHistogram
{
    /// <summary>How far a quantile may be from a true duration, relative to it: half a bucket, 1/32.</summary>
    public const double ErrorMax = 1.0 / 32;

    /// <summary>Longer durations count as this long: some four years.</summary>
    public static readonly TimeSpan DurationMax = TimeSpan.FromMicroseconds((1L << 47) - 1);

    const int BucketsPerDoubling = 16;
    const int BucketBits = 4;
    const int BucketsMax = 44 * BucketsPerDoubling;

    long[] _counts = [];

    // In place of the counts, as the store has them.
    byte[]? _compact;

    /// <summary>Durations added.</summary>
    public long Count { get; private set; }

    /// <summary>Their sum, in microseconds.</summary>
    public long SumMicroseconds { get; private set; }

    /// <summary>Their mean; zero without any.</summary>
    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(SumMicroseconds / Count);

    /// <summary>A negative duration (a clock was set back) counts as none at all: zero.</summary>
    public void Add(TimeSpan duration) => AddMicroseconds(duration.Ticks / TimeSpan.TicksPerMicrosecond);

    public void AddMicroseconds(long microseconds)
    {
        Expand();
        var value = Math.Clamp(microseconds, 0, (1L << 47) - 1);
        var bucket = BucketOf(value);
        AddTo(bucket, 1);
        Count++;
        SumMicroseconds += value;
    }

    public void Add(DurationHistogram other)
    {
        Expand();
        if (other._compact is null && other._counts.Length > _counts.Length)
            Array.Resize(ref _counts, other._counts.Length);
        var buckets = new Buckets(other);
        while (buckets.Next())
            AddTo(buckets.Number, buckets.Count);
        Count += other.Count;
        SumMicroseconds += other.SumMicroseconds;
    }

    /// <summary>The duration that the share <paramref name="quantile"/> (0 to 1) stays at or under; null without any.</summary>
    public TimeSpan? Quantile(double quantile)
    {
        if (Count == 0)
            return null;
        var rank = Math.Clamp((long)Math.Ceiling(quantile * Count), 1, Count);
        var buckets = new Buckets(this);
        var seen = 0L;
        while (seen < rank && buckets.Next())
            seen += buckets.Count;
        return TimeSpan.FromMicroseconds(MiddleOf(buckets.Number));
    }

    /// <summary>How many were at most so long, to the bucket.</summary>
    public long CountAtMost(TimeSpan duration)
    {
        var limit = duration.TotalMicroseconds;
        var found = 0L;
        var buckets = new Buckets(this);
        while (buckets.Next() && MiddleOf(buckets.Number) <= limit)
            found += buckets.Count;
        return found;
    }

    /// <summary>Appends the compact form: the sum, the number of filled buckets, and each one's distance and count.</summary>
    public void WriteTo(List<byte> target)
    {
        Append(target, SumMicroseconds);
        var filled = 0;
        for (var buckets = new Buckets(this); buckets.Next();)
            filled++;
        Append(target, filled);
        var last = 0;
        for (var buckets = new Buckets(this); buckets.Next();)
        {
            Append(target, buckets.Number - last);
            Append(target, buckets.Count);
            last = buckets.Number;
        }
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote and moves the span behind it.</summary>
    public static DurationHistogram Read(ref ReadOnlySpan<byte> source)
    {
        var read = new DurationHistogram { SumMicroseconds = CompactNumber.Read(ref source) };
        var filled = CompactNumber.Read(ref source);
        var buckets = source;
        for (; filled > 0; filled--)
        {
            CompactNumber.Read(ref source);
            read.Count += CompactNumber.Read(ref source);
        }

        if (read.Count > 0)
            read._compact = buckets[..^source.Length].ToArray();
        return read;
    }

    void Expand()
    {
        if (_compact is null)
            return;
        var buckets = new Buckets(this);
        _compact = null;
        while (buckets.Next())
            AddTo(buckets.Number, buckets.Count);
    }

    void AddTo(int bucket, long count)
    {
        if (bucket >= _counts.Length)
            Array.Resize(ref _counts, Math.Min(BucketsMax, (bucket | (BucketsPerDoubling - 1)) + 1));
        _counts[bucket] += count;
    }

    internal static void Append(List<byte> target, long value)
    {
        Span<byte> bytes = stackalloc byte[CompactNumber.BytesMax];
        target.AddRange(bytes[..CompactNumber.Write(bytes, value)]);
    }

    static int BucketOf(long value)
    {
        if (value < BucketsPerDoubling)
            return (int)value;
        var exponent = BitOperations.Log2((ulong)value);
        return ((exponent - BucketBits + 1) * BucketsPerDoubling)
            + (int)((value >> (exponent - BucketBits)) & (BucketsPerDoubling - 1));
    }

    static long MiddleOf(int bucket)
    {
        if (bucket < BucketsPerDoubling)
            return bucket;
        var shift = (bucket / BucketsPerDoubling) - 1;
        var low = (long)(BucketsPerDoubling + (bucket % BucketsPerDoubling)) << shift;
        return low + ((1L << shift) / 2);
    }

    /// <summary>Goes through the filled buckets, the shortest durations first, whichever form they are in.</summary>
    ref struct Buckets(DurationHistogram of)
    {
        readonly long[] _counts = of._counts;
        readonly bool _isCompact = of._compact is not null;
        ReadOnlySpan<byte> _rest = of._compact;

        /// <summary>The bucket that the last <see cref="Next"/> came to.</summary>
        public int Number { get; private set; } = of._compact is null ? -1 : 0;

        public long Count { get; private set; }

        public bool Next()
        {
            if (_isCompact)
            {
                if (_rest.IsEmpty)
                    return false;
                Number += (int)CompactNumber.Read(ref _rest);
                Count = CompactNumber.Read(ref _rest);
                return true;
            }

            for (var next = Number + 1; next < _counts.Length; next++)
            {
                if (_counts[next] == 0)
                    continue;
                (Number, Count) = (next, _counts[next]);
                return true;
            }

            return false;
        }
    }
}
