using System.Text.RegularExpressions;

namespace NextUp.Processors.Documents.Layout;

/// <summary>Lines that belong together, in reading order.</summary>
sealed record PageParagraph(List<PageLine> Lines)
{
    public PageLine First => Lines[0];

    public PageLine Last => Lines[^1];

    public double Size => Lines[Lines.Count / 2].Size;

    public int Length => Lines.Sum(line => line.Text.Length);
}

/// <summary>Divides the lines of a page into paragraphs by what one sees: gaps, sizes, indents, marks of lists.</summary>
static partial class PageParagraphs
{
    /// <summary>Lines further apart than this many times the usual distance begin a paragraph.</summary>
    const double GapMin = 1.4;

    /// <summary>Sizes that differ by this share are different.</summary>
    const double SizeShare = 0.12;

    public static List<PageParagraph> Of(IReadOnlyList<PageLine> lines)
    {
        List<PageParagraph> paragraphs = [];
        for (var at = 0; at < lines.Count;)
        {
            var from = at;
            while (at < lines.Count && (lines[at].Flow, lines[at].Block) == (lines[from].Flow, lines[from].Block)) at++;
            AddBlock([.. lines.Skip(from).Take(at - from)], paragraphs);
        }

        return paragraphs;
    }

    public static bool IsListItem(string text) => ListMark().IsMatch(text);

    /// <summary>Whether the sizes are not those of one text.</summary>
    public static bool Differ(double one, double other) => Math.Abs(one - other) > SizeShare * Math.Max(one, other);

    static void AddBlock(List<PageLine> block, List<PageParagraph> paragraphs)
    {
        var left = block.Min(line => line.X0);
        var steps = block.Zip(block.Skip(1), (above, below) => below.Y0 - above.Y0).Where(step => step > 0).Order().ToList();
        var usual = steps.Count > 0 ? steps[steps.Count / 2] : 0;
        // A paragraph goes on in the next column, where the last one stopped in the middle of a sentence.
        if (paragraphs is not [.., var before] || !GoesOn(before, block[0])) paragraphs.Add(before = new([]));
        foreach (var line in block)
        {
            if (before.Lines.Count > 0 && before.Last.Block == line.Block && before.Last.Flow == line.Flow
                && Begins(before.Last, line, left, usual))
                paragraphs.Add(before = new([]));
            before.Lines.Add(line);
        }
    }

    static bool GoesOn(PageParagraph before, PageLine next) =>
        before.Lines.Count > 0 && !Differ(before.Size, next.Size) && before.Length > 40 && next.Text.Length > 0
        && char.IsLower(next.Text[0]) && !EndsSentence(before.Last.Text) && !IsListItem(next.Text);

    static bool Begins(PageLine above, PageLine line, double left, double usual)
    {
        var step = line.Y0 - above.Y0;
        if (step < -above.Size || (usual > 0 && step > GapMin * usual) || Differ(above.Size, line.Size)) return true;
        if (IsListItem(line.Text)) return true;
        var isIndented = line.X0 > left + (0.8 * line.Size) && line.X0 < left + (6 * line.Size) && above.X0 <= left + (0.4 * line.Size);
        return isIndented && EndsSentence(above.Text);
    }

    static bool EndsSentence(string text)
    {
        var end = text.TrimEnd('"', '\'', ')', ']', '\u201d', '\u2019');
        return end.Length > 0 && end[^1] is '.' or '!' or '?' or ':' or ';' or '\u3002';
    }

    [GeneratedRegex("""^(?:[•▪◦●○‣∙·–—*\u2219\ue000-\uf8ff-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])\s""")]
    private static partial Regex ListMark();
}
