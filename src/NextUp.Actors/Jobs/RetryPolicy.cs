namespace NextUp.Actors.Jobs;

/// <summary>How long to wait before the next attempt.</summary>
public static class RetryPolicy
{
    /// <summary>
    /// Doubles with each failure up to the kind's limit, then spread evenly over half to one and a half times that, so that
    /// jobs that failed together do not come back together. Never shorter than <paramref name="atLeast"/>.
    /// </summary>
    public static TimeSpan Delay(KindPolicy policy, int failures, TimeSpan? atLeast, Random random)
    {
        var doublings = Math.Clamp(failures - 1, 0, 30);
        var mean = Math.Min(policy.RetryDelay.TotalSeconds * Math.Pow(2, doublings), policy.RetryDelayMax.TotalSeconds);
        var spread = Math.Min(mean * (0.5 + random.NextDouble()), policy.RetryDelayMax.TotalSeconds);
        var delay = TimeSpan.FromSeconds(spread);
        return atLeast is { } least && least > delay ? least : delay;
    }
}
