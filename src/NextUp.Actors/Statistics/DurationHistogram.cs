using System.Numerics;

namespace NextUp.Actors.Statistics;

/// <summary>
/// How often which duration was seen. Each doubling of a duration is divided into sixteen equal buckets, so that a
/// duration read back is within <see cref="ErrorMax"/> of one that was added; up to 16 microseconds it is exact. Adding
/// and merging lose nothing more. Not safe for several threads.
/// </summary>
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
        var value = Math.Clamp(microseconds, 0, (1L << 47) - 1);
        var bucket = BucketOf(value);
        if (bucket >= _counts.Length)
            Array.Resize(ref _counts, Math.Min(BucketsMax, (bucket | (BucketsPerDoubling - 1)) + 1));
        _counts[bucket]++;
        Count++;
        SumMicroseconds += value;
    }

    public void Add(DurationHistogram other)
    {
        if (other._counts.Length > _counts.Length)
            Array.Resize(ref _counts, other._counts.Length);
        for (var i = 0; i < other._counts.Length; i++)
            _counts[i] += other._counts[i];
        Count += other.Count;
        SumMicroseconds += other.SumMicroseconds;
    }

    /// <summary>The duration that the share <paramref name="quantile"/> (0 to 1) stays at or under; null without any.</summary>
    public TimeSpan? Quantile(double quantile)
    {
        if (Count == 0)
            return null;
        var rank = Math.Clamp((long)Math.Ceiling(quantile * Count), 1, Count);
        var bucket = 0;
        for (var seen = _counts[0]; seen < rank; seen += _counts[bucket])
            bucket++;
        return TimeSpan.FromMicroseconds(MiddleOf(bucket));
    }

    /// <summary>How many were at most so long, to the bucket.</summary>
    public long CountAtMost(TimeSpan duration)
    {
        var limit = duration.TotalMicroseconds;
        var found = 0L;
        for (var i = 0; i < _counts.Length && MiddleOf(i) <= limit; i++)
            found += _counts[i];
        return found;
    }

    /// <summary>Appends the compact form: the sum, the number of filled buckets, and each one's distance and count.</summary>
    public void WriteTo(List<byte> target)
    {
        Append(target, SumMicroseconds);
        var filled = 0;
        foreach (var count in _counts)
            filled += count > 0 ? 1 : 0;
        Append(target, filled);
        var last = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] == 0)
                continue;
            Append(target, i - last);
            Append(target, _counts[i]);
            last = i;
        }
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote and moves the span behind it.</summary>
    public static DurationHistogram Read(ref ReadOnlySpan<byte> source)
    {
        var sum = CompactNumber.Read(ref source);
        var filled = CompactNumber.Read(ref source);
        var read = new DurationHistogram { SumMicroseconds = sum, _counts = new long[BucketsOf(source, filled)] };
        var bucket = 0;
        for (; filled > 0; filled--)
        {
            bucket += (int)CompactNumber.Read(ref source);
            read.Count += read._counts[bucket] = CompactNumber.Read(ref source);
        }

        return read;
    }

    /// <summary>How many buckets there are up to the last filled one.</summary>
    static int BucketsOf(ReadOnlySpan<byte> source, long filled)
    {
        if (filled == 0)
            return 0;
        var bucket = 0;
        for (; filled > 0; filled--)
        {
            bucket += (int)CompactNumber.Read(ref source);
            CompactNumber.Read(ref source);
        }

        return bucket + 1;
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
}
