namespace NextUp.Actors.Queue;

/// <summary>
/// How long jobs of one kind took lately: the last <see cref="SamplesMax"/> of them. Gives the mean and variance of a whole
/// job, and of what remains of one that has run for a while.
/// </summary>
public sealed class ServiceTimes
{
    public const int SamplesMax = 256;

    readonly double[] _seconds = new double[SamplesMax];
    int _next;

    public int Count { get; private set; }

    public void Add(TimeSpan duration)
    {
        _seconds[_next] = Math.Max(0, duration.TotalSeconds);
        _next = (_next + 1) % SamplesMax;
        Count = Math.Min(Count + 1, SamplesMax);
    }

    /// <summary>Mean and variance, in seconds, of a job that starts now. Zero without samples.</summary>
    public (double Mean, double Variance) Whole() => Moments(0);

    /// <summary>
    /// Mean and variance of what is left of a job that has run for <paramref name="elapsed"/>: from the samples that ran
    /// longer. Where none did, it is as likely as not to run as long again.
    /// </summary>
    public (double Mean, double Variance) Remaining(TimeSpan elapsed)
    {
        var seconds = elapsed.TotalSeconds;
        var (mean, variance) = Moments(seconds);
        return mean > 0 || Count == 0 ? (mean, variance) : (seconds, seconds * seconds);
    }

    (double Mean, double Variance) Moments(double beyond)
    {
        double sum = 0, squares = 0;
        var count = 0;
        for (var i = 0; i < Count; i++)
        {
            var left = _seconds[i] - beyond;
            if (left < 0 || (left == 0 && beyond > 0))
                continue;
            sum += left;
            squares += left * left;
            count++;
        }

        if (count == 0)
            return (0, 0);
        var mean = sum / count;
        return (mean, Math.Max(0, (squares / count) - (mean * mean)));
    }
}
