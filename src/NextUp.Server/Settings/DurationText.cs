using System.Globalization;

namespace NextUp.Server.Settings;

/// <summary>Durations as people write them into settings: a whole number and its unit, such as <c>"90s"</c>.</summary>
static class DurationText
{
    public const string Units = "ms, s, m, h or d";

    static readonly (string Unit, TimeSpan Length)[] Known =
    [
        ("d", TimeSpan.FromDays(1)),
        ("h", TimeSpan.FromHours(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    public static TimeSpan? Parse(string text)
    {
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0 || !long.TryParse(text.AsSpan(0, digits), CultureInfo.InvariantCulture, out var count))
            return null;

        var unit = text.AsSpan(digits).TrimStart(' ');
        foreach (var (name, length) in Known)
        {
            if (unit.SequenceEqual(name))
                return count <= TimeSpan.MaxValue.Ticks / length.Ticks ? count * length : null;
        }

        return null;
    }

    /// <summary>In the largest unit that leaves no rest.</summary>
    public static string Of(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";
        var (unit, length) = Array.Find(Known, known => duration.Ticks % known.Length.Ticks == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / length.Ticks}{unit}");
    }
}
