using System.Text.RegularExpressions;
using NextUp.Processors.Exams.Pages;
using NextUp.Processors.Pdf;

namespace NextUp.Processors.Exams.Questions;

/// <summary>The lines of a paper in reading order, without furniture, and what is known of its pages.</summary>
public sealed partial class PaperText
{
    /// <summary>Sentences of a cover that the first page has to have; the second has to have one more.</summary>
    const int CoverPhrasesMin = 2;

    /// <summary>How much further in the margin of a page may begin and be the others' all the same, as a share of the width.</summary>
    const double SharedMarginShare = 0.12;

    readonly HashSet<int> _covers;

    PaperText(IReadOnlyList<PdfPage> pages, IReadOnlyList<TextLine> all, IReadOnlyList<TextLine> lines, HashSet<int> covers) =>
        (Pages, All, Lines, _covers) = (pages, all, lines, covers);

    public IReadOnlyList<PdfPage> Pages { get; }

    /// <summary>Every line, furniture too.</summary>
    public IReadOnlyList<TextLine> All { get; }

    public IReadOnlyList<TextLine> Lines { get; }

    public bool IsCover(int page) => _covers.Contains(page);

    public static PaperText Of(IReadOnlyList<PdfPage> pages)
    {
        ArgumentNullException.ThrowIfNull(pages);
        List<TextLine> all = [.. pages.SelectMany(PageLines.Of)];
        var lines = WithMargins(PageFurniture.Scrub(all, pages.Count));
        var takesRound = MarkText.HasQuestionTotals(lines);
        var covers = new HashSet<int>();
        foreach (var page in pages.Take(2))
        {
            var text = string.Join('\n', all.Where(line => line.Page == page.Number).Select(line => line.Text));
            var hasMarks = lines.Any(line =>
                line.Page == page.Number && MarkText.Of(line, takesRound) is MarkNote.Earned);
            if (!hasMarks && CoverPhrase().Matches(text).Select(match => match.Value.ToUpperInvariant()).Distinct().Count()
                >= CoverPhrasesMin + page.Number - 1)
                covers.Add(page.Number);
        }

        return new(pages, all, lines, covers);
    }

    /// <summary>
    /// The margins without furniture. A page that only goes on with a question has nothing in the margin, so a single column
    /// takes the margin of the pages on the same side of the sheet.
    /// </summary>
    static List<TextLine> WithMargins(IReadOnlyList<TextLine> lines)
    {
        var columns = lines.GroupBy(line => (line.Page, line.Margin))
            .ToDictionary(column => column.Key, column => column.Min(line => line.Left));
        var sides = columns.GroupBy(column => column.Key.Page).Select(page => page.MinBy(column => column.Value))
            .GroupBy(column => column.Key.Page % 2).ToDictionary(side => side.Key, side => side.Min(column => column.Value));
        return [.. lines.Select(line =>
        {
            var own = columns[(line.Page, line.Margin)];
            var side = sides[line.Page % 2];
            return line with { Margin = own - side < line.PageWidth * SharedMarginShare ? side : own };
        })];
    }

    [GeneratedRegex(
        @"instructions|information|candidate(?:'s)?\s+(?:name|number|signature)|cent(?:re|er)\s+number"
        + @"|time\s+allowed|\b\d\s+hours?\b|\bminutes\b"
        + @"|you\s+must\s+have|additional\s+materials|materials|for\s+this\s+paper\s+you|answer\s+all"
        + @"|total\s+marks?|maximum\s+mark|mark\s+for\s+this"
        + @"|candidate\s+session|surname|paper\s+reference",
        RegexOptions.IgnoreCase)]
    private static partial Regex CoverPhrase();
}
