namespace NextUp.Actors.Queue;

/// <summary>
/// How many estimates are made only to be looked at later. All, while jobs come at a rate at which people wait; a fraction
/// where they come by the ten thousands a second, so that it costs those nothing.
/// </summary>
sealed class PromiseBudget
{
    public const double PerSecond = 100;
    public const double BurstMax = 1_000;

    double _left = BurstMax;
    DateTimeOffset _at;

    public bool Take(DateTimeOffset now)
    {
        if (now > _at)
            _left = Math.Min(BurstMax, _left + ((now - _at).TotalSeconds * PerSecond));
        _at = now;
        if (_left < 1)
            return false;
        _left--;
        return true;
    }
}
