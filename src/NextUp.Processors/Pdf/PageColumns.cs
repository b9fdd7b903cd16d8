namespace NextUp.Processors.Pdf;

/// <summary>
/// Takes apart the columns of a page that poppler has read across. It mostly finds columns itself; where lines of both stand
/// at the same height close to each other it takes them for one, and sentences of both are mixed.
/// </summary>
public static class PageColumns
{
    /// <summary>The space between columns is in this part of the page's width.</summary>
    const double FromShare = 0.3, ToShare = 0.7;

    /// <summary>Lines that have to be taken apart before a page is believed to be read across.</summary>
    const int MixedLinesMin = 6;

    /// <summary>Steps in which the space is looked for, and how wide it is at least, in points.</summary>
    const double Step = 2, GutterMin = 7;

    /// <summary>Of the lines beside the space this share may go across it: titles, figures.</summary>
    const double AcrossShareMax = 0.25;

    /// <summary>The page with its columns one after the other; the same page where they were not mixed.</summary>
    public static PdfPage Separate(PdfPage page)
    {
        var lines = Lines(page);
        if (Gutter(page, lines) is not { } gutter) return page;
        List<PdfWord> words = [];
        List<List<PdfWord>> left = [], right = [];
        var flow = 0;
        foreach (var line in lines.SelectMany(line => Parts(line, gutter)).OrderBy(part => part.Min(word => word.Y0)))
        {
            if (line[^1].X1 <= gutter) left.Add(line);
            else if (line[0].X0 >= gutter) right.Add(line);
            else
            {
                // What goes across ends the columns above it.
                Flush();
                Add([line]);
            }
        }

        Flush();
        return page with { Words = words };

        void Flush()
        {
            Add(left);
            Add(right);
            left.Clear();
            right.Clear();
        }

        void Add(List<List<PdfWord>> column)
        {
            foreach (var (line, number) in column.Select((line, number) => (line, number)))
                words.AddRange(line.Select(word => word with { Flow = flow, Block = 0, Line = number }));
            flow++;
        }
    }

    /// <summary>The middle of the space between two columns whose lines are mixed; null where there is none.</summary>
    static double? Gutter(PdfPage page, List<List<PdfWord>> lines)
    {
        (double At, int Mixed)? best = null;
        for (var at = page.Width * FromShare; at <= page.Width * ToShare; at += Step)
        {
            var (mixed, across) = (0, 0);
            foreach (var line in lines)
            {
                if (IsMixed(line, at)) mixed++;
                else if (line[0].X0 < at && line.Exists(word => word.X1 > at)) across++;
            }

            if (mixed >= MixedLinesMin && across <= mixed * AcrossShareMax && mixed > (best?.Mixed ?? 0)) best = (at, mixed);
        }

        return best?.At;
    }

    static bool IsMixed(List<PdfWord> line, double at)
    {
        for (var i = 1; i < line.Count; i++)
            if (line[i - 1].X1 <= at && line[i].X0 >= at)
                return line[i].X0 - line[i - 1].X1 >= Math.Max(GutterMin, 0.7 * line[i].Height) && i > 2 && line.Count - i > 2;
        return false;
    }

    static IEnumerable<List<PdfWord>> Parts(List<PdfWord> line, double gutter)
    {
        var behind = line.FindIndex(word => word.X0 >= gutter);
        var isApart = behind > 0 && line[behind - 1].X1 <= gutter && line[behind].X0 - line[behind - 1].X1 >= GutterMin;
        return isApart ? [line[..behind], line[behind..]] : [line];
    }

    static List<List<PdfWord>> Lines(PdfPage page)
    {
        List<List<PdfWord>> lines = [];
        foreach (var word in page.Words)
        {
            if (lines is [.., [.., var last]] && (last.Flow, last.Block, last.Line) == (word.Flow, word.Block, word.Line))
                lines[^1].Add(word);
            else
                lines.Add([word]);
        }

        return lines;
    }
}
