using NextUp.Processors.Pdf;

namespace NextUp.Processors.Documents.Layout;

/// <summary>A line of a page: its words in order, and where they stand, in points.</summary>
sealed record PageLine(int Page, string Text, double X0, double Y0, double X1, double Y1, double Size, int Flow, int Block)
{
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
            lines.Add(Of(page.Number, [.. page.Words.Skip(from).Take(at - from)]));
        }

        return lines;
    }

    static PageLine Of(int page, List<PdfWord> words)
    {
        var text = Letters.WithoutLigatures(string.Join(' ', words.Select(word => word.Text)));
        var sizes = words.Select(SizeOf).Order().ToList();
        return new(
            page, text, words.Min(word => word.X0), words.Min(word => word.Y0), words.Max(word => word.X1),
            words.Max(word => word.Y1), sizes[sizes.Count / 2], words[0].Flow, words[0].Block);
    }

    /// <summary>A word that is written upwards is as high as it is long.</summary>
    static double SizeOf(PdfWord word) =>
        word.Text.Length > 1 && word.Height > 2 * (word.X1 - word.X0) ? word.X1 - word.X0 : word.Height;
}
