using System.Text;
using NextUp.Processors.Pdf;

namespace NextUp.Processors.Documents.Layout;

/// <summary>
/// Lines that stand at the head or the foot of page after page: running titles, page numbers. They would cut sentences in two
/// and be found everywhere, so only the first of each is kept, and of page numbers none.
/// </summary>
static class RunningLines
{
    /// <summary>How much of a page's height is its head, and how much its foot.</summary>
    const double EdgeShare = 0.12;

    /// <summary>How much of its width is its margin; some print notes upwards along it.</summary>
    const double MarginShare = 0.08;

    /// <summary>Pages on which a line has to stand, and which share of all; odd and even pages often differ.</summary>
    const int PagesMin = 3;
    const double PagesShareMin = 0.3;

    /// <summary>Points that a line may be higher or lower from page to page.</summary>
    const double Wobble = 12;

    /// <summary>The lines without those that run through the pages.</summary>
    public static List<List<PageLine>> Remove(IReadOnlyList<PdfPage> pages, List<List<PageLine>> lines)
    {
        if (pages.Count < PagesMin) return lines;
        var counts = new Dictionary<(string, int), int>();
        for (var i = 0; i < pages.Count; i++)
            foreach (var key in lines[i].Where(line => IsAtEdge(line, pages[i])).SelectMany(Keys).Distinct())
                counts[key] = counts.GetValueOrDefault(key) + 1;

        var enough = Math.Max(PagesMin, pages.Count * PagesShareMin);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. lines.Select((page, i) => page.Where(line => !IsAtEdge(line, pages[i]) || IsKept(line)).ToList())];

        bool IsKept(PageLine line)
        {
            if (!Keys(line).Any(key => counts.GetValueOrDefault(key) >= enough)) return true;
            var pattern = Pattern(line.Text);
            return !IsPageNumber(pattern) && seen.Add(pattern);
        }
    }

    static bool IsAtEdge(PageLine line, PdfPage page) =>
        page is { Height: > 0, Width: > 0 } && (line.Y1 <= page.Height * EdgeShare || line.Y0 >= page.Height * (1 - EdgeShare)
            || line.X1 <= page.Width * MarginShare || line.X0 >= page.Width * (1 - MarginShare));

    /// <summary>Two rows of a grid, half a cell apart, so that a line that wobbles is the same in one of them.</summary>
    static IEnumerable<(string, int)> Keys(PageLine line)
    {
        var pattern = Pattern(line.Text);
        yield return (pattern, (int)(line.Y0 / Wobble) * 2);
        yield return (pattern, ((int)((line.Y0 + (Wobble / 2)) / Wobble) * 2) + 1);
    }

    /// <summary>The text with each number as one sign, because page numbers and dates count on.</summary>
    static string Pattern(string text)
    {
        var pattern = new StringBuilder(text.Length);
        foreach (var one in text)
        {
            if (!char.IsDigit(one)) pattern.Append(char.ToLowerInvariant(one));
            else if (pattern.Length == 0 || pattern[^1] != '#') pattern.Append('#');
        }

        return pattern.ToString();
    }

    static bool IsPageNumber(string pattern)
    {
        var letters = pattern.Replace("page", "", StringComparison.Ordinal).Replace("of", "", StringComparison.Ordinal)
            .Count(char.IsLetter);
        return letters < 3;
    }
}
