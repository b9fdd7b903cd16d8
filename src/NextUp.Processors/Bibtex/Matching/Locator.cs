using System.Buffers;

namespace NextUp.Processors.Bibtex.Matching;

enum LocatorRelation
{
    Agree,
    Disagree,

    /// <summary>One of the two is not said.</summary>
    Unknown,
}

/// <summary>Where in a journal or book a work stands: a volume, a first page.</summary>
static class Locator
{
    static readonly SearchValues<char> RangeMarks = SearchValues.Create("-–—−,;+ ");

    public static LocatorRelation Compare(string? mine, string? theirs)
    {
        var one = Plain(mine);
        var other = Plain(theirs);
        if (one.Length == 0 || other.Length == 0)
            return LocatorRelation.Unknown;
        return one == other ? LocatorRelation.Agree : LocatorRelation.Disagree;
    }

    public static LocatorRelation CompareFirstPages(string? mine, string? theirs) =>
        Compare(FirstPage(mine), FirstPage(theirs));

    /// <summary>The part of a page range before its dash, comma or semicolon: <c>e1000097</c>, <c>S12</c>,
    /// <c>170a</c>.</summary>
    public static string? FirstPage(string? pages)
    {
        if (string.IsNullOrWhiteSpace(pages))
            return null;
        var end = pages.AsSpan().Trim().IndexOfAny(RangeMarks);
        return end < 0 ? pages.Trim() : pages.Trim()[..end];
    }

    static string Plain(string? locator) => string.Concat(FoldedText.Words(locator)).TrimStart('0');
}
