namespace NextUp.Actors.Jobs;

/// <summary>
/// When jobs of a kind may start: while the wall clock of one time zone shows a time inside one of the windows. Outside of
/// them its jobs keep their places in the line and others pass them; what runs goes on. Only the wall clock counts, so an
/// hour that a change of the clocks leaves out is never met, and one that comes twice counts both times.
/// </summary>
public sealed class StartWindows(IReadOnlyList<StartWindow> windows, TimeZoneInfo zone)
{
    /// <summary>How far ahead a change is looked for: every window comes within a week, a skipped hour within two.</summary>
    static readonly TimeSpan LookAhead = TimeSpan.FromDays(15);

    /// <summary>Clocks are changed at whole quarters of an hour of UTC, in every zone there is.</summary>
    static readonly TimeSpan ZoneStep = TimeSpan.FromMinutes(15);

    public IReadOnlyList<StartWindow> Windows => windows;

    public TimeZoneInfo Zone => zone;

    public bool IsOpen(DateTimeOffset now)
    {
        var there = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        foreach (var window in windows)
        {
            if (window.Contains(there))
                return true;
        }

        return false;
    }

    /// <summary>The first instant after now at which <see cref="IsOpen"/> is another; null where it stays as it is.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset now)
    {
        var isOpen = IsOpen(now);
        for (var at = now; at < now + LookAhead;)
        {
            at = NextStep(at);
            if (IsOpen(at) != isOpen)
                return at;
        }

        return null;
    }

    /// <summary>The next time at which a window may begin or end, or the clocks may be changed.</summary>
    DateTimeOffset NextStep(DateTimeOffset at)
    {
        var step = ZoneStep - TimeSpan.FromTicks(at.UtcTicks % ZoneStep.Ticks);
        var there = TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
        foreach (var window in windows)
        {
            step = Shorter(step, window.From - there); // TimeOnly's difference goes round the clock: always ahead.
            step = Shorter(step, window.To - there);
        }

        return at + step;
    }

    static TimeSpan Shorter(TimeSpan step, TimeSpan other) => other > TimeSpan.Zero && other < step ? other : step;
}

/// <summary>A stretch of the days it begins on.</summary>
/// <param name="Days">The days on which it begins.</param>
/// <param name="To">
/// Where it is not after <paramref name="From"/> the window ends on the next day; where it equals it, after 24 hours.
/// </param>
public sealed record StartWindow(IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly To)
{
    /// <summary>Windows that one kind may have.</summary>
    public const int CountMax = 50;

    public bool Contains(DateTime there)
    {
        var time = TimeOnly.FromDateTime(there);
        if (From < To)
            return time >= From && time < To && Days.Contains(there.DayOfWeek);
        return (time >= From && Days.Contains(there.DayOfWeek))
            || (time < To && Days.Contains(there.AddDays(-1).DayOfWeek));
    }
}
