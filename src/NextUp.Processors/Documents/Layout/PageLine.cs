using NextUp.Processors.Pdf;

namespace NextUp.Processors.Documents.Layout;

/// <summary>A line of a page: its words in order, and where they stand, in points.</summary>
sealed record PageLine(int Page, string Text, double X0, double Y0, double X1, double Y1, double Size, int Flow, int Block)
{
    /// <summary>Written from left to right or from right to left, not upwards along the margin.</summary>
    public bool IsLevel { get; init; } = true;

    /// <summary>The lines of a page in reading order.</summary>
    public static List<PageLine> Of(PdfPage page)
    {
        List<PageLine> lines = [];
        for (var at = 0; at < page.Words.Count;)
        {
            var from = at;
            var first = page.Words[at];
            while (at < page.Words.Count && page.Words[at] is var word
                && (word.Flow, word.Block, word.Line) == (first.Flow, first.Block, first.Line)) at++;
            var line = Of(page.Number, [.. page.Words.Skip(from).Take(at - from)]);
            if (lines is [.., var mark] && IsMarkOf(mark, line))
                lines[^1] = line with { Text = $"{mark.Text} {line.Text}", X0 = mark.X0, Flow = mark.Flow, Block = mark.Block };
            else
                lines.Add(line);
        }

        return lines;
    }

    static PageLine Of(int page, List<PdfWord> words)
    {
        var text = Letters.WithoutLigatures(string.Join(' ', words.Select(word => word.Text)));
        var sizes = words.Select(SizeOf).Order().ToList();
        return new(
            page, text, words.Min(word => word.X0), words.Min(word => word.Y0), words.Max(word => word.X1),
            words.Max(word => word.Y1), sizes[sizes.Count / 2], words[0].Flow, words[0].Block)
        {
            IsLevel = !words.TrueForAll(word => word.Text.Length == 1 ? words.Count > 1 && IsUpright(words) : IsUpright(word)),
        };
    }

    /// <summary>Marks of lists often stand in a column of their own.</summary>
    static bool IsMarkOf(PageLine mark, PageLine line) =>
        mark.Text.Length <= 5 && mark.X1 <= line.X0 && Math.Abs(mark.Y1 - line.Y1) < 0.5 * line.Size
        && PageParagraphs.IsListItem(mark.Text + " ");

    static bool IsUpright(PdfWord word) => word.Height > 2 * (word.X1 - word.X0);

    static bool IsUpright(List<PdfWord> words) =>
        words.Max(word => word.Y1) - words.Min(word => word.Y0) > 2 * (words.Max(word => word.X1) - words.Min(word => word.X0));

    /// <summary>A word that is written upwards is as high as it is long.</summary>
    static double SizeOf(PdfWord word) =>
        word.Text.Length > 1 && IsUpright(word) ? word.X1 - word.X0 : word.Height;
}
