using System.Buffers;
using System.Globalization;
using NextUp.Processors.Tables.Profiles;

namespace NextUp.Processors.Tables.Values;

/// <summary>How a date was understood.</summary>
enum DateReading
{
    Read = 0,
    NotADate,

    /// <summary>03/04/25 is one of three days.</summary>
    Ambiguous,
}

/// <summary>
/// Dates as people write them. ISO 8601 is always understood, a date with points is day, month, year; one with slashes or
/// dashes only where its figures leave one reading, or the order is known. A year of two figures needs the order.
/// </summary>
static class DateText
{
    /// <summary>Years of two figures below this are after 2000, the others before.</summary>
    const int PivotYear = 50;

    const int LengthMax = 40;

    static readonly SearchValues<char> OfDays = SearchValues.Create("0123456789./-");

    static readonly string[] NamedMonths =
        ["d MMM yyyy", "d-MMM-yyyy", "d MMMM yyyy", "d. MMMM yyyy", "MMM d, yyyy", "MMMM d, yyyy"];

    static readonly string[] Times = ["H:mm", "H:mm:ss", "H:mm:ss.FFFFFFF", "h:mm tt", "h:mm:ss tt"];

    public static DateReading Read(string given, DateOrder? order, out DateTime time)
    {
        time = default;
        var text = given.Trim();
        if (text.Length is < 6 or > LengthMax)
            return DateReading.NotADate;

        var day = text;
        var clock = TimeSpan.Zero;
        var cut = text.IndexOf('T', StringComparison.Ordinal);
        if (cut != 10)
            cut = text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? text.LastIndexOf(' ', colon) : -1;
        if (cut > 0)
        {
            day = text[..cut];
            if (!TryTime(text[(cut + 1)..], out clock))
                return DateReading.NotADate;
        }

        var reading = Day(day, order, out time);
        time += clock;
        return reading;
    }

    /// <summary>A time with an offset counts as what its clock showed.</summary>
    static bool TryTime(string text, out TimeSpan clock)
    {
        clock = default;
        var bare = text.EndsWith('Z') ? text[..^1] : text.LastIndexOfAny(['+', '-']) is > 0 and var at ? text[..at] : text;
        if (!DateTime.TryParseExact(bare.Trim(), Times, CultureInfo.InvariantCulture, DateTimeStyles.NoCurrentDateDefault, out var time))
            return false;
        clock = time.TimeOfDay;
        return true;
    }

    static DateReading Day(string text, DateOrder? order, out DateTime day)
    {
        day = default;
        if (!char.IsAsciiDigit(text[^1]) || text.AsSpan().IndexOfAnyExcept(OfDays) >= 0)
        {
            return DateTime.TryParseExact(
                text, NamedMonths, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out day)
                ? DateReading.Read : DateReading.NotADate;
        }

        var mark = text.AsSpan().IndexOfAny("./-") is >= 0 and var first ? text[first] : '\0';
        var parts = mark == '\0' ? [] : text.Split(mark);
        if (parts.Length != 3 || parts.Any(part => part.Length is 0 or > 4 || part.Any(letter => !char.IsAsciiDigit(letter))))
            return DateReading.NotADate;
        var (a, b, c) = (int.Parse(parts[0]), int.Parse(parts[1]), int.Parse(parts[2]));
        if (parts[0].Length == 4)
            return Make(a, b, c, out day);
        if (parts[2].Length is not (2 or 4) || parts[0].Length > 2 || parts[1].Length > 2)
            return DateReading.NotADate;
        if (parts[2].Length == 2 && order is null)
            return IsDay(a, b, c) ? DateReading.Ambiguous : DateReading.NotADate;

        return (order ?? (mark == '.' ? DateOrder.DayMonthYear : null)) switch
        {
            DateOrder.DayMonthYear => Make(Year(parts[2], c), b, a, out day),
            DateOrder.MonthDayYear => Make(Year(parts[2], c), a, b, out day),
            DateOrder.YearMonthDay => parts[2].Length == 2 ? Make(Year(parts[0], a), b, c, out day) : DateReading.NotADate,
            _ => a == b || a > 12 ? Make(c, b, a, out day)
                : b > 12 ? Make(c, a, b, out day)
                : DateReading.Ambiguous,
        };
    }

    static bool IsDay(int a, int b, int c) => a <= 31 && b <= 31 && c <= 99 && (a <= 12 || b <= 12);

    static int Year(string figures, int year) => figures.Length == 4 ? year : year < PivotYear ? 2000 + year : 1900 + year;

    static DateReading Make(int year, int month, int day, out DateTime time)
    {
        var isDay = year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
        time = isDay ? new DateTime(year, month, day) : default;
        return isDay ? DateReading.Read : DateReading.NotADate;
    }
}
