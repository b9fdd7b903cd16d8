namespace NextUp.Processors.Bibtex.Text;

/// <summary>How the owner of an entry writes fields, so that a new one looks like theirs.</summary>
/// <param name="BeforeComma">Between a value and the comma behind it; where lines start with the comma, a break and an
/// indent.</param>
/// <param name="AfterComma">Between a comma and the next name: a break and an indent, or a blank.</param>
/// <param name="EqualsColumn">Chars from the start of a name to its equals sign where these are aligned, else
/// 0.</param>
/// <param name="BeforeEquals">Between name and equals sign where these are not aligned.</param>
/// <param name="AfterEquals">Between equals sign and value.</param>
/// <param name="TrailingComma">Whether a comma follows the last field.</param>
sealed record EntryStyle(
    string BeforeComma, string AfterComma, int EqualsColumn, string BeforeEquals, string AfterEquals,
    bool TrailingComma)
{
    /// <summary>
    /// Equals signs this far from their names are in a column even where there is only one field to see, in chars.
    /// </summary>
    const int GapOfColumnMin = 2;

    public static EntryStyle Plain(string newLine) => new("", newLine + "  ", 0, " ", " ", false);

    /// <summary>The style of an entry that has a field; else <paramref name="otherwise"/>.</summary>
    public static EntryStyle Of(BibEntry entry, EntryStyle otherwise)
    {
        var fields = entry.Fields;
        if (fields.IsEmpty) return otherwise;
        var text = entry.File.Source.Text;
        var last = fields[^1];
        var gapStart = fields.Length > 1 ? fields[^2].ValueEnd : entry.Span.KeyEnd;
        var (before, after) = AroundComma(text[gapStart..last.NameStart], otherwise);
        var afterEquals = Blank(text[(last.EqualsAt + 1)..last.ValueStart]);
        return new(before, after, Column(fields), Blank(text[last.NameEnd..last.EqualsAt]), afterEquals,
            entry.Span.HasTrailingComma);
    }

    public string Field(string name, string value)
    {
        var gap = EqualsColumn > 0 ? new string(' ', Math.Max(1, EqualsColumn - name.Length)) : BeforeEquals;
        return $"{name}{gap}={AfterEquals}{{{value}}}";
    }

    static int Column(ReadOnlySpan<BibField> fields)
    {
        var column = fields[0].EqualsAt - fields[0].NameStart;
        var gapMax = 0;
        foreach (var field in fields)
        {
            var gap = field.EqualsAt - field.NameEnd;
            // A name longer than the column pushes its sign to the right.
            if (field.EqualsAt - field.NameStart != column && gap > 1) return 0;
            gapMax = Math.Max(gapMax, gap);
        }

        return gapMax >= GapOfColumnMin ? column : 0;
    }

    static (string Before, string After) AroundComma(string gap, EntryStyle otherwise)
    {
        var comma = gap.LastIndexOf(',');
        var blank = gap.Length > 0 && gap.All(BibParser.IsBlank);
        if (comma < 0) return (otherwise.BeforeComma, blank ? OneBreak(gap) : otherwise.AfterComma);
        return (Blanks(gap[..comma]), Blanks(gap[(comma + 1)..]));
    }

    // Of "\n\n    " and of "% a comment\n    " the last break and the indent count.
    static string Blanks(string gap)
    {
        var end = gap.Length;
        while (end > 0 && gap[end - 1] is ' ' or '\t') end--;
        if (end == 0 || gap[end - 1] is '\n' or '\r') return OneBreak(gap);
        return gap.Contains('\n', StringComparison.Ordinal) ? "" : gap[end..];
    }

    static string OneBreak(string gap)
    {
        var at = gap.AsSpan().LastIndexOfAny('\r', '\n');
        if (at < 0) return gap;
        return gap[(at > 0 && gap[at] == '\n' && gap[at - 1] == '\r' ? at - 1 : at)..];
    }

    static string Blank(string gap) => gap.All(c => c is ' ' or '\t') ? gap : " ";
}
