namespace NextUp.Actors.Queue;

/// <summary>
/// The distribution of service times of one kind at one moment, by size class. A class with few samples borrows from those
/// next to it, scaled by how the kind's times grow with the size.
/// </summary>
public sealed class TimePicture
{
    /// <summary>A class with so many samples of its own borrows none.</summary>
    public const int OwnEnough = 32;

    readonly double _retryShare;
    readonly TimeSpread _kind;
    readonly TimeSpread[] _sizes = new TimeSpread[SizeClass.Count];
    readonly WorkMoments[] _moments = new WorkMoments[SizeClass.Count];

    public TimePicture(ReadOnlySpan<float> seconds, ReadOnlySpan<byte> sizes, double retryShare)
    {
        _retryShare = Math.Min(retryShare, 0.9);
        _kind = new(seconds.ToArray());
        var bySize = new List<float>[SizeClass.Count];
        for (var i = 0; i < seconds.Length; i++)
            (bySize[sizes[i]] ??= []).Add(seconds[i]);
        for (byte size = 0; size < SizeClass.Count; size++)
        {
            var own = bySize[size]?.Count ?? 0;
            var spread = own >= OwnEnough ? new([.. bySize[size]]) : new TimeSpread(Borrowed(size, bySize, GrowthAt(size, bySize)));
            _sizes[size] = spread;
            _moments[size] = MomentsOf(spread, own);
        }
    }

    /// <summary>Of the slot time of one job of the size, its later attempts included.</summary>
    public ref readonly WorkMoments Moments(SizeClass size) => ref _moments[size.Value];

    /// <summary>The slot time of one job, its later attempts included, in seconds.</summary>
    internal double Draw(SizeClass size, ref Dice dice) => _sizes[size.Value].Draw(ref dice) + DrawRetries(size, ref dice);

    /// <summary>What is left to do of a job whose attempt has run for so many seconds.</summary>
    internal double DrawRemaining(SizeClass size, double elapsed, ref Dice dice)
    {
        var own = _sizes[size.Value];
        var spread = own.CountBeyond(elapsed) >= TimeSpread.BeyondMin ? own : _kind;
        return spread.DrawBeyond(elapsed, ref dice) + DrawRetries(size, ref dice);
    }

    double DrawRetries(SizeClass size, ref Dice dice)
    {
        var work = 0.0;
        while (_retryShare > 0 && dice.Next() < _retryShare)
            work += _sizes[size.Value].Draw(ref dice);
        return work;
    }

    WorkMoments MomentsOf(TimeSpread spread, int own)
    {
        var mean = spread.Mean;
        var variance = Math.Max(0, spread.Square - (mean * mean));
        var third = spread.Cube - (3 * mean * spread.Square) + (2 * mean * mean * mean);

        // A geometric number of attempts, the last of which is not followed by another.
        var attempts = 1 / (1 - _retryShare);

        // What was borrowed is worth half a sample.
        var samples = Math.Max(1, own + ((spread.Count - own) / 2.0));
        return new(
            mean * attempts, (variance * attempts) + (mean * mean * _retryShare * attempts * attempts),
            Math.Max(0, third) * attempts, variance / samples * attempts * attempts);
    }

    static float[] Borrowed(int size, List<float>?[] bySize, double growth)
    {
        List<float> found = [.. bySize[size] ?? []];
        for (var away = 1; away < SizeClass.Count && found.Count < OwnEnough; away++)
        {
            foreach (var other in (int[])[size - away, size + away])
            {
                if (other is < 0 or >= SizeClass.Count || bySize[other] is not { } samples)
                    continue;
                var scale = Math.Exp(growth * (size - other));
                var wanted = Math.Min(OwnEnough, samples.Count);
                for (var i = 0; i < wanted; i++)
                    found.Add((float)(scale * samples[(int)((long)i * samples.Count / wanted)]));
            }
        }

        return [.. found];
    }

    /// <summary>
    /// The slope of the logarithm of the mean time over the size class, by least squares; classes weigh by their samples and
    /// by how near they are.
    /// </summary>
    static double GrowthAt(int around, List<float>?[] bySize)
    {
        double weights = 0, sizes = 0, logs = 0, squares = 0, products = 0;
        for (var size = 0; size < bySize.Length; size++)
        {
            if (bySize[size] is not { } samples || samples.Average() <= 0)
                continue;
            double weight = samples.Count * Math.Exp(-Math.Abs(size - around)), log = Math.Log(samples.Average());
            weights += weight;
            sizes += weight * size;
            logs += weight * log;
            squares += weight * size * size;
            products += weight * size * log;
        }

        if (weights == 0)
            return 0;
        var spread = squares - (sizes * sizes / weights);
        return spread < 1e-9 ? 0 : Math.Clamp((products - (sizes * logs / weights)) / spread, 0, 2 * Math.Log(2));
    }
}

/// <summary>Of the slot time of one job, in seconds; sums of independent jobs add up.</summary>
/// <param name="Third">The third central moment.</param>
/// <param name="MeanDoubt">The variance of <paramref name="Mean"/> itself, which was taken from few or many samples.</param>
public readonly record struct WorkMoments(double Mean, double Variance, double Third, double MeanDoubt);
