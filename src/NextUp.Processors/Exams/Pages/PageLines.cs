using NextUp.Processors.Pdf;

namespace NextUp.Processors.Exams.Pages;

/// <summary>Puts the words of a page into lines, and the lines into the order in which they are read.</summary>
/// <remarks>
/// A page has two columns where a gap in its middle is crossed by hardly any line while much text stands on both of its
/// sides. What does cross it (a heading over both columns) divides the page into bands, each read column by column.
/// </remarks>
public static class PageLines
{
    /// <summary>Words are on one line where their middles are nearer than this share of the lower one's height.</summary>
    const double SameLineShare = 0.5;

    /// <summary>The narrowest gap between two columns, as a share of the page's width.</summary>
    const double GutterShareMin = 0.025;

    /// <summary>A page with fewer lines on a side of the gap has one column.</summary>
    const int ColumnLinesMin = 6;

    /// <summary>Words that a side of a line has to have before it counts as text; marks and options have fewer.</summary>
    const int ColumnWordsMin = 3;

    /// <summary>How wide it has to be, as a share of the page's width.</summary>
    const double ColumnTextShareMin = 0.2;

    /// <summary>The share of lines that may cross the gap between two columns.</summary>
    const double CrossingShareMax = 0.2;

    public static IReadOnlyList<TextLine> Of(PdfPage page)
    {
        var turned = page.Words.Where(IsTurned).ToList();
        var words = turned.Count == 0 ? page.Words.ToList()
            : [.. page.Words.Where(word => !IsTurned(word) && !turned.Exists(other => IsBeside(other, word)))];
        var rows = Rows(words);
        if (rows.Count == 0)
            return [];
        if (Gutter(rows, page.Width) is not { } gutter)
            return [.. Lines(page, rows)];

        var lines = new List<TextLine>();
        var (left, right) = (new List<List<PdfWord>>(), new List<List<PdfWord>>());
        foreach (var row in rows)
        {
            var (before, behind) = Split(row, gutter);
            if (before.Count > 0 && behind.Count > 0 && behind[0].X0 - before[^1].X1 < page.Width * GutterShareMin)
            {
                Flush();
                lines.AddRange(Lines(page, [row]));
                continue;
            }

            if (before.Count > 0)
                left.Add(before);
            if (behind.Count > 0)
                right.Add(behind);
        }

        Flush();
        return lines;

        void Flush()
        {
            lines.AddRange(Lines(page, left));
            lines.AddRange(Lines(page, right));
            left.Clear();
            right.Clear();
        }
    }

    static double Middle(PdfWord word) => (word.Y0 + word.Y1) / 2;

    /// <summary>Text that runs up or down the margin: taller than wide although it has several letters.</summary>
    static bool IsTurned(PdfWord word) => word.Text.Length >= 3 && word.X1 - word.X0 < word.Height * 0.8;

    /// <summary>A short word of the same turned line: as narrow, in the same band.</summary>
    static bool IsBeside(PdfWord turned, PdfWord word) =>
        word.X0 >= turned.X0 - 1 && word.X1 <= turned.X1 + 1;

    /// <summary>Words in rows over the whole width of the page, from the top, each row from the left.</summary>
    static List<List<PdfWord>> Rows(List<PdfWord> words)
    {
        var rows = new List<List<PdfWord>>();
        foreach (var word in words.OrderBy(word => Middle(word)).ThenBy(word => word.X0))
        {
            var row = rows.Count > 0 ? rows[^1] : null;
            if (row is not null && Middle(word) - row.Average(other => Middle(other))
                <= SameLineShare * Math.Min(word.Height, row.Max(other => other.Height)))
                row.Add(word);
            else
                rows.Add([word]);
        }

        foreach (var row in rows)
            row.Sort((one, other) => one.X0.CompareTo(other.X0));
        return rows;
    }

    static IEnumerable<TextLine> Lines(PdfPage page, List<List<PdfWord>> rows)
    {
        if (rows.Count == 0)
            return [];
        var margin = rows.Min(row => row[0].X0);
        return rows.Select(row => new TextLine(page.Number, row, margin, page.Width, page.Height));
    }

    static (List<PdfWord> Before, List<PdfWord> Behind) Split(List<PdfWord> row, double gutter) =>
        ([.. row.Where(word => (word.X0 + word.X1) / 2 < gutter)],
            [.. row.Where(word => (word.X0 + word.X1) / 2 >= gutter)]);

    static bool IsText(List<PdfWord> side, double width) =>
        side.Count >= ColumnWordsMin && side[^1].X1 - side[0].X0 >= width * ColumnTextShareMin
            && side[0].Text is not ("A" or "B" or "C" or "D");

    /// <summary>Where the gap between two columns is, or null on a page with one.</summary>
    static double? Gutter(List<List<PdfWord>> rows, double width)
    {
        (double At, int Crossing)? best = null;
        for (var at = width * 0.4; at <= width * 0.6; at += width * 0.01)
        {
            var (crossing, left, right) = (0, 0, 0);
            foreach (var row in rows)
            {
                var (before, behind) = Split(row, at);
                var isCrossed = before.Count > 0 && behind.Count > 0
                    && behind[0].X0 - before[^1].X1 < width * GutterShareMin;
                if (isCrossed)
                {
                    crossing++;
                    continue;
                }

                left += IsText(before, width) ? 1 : 0;
                right += IsText(behind, width) ? 1 : 0;
            }

            if (left < ColumnLinesMin || right < ColumnLinesMin || crossing > rows.Count * CrossingShareMax)
                continue;
            if (best is not { } known || crossing < known.Crossing)
                best = (at, crossing);
        }

        return best?.At;
    }
}
