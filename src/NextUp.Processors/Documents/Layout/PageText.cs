using System.Text.RegularExpressions;
using NextUp.Processors.Documents.Extraction;
using NextUp.Processors.Pdf;

namespace NextUp.Processors.Documents.Layout;

/// <summary>
/// The words of pages as the text that was set: without running titles, with whole paragraphs and words, and headings known by
/// their size or their number. Columns come one after the other, as poppler found them.
/// </summary>
static partial class PageText
{
    /// <summary>A heading is larger than the text by this much.</summary>
    const double HeadingSizeMin = 1.15;

    const int HeadingLengthMax = 200, NumberedLengthMax = 120, HeadingLinesMax = 3, LevelsMax = 6;

    /// <summary>Writes each page's blocks with its number.</summary>
    public static void Write(IReadOnlyList<PdfPage> pages, BlockWriter blocks)
    {
        var lines = RunningLines.Remove(pages, [.. pages.Select(page => PageLine.Of(PageColumns.Separate(page)))]);
        var paragraphs = lines.ConvertAll(page => PageParagraphs.Of(page));
        var join = new LineJoin(lines.SelectMany(page => page));
        var body = BodySize(lines);
        var levels = Levels(paragraphs.SelectMany(page => page).Where(one => IsLarge(one, body)).Select(one => one.Size));
        for (var i = 0; i < pages.Count; i++)
        {
            blocks.Page = pages[i].Number;
            foreach (var paragraph in paragraphs[i])
            {
                var text = Leader().Replace(join.Join(paragraph.Lines), " … ");
                if (IsLarge(paragraph, body)) blocks.Heading(text, levels[Rounded(paragraph.Size)]);
                else if (NumberedLevel(paragraph, text) is > 0 and var level) blocks.Heading(text, level);
                else if (PageParagraphs.IsListItem(text)) blocks.ListItem(text);
                else blocks.Paragraph(text);
            }
        }
    }

    /// <summary>The size in which most characters are set.</summary>
    static double BodySize(List<List<PageLine>> lines) =>
        lines.SelectMany(page => page).GroupBy(line => Rounded(line.Size))
            .OrderByDescending(group => group.Sum(line => line.Text.Length)).FirstOrDefault()?.Key ?? 0;

    static bool IsLarge(PageParagraph paragraph, double body) =>
        paragraph.Size >= body * HeadingSizeMin && paragraph.Lines.Count <= HeadingLinesMax && paragraph.Length <= HeadingLengthMax
        && paragraph.Lines.Any(line => line.Text.Any(char.IsLetter)) && paragraph.First.IsLevel
        && !char.IsLower(paragraph.First.Text[0]) && paragraph.Last.Text[^1] is not (',' or ';' or '-')
        && !paragraph.Lines.Exists(line => Leader().IsMatch(line.Text));

    /// <summary>The largest size is the first level, and so on down; sizes past the last are of the last.</summary>
    static Dictionary<double, int> Levels(IEnumerable<double> sizes) =>
        sizes.Select(Rounded).Distinct().OrderDescending().Select((size, i) => (size, level: Math.Min(i + 1, LevelsMax)))
            .ToDictionary(pair => pair.size, pair => pair.level);

    /// <summary>"2.1 Methods", "Appendix A", "References" on a line of its own; 0 for what is none.</summary>
    static int NumberedLevel(PageParagraph paragraph, string text)
    {
        if (paragraph.Lines.Count > 1 || text.Length > NumberedLengthMax || text.Contains('…', StringComparison.Ordinal)
            || text[^1] is '.' or ',' or ';' or ':') return 0;
        if (Numbered().Match(text) is { Success: true } numbered) return Math.Min(LevelsMax, numbered.Value.Count('.') + 1);
        return Named().IsMatch(text) ? 1 : 0;
    }

    /// <summary>The dots that lead from a title to its page.</summary>
    [GeneratedRegex("""\s*(?:[.…_·] ?){5,}\s*""")]
    private static partial Regex Leader();

    static double Rounded(double size) => Math.Round(size * 2) / 2;

    [GeneratedRegex("""^\d{1,2}(?:\.\d{1,2}){1,4}(?=\.?\s+\p{Lu}\p{L}+)""")]
    private static partial Regex Numbered();

    [GeneratedRegex(
        """^(?:(?:Chapter|Appendix|Section|Part)\s+\w{1,5}(?:[:.\s].*)?|Abstract|Introduction|Conclusions?|References|"""
        + """Bibliography|Acknowledge?ments)$""")]
    private static partial Regex Named();
}
