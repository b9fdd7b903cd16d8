namespace NextUp.Actors.Queue;

/// <summary>Measured times, sorted: draws from them, and draws of what is left once some of it has passed.</summary>
sealed class TimeSpread
{
    /// <summary>Fewer samples than this beyond the elapsed time say too little; the tail's shape says it then.</summary>
    public const int BeyondMin = 12;

    /// <summary>No job is expected to run more than so many times longer than the longest one seen.</summary>
    const double BeyondLongest = 10;

    readonly float[] _sorted;
    readonly double _tailIndex;

    public TimeSpread(float[] seconds)
    {
        Array.Sort(seconds);
        _sorted = seconds;
        foreach (double value in seconds)
        {
            Mean += value;
            Square += value * value;
            Cube += value * value * value;
        }

        Mean /= seconds.Length;
        Square /= seconds.Length;
        Cube /= seconds.Length;
        _tailIndex = Hill(seconds);
    }

    public int Count => _sorted.Length;

    public double Mean { get; }

    public double Square { get; }

    public double Cube { get; }

    public double Draw(ref Dice dice) => _sorted[(int)(dice.Next() * _sorted.Length)];

    public int CountBeyond(double elapsed) => _sorted.Length - FirstBeyond(elapsed);

    /// <summary>From the samples that took longer; where they are few, from a power law with the tail's index.</summary>
    public double DrawBeyond(double elapsed, ref Dice dice)
    {
        var first = FirstBeyond(elapsed);
        var beyond = _sorted.Length - first;
        if (beyond >= BeyondMin || (beyond > 0 && _sorted.Length < 4 * BeyondMin))
            return _sorted[first + (int)(dice.Next() * beyond)] - elapsed;
        var whole = elapsed * Math.Pow(1 - dice.Next(), -1 / _tailIndex);
        return Math.Min(whole, Math.Max(elapsed, _sorted[^1]) * BeyondLongest) - elapsed;
    }

    int FirstBeyond(double elapsed)
    {
        int low = 0, high = _sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_sorted[middle] <= elapsed)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>Hill's estimate of the tail's index (Annals of Statistics 3, 1975) from the longest twentieth.</summary>
    static double Hill(float[] sorted)
    {
        var top = Math.Min(Math.Max(BeyondMin, sorted.Length / 20), sorted.Length - 1);
        if (top < 1)
            return 1;
        double threshold = Math.Max(sorted[^(top + 1)], 1e-6f), sum = 0;
        for (var i = 1; i <= top; i++)
            sum += Math.Log(Math.Max(sorted[^i], threshold) / threshold);
        return Math.Clamp(sum > 0 ? top / sum : 100, 0.5, 100);
    }
}
