using NextUp.Actors.Jobs;

namespace NextUp.Actors.Queue;

/// <summary>
/// When a waiting job will start, from measured service times. The wait is the work before the job (what remains of the
/// running jobs and the whole of those ahead of it, less what the other slots still have to do when it starts) over the
/// slots that do it, as a gamma distribution with that mean and variance; its quantiles by Wilson and Hilferty's
/// approximation (PNAS 17, 1931).
/// </summary>
public sealed class Estimate
{
    const double Normal90 = 1.2815515655446004;

    readonly Dictionary<JobKind, ServiceTimes> _times = [];

    public void Learn(JobKind kind, TimeSpan duration)
    {
        if (!_times.TryGetValue(kind, out var times))
            _times.Add(kind, times = new());
        times.Add(duration);
    }

    /// <summary>What remains of the running jobs, in seconds of one slot's work; null while a kind among them is unknown.</summary>
    public (double Mean, double Variance)? Remaining(IEnumerable<(JobKind Kind, TimeSpan Elapsed)> running)
    {
        double mean = 0, variance = 0;
        foreach (var (kind, elapsed) in running)
        {
            if (!_times.TryGetValue(kind, out var times))
                return null;
            var left = times.Remaining(elapsed);
            mean += left.Mean;
            variance += left.Variance;
        }

        return (mean, variance);
    }

    /// <summary>Null while a kind among those ahead is unknown.</summary>
    public StartEstimate? StartOf(
        (double Mean, double Variance) remaining, IEnumerable<(JobKind Kind, int Count)> ahead, int slots)
    {
        if (slots <= 0)
            return null;
        var (mean, variance) = remaining;
        double wholeMean = 0, wholeSquare = 0;
        foreach (var (kind, count) in ahead)
        {
            if (!_times.TryGetValue(kind, out var times))
                return null;
            var whole = times.Whole();
            mean += count * whole.Mean;
            variance += count * whole.Variance;
            wholeMean += count * whole.Mean;
            wholeSquare += count * (whole.Variance + (whole.Mean * whole.Mean));
        }

        // A slot met at a random instant has E[X^2] / 2E[X] left to do, the mean residual life of a renewal process.
        var residual = wholeMean > 0 ? wholeSquare / (2 * wholeMean) : mean / Math.Max(1, slots);
        var others = slots - 1;
        mean = Math.Max(mean / 4, mean - (others * residual)) / slots;
        variance = Math.Max(variance / 4, variance - (others * residual * residual)) / slots / slots;
        return new(Quantile(mean, variance, 0), Quantile(mean, variance, Normal90));
    }

    static TimeSpan Quantile(double mean, double variance, double normal)
    {
        if (mean <= 0)
            return TimeSpan.Zero;
        var ninthOfShape = variance / (9 * mean * mean);
        var root = 1 - ninthOfShape + (normal * Math.Sqrt(ninthOfShape));
        return TimeSpan.FromSeconds(Math.Min(mean * Math.Pow(Math.Max(0, root), 3), TimeSpan.FromDays(365).TotalSeconds));
    }
}
