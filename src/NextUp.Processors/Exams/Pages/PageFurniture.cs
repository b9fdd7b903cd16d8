using System.Text.RegularExpressions;
using NextUp.Processors.Exams.Questions;

namespace NextUp.Processors.Exams.Pages;

/// <summary>
/// Takes out what is on the pages and not of the questions: running heads and feet, page numbers, "Turn over". A line with
/// marks on it is never furniture, and neither is a number in the left margin that may be a question's.
/// </summary>
public static partial class PageFurniture
{
    const double HeadShare = 0.09;
    const double FootShare = 0.90;

    /// <summary>The share of pages that a line has to be on, its digits aside.</summary>
    const double RepeatedShare = 0.4;

    /// <summary>A number further right is no question's.</summary>
    const double NumberMarginShare = 0.16;

    /// <summary>The lines without furniture, in the same order.</summary>
    public static IReadOnlyList<TextLine> Scrub(IReadOnlyList<TextLine> lines, int pages)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var repeated = lines.Where(IsOutside)
            .GroupBy(Masked)
            .Where(same => same.Select(line => line.Page).Distinct().Count() >= Math.Max(2, pages * RepeatedShare))
            .Select(same => same.Key)
            .ToHashSet(StringComparer.Ordinal);
        return [.. lines.Where(line => !IsFurniture(line, repeated))];
    }

    static bool IsFurniture(TextLine line, HashSet<string> repeated)
    {
        if (MarkText.Of(line, takesRound: false) is not null)
            return false;
        if (Phrase().IsMatch(line.Text))
            return true;
        if (!IsOutside(line))
            return false;

        var isFoot = line.Top > line.PageHeight * FootShare;
        if (PageNumber().IsMatch(line.Text))
            return isFoot || line.Left > line.PageWidth * NumberMarginShare;
        return Copyright().IsMatch(line.Text) || repeated.Contains(Masked(line));
    }

    static bool IsOutside(TextLine line) =>
        line.Bottom < line.PageHeight * HeadShare || line.Top > line.PageHeight * FootShare;

    /// <summary>"Turn over" is at the foot of every other page, beside what is on all of them.</summary>
    static string Masked(TextLine line) => Digits().Replace(TurnOver().Replace(line.Text, ""), "#").Trim();

    [GeneratedRegex(@"\[?\s*(?:please\s+)?turn\s+over\s*(?:for\b.*|►)?\]?|\bP\.?T\.?O\.?\b", RegexOptions.IgnoreCase)]
    private static partial Regex TurnOver();

    [GeneratedRegex(@"^\W*(?:©|\(c\)\s|copyright\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Copyright();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();

    [GeneratedRegex(@"^\s*(?:(?:page\s+)?[-–—]?\s*\d{1,3}\s*[-–—]?(?:\s*(?:of|/)\s*\d{1,3})?)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex PageNumber();

    [GeneratedRegex(
        @"^\W*(?:turn\s+over(?:\s+(?:for|to)\b.*)?|(?:please\s+)?turn\s+the\s+page|\[?turn\s+over\]?|blank\s+page"
        + @"|this\s+page\s+is\s+(?:intentionally\s+)?blank"
        + @"|do\s+not\s+write\s+(?:in\s+this\s+(?:margin|area)|outside\s+the(?:\s+box)?)"
        + @"|end\s+of\s+(?:the\s+)?(?:questions?|paper|examination|test|section(?:\s+\w+)?)|[.…·_\s]+)\W*$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Phrase();
}
