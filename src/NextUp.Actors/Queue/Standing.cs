using NextUp.Actors.Jobs;

namespace NextUp.Actors.Queue;

/// <summary>Where a job that enters the line stands there: its arrival less its head start.</summary>
/// <param name="At">Unix microseconds, the first part of its key.</param>
/// <param name="HeadStart">Microseconds; <paramref name="At"/> and this together are when it entered.</param>
/// <param name="Reason">Why it does not stand at the end, for its user; null where it does.</param>
readonly record struct Standing(long At, long HeadStart, string? Reason)
{
    public TimeSpan HeadStartSpan => TimeSpan.FromTicks(HeadStart * 10);

    /// <param name="arrival">Unix microseconds.</param>
    public static Standing Of(HeadStarts starts, JobRecord job, long arrival)
    {
        var span = LineKey.Microseconds(starts.Of(job.Priority, job.FileSize));
        return new(arrival - span, span, span > 0 ? starts.Reason(job.Priority, job.FileSize) : null);
    }

    /// <summary>
    /// A job that replaces another takes its arrival, but never a better place than the other had, so that nobody is
    /// overtaken by a replacement; where its own head start gives it a better one as if it had just arrived, it has that.
    /// </summary>
    public static Standing Replacing(Standing fresh, JobRecord replaced)
    {
        var arrival = replaced.LineKey.At + LineKey.Microseconds(replaced.HeadStart);
        var at = Math.Max(replaced.LineKey.At, arrival - fresh.HeadStart);
        return fresh.At < at ? fresh : new(at, arrival - at, at < arrival ? fresh.Reason : null);
    }
}
