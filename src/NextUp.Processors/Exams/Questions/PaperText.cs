using System.Text.RegularExpressions;
using NextUp.Processors.Exams.Pages;
using NextUp.Processors.Pdf;

namespace NextUp.Processors.Exams.Questions;

/// <summary>The lines of a paper in reading order, without furniture, and what is known of its pages.</summary>
public sealed partial class PaperText
{
    /// <summary>Sentences of a cover that a page has to have.</summary>
    const int CoverPhrasesMin = 2;

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
        var lines = PageFurniture.Scrub(all, pages.Count);
        var covers = new HashSet<int>();
        foreach (var page in pages.Take(2))
        {
            var text = string.Join('\n', all.Where(line => line.Page == page.Number).Select(line => line.Text));
            var hasMarks = lines.Any(line =>
                line.Page == page.Number && MarkText.Of(line, takesRound: false) is MarkNote.Earned);
            if (!hasMarks && CoverPhrase().Matches(text).Select(match => match.Value.ToUpperInvariant()).Distinct().Count()
                >= CoverPhrasesMin)
                covers.Add(page.Number);
        }

        return new(pages, all, lines, covers);
    }

    [GeneratedRegex(
        @"instructions|information|candidate(?:'s)?\s+(?:name|number|signature)|cent(?:re|er)\s+number|time\s+allowed|\b\d\s+hours?\b|\bminutes\b"
        + @"|you\s+must\s+have|additional\s+materials|materials|for\s+this\s+paper\s+you|answer\s+all|total\s+marks?|maximum\s+mark|mark\s+for\s+this"
        + @"|candidate\s+session|surname|paper\s+reference",
        RegexOptions.IgnoreCase)]
    private static partial Regex CoverPhrase();
}
