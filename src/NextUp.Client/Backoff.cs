namespace NextUp.Client;

/// <summary>
/// Delays that double from <c>first</c> to <c>max</c>, each between half of that and the whole, so that many clients
/// that lost the same server do not come back at the same instant.
/// </summary>
sealed class Backoff(TimeSpan first, TimeSpan max, Random random)
{
    int _count;

    public TimeSpan Next()
    {
        var whole = Math.Min(first.TotalMilliseconds * Math.Pow(2, _count), max.TotalMilliseconds);
        if (whole < max.TotalMilliseconds)
            _count++;

        // One client is used by many threads and System.Random is not made for that.
        lock (random)
            return TimeSpan.FromMilliseconds(whole / 2 + random.NextDouble() * whole / 2);
    }

    public void Reset() => _count = 0;
}
