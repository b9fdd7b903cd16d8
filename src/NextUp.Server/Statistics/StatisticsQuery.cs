using System.Globalization;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Server.Statistics;

/// <summary>Which hours or days an operator asks about.</summary>
sealed record StatisticsQuery(DateTimeOffset From, DateTimeOffset To, StatisticsPeriod By, JobKind? Kind)
{
    /// <summary>The longest span that is told by the hour: 31 days.</summary>
    public static readonly TimeSpan HoursSpanMax = TimeSpan.FromDays(31);

    /// <summary>The longest span that is told by the day: 400 days.</summary>
    public static readonly TimeSpan DaysSpanMax = TimeSpan.FromDays(400);

    static readonly TimeSpan HoursSpan = TimeSpan.FromDays(1);
    static readonly TimeSpan DaysSpan = TimeSpan.FromDays(30);

    /// <summary>
    /// Reads <c>from</c>, <c>to</c>, <c>by</c> and <c>kind</c>. What is left out is the last day by the hour, or the last
    /// 30 by the day, the present hour or day included.
    /// </summary>
    /// <param name="otherwise">The period where <c>by</c> is left out.</param>
    public static StatisticsQuery? Read(
        IQueryCollection query, DateTimeOffset now, StatisticsPeriod otherwise, out string fault)
    {
        fault = "";
        if (ReadPeriod(query["by"], otherwise) is not { } by)
        {
            fault = "by is hour or day.";
            return null;
        }

        var unit = by == StatisticsPeriod.Hour ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        var next = new DateTimeOffset(((now.UtcTicks / unit.Ticks) + 1) * unit.Ticks, TimeSpan.Zero);
        if (ReadTime(query["to"], next) is not { } to
            || ReadTime(query["from"], to - (by == StatisticsPeriod.Hour ? HoursSpan : DaysSpan)) is not { } from)
        {
            fault = "from and to are times like 2026-05-04T00:00:00Z; without an offset they are UTC.";
            return null;
        }

        var longest = by == StatisticsPeriod.Hour ? HoursSpanMax : DaysSpanMax;
        if (from < to && to - from <= longest)
            return new(from, to, by, query["kind"].ToString() is { Length: > 0 } kind ? new JobKind(kind) : null);

        fault = $"from must be before to, and at most {longest.TotalDays} days before it when told by the "
            + $"{(by == StatisticsPeriod.Hour ? "hour; longer spans are told with by=day." : "day.")}";
        return null;
    }

    static StatisticsPeriod? ReadPeriod(string? text, StatisticsPeriod otherwise) => text switch
    {
        null or "" => otherwise,
        "hour" => StatisticsPeriod.Hour,
        "day" => StatisticsPeriod.Day,
        _ => null,
    };

    static DateTimeOffset? ReadTime(string? text, DateTimeOffset otherwise)
    {
        if (string.IsNullOrEmpty(text))
            return otherwise;

        // A plus sign that was not encoded arrives as a blank.
        return DateTimeOffset.TryParse(
            text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time.Year is > 1970 and < 9000 ? time.ToUniversalTime() : null;
    }
}
