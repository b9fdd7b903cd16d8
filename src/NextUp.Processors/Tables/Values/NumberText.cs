using System.Globalization;

namespace NextUp.Processors.Tables.Values;

/// <summary>How a number was understood.</summary>
enum NumberReading
{
    Read = 0,
    NotANumber,

    /// <summary>1,234 is a thousand in one country and a little more than one in another.</summary>
    Ambiguous,
}

/// <summary>Numbers as people write them: with a comma or a point, with marks between the thousands, with a sign.</summary>
static class NumberText
{
    const int LengthMax = 60;

    const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    /// <param name="mark"><c>.</c> or <c>,</c>, or null where it is not known.</param>
    public static NumberReading Read(string given, string? mark, out decimal number)
    {
        number = 0;
        var text = given.Trim().Replace('\u2212', '-');
        if (text.Length is 0 or > LengthMax)
            return NumberReading.NotANumber;
        if (text.AsSpan().IndexOfAny(',', '.', ' ') < 0 && text.AsSpan().IndexOfAny("'\u2019\u00A0\u202F") < 0)
            return Parse(text, out number);

        var spaced = WithoutThousands(text, ' ', '\'', '\u2019', '\u00A0', '\u202F');
        if (spaced is null)
            return NumberReading.NotANumber;
        var comma = spaced.Contains(',', StringComparison.Ordinal);
        var point = spaced.Contains('.', StringComparison.Ordinal);
        if (!comma && !point)
            return Parse(spaced, out number);
        var known = mark ?? Known(spaced, comma, point);
        if (known is null)
            return NumberReading.Ambiguous;
        return WithoutThousands(spaced, known == "." ? ',' : '.') is { } plain && plain.Count(known[0]) <= 1
            ? Parse(plain.Replace(',', '.'), out number) : NumberReading.NotANumber;
    }

    /// <summary>The mark that the number itself tells: the last of two kinds, or one that cannot part thousands.</summary>
    static string? Known(string text, bool comma, bool point)
    {
        if (comma && point)
            return text.LastIndexOf(',') > text.LastIndexOf('.') ? "," : ".";
        var (mark, other) = comma ? (',', ".") : ('.', ",");
        var first = text.IndexOf(mark, StringComparison.Ordinal);
        if (text.IndexOf(mark, first + 1) > 0)
            return other;
        var whole = text.AsSpan(0, first).TrimStart("+-");
        var isThousandsLike = text.Length - first - 1 == 3 && whole.Length is >= 1 and <= 3 && whole[0] != '0';

        // A point before three figures is the usual decimal point; a comma there is as often the other one.
        return isThousandsLike && comma ? null : mark.ToString();
    }

    /// <summary>Without the marks between thousands, or null where they stand elsewhere.</summary>
    static string? WithoutThousands(string text, params ReadOnlySpan<char> marks)
    {
        if (text.AsSpan().IndexOfAny(marks) < 0)
            return text;
        var end = text.AsSpan().LastIndexOfAny(marks);
        var figures = 0;
        var kept = new System.Text.StringBuilder(text.Length);
        var isFirst = true;
        for (var i = 0; i < text.Length; i++)
        {
            if (marks.Contains(text[i]))
            {
                if (figures is 0 or > 3 || (!isFirst && figures != 3))
                    return null;
                (figures, isFirst) = (0, false);
                continue;
            }

            if (char.IsAsciiDigit(text[i]))
                figures++;
            else if (i > end)
                break;
            kept.Append(text[i]);
        }

        return figures == 3 ? text[..0] + kept + Rest(text, end) : null;
    }

    static string Rest(string text, int end)
    {
        var at = end + 1;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return text[at..];
    }

    static NumberReading Parse(string text, out decimal number) =>
        decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out number) && text[^1] != '.' && text[0] != '.'
            ? NumberReading.Read : NumberReading.NotANumber;
}
