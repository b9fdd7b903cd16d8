using System.Buffers;

namespace NextUp.Processors.Bibtex.Text;

/// <summary>The part of the parser that finds where values and blanks end.</summary>
sealed partial class BibParser
{
    /// <summary>
    /// Reads a value. False where it does not close; then <see cref="at"/> is where reading may go on if the entry's
    /// own end was met inside quotes (the entry is damaged), else behind everything.
    /// </summary>
    bool Value(out int from, out int to)
    {
        SkipBlanks();
        from = to = at;
        while (at < text.Length)
        {
            var end = text[at] switch
            {
                '{' => Group(at),
                '"' => Quoted(at),
                _ => End(BareEnds, at),
            };
            if (end == NotClosed)
            {
                at = text.Length;
                return false;
            }

            if (end == NotQuoted)
            {
                condition = BibEntryCondition.Damaged;
                Problems.Add(from, key, "A quoted value does not close; the entry is kept as it is.");
                return false;
            }

            if (end > at) to = end;
            at = end;
            SkipBlanks();
            if (at >= text.Length || text[at] != '#') break;
            at++;
            SkipBlanks();
        }

        at = to;
        return true;
    }

    /// <summary>Where the group that opens here ends, behind its brace.</summary>
    int Group(int open)
    {
        if (braces.NeverCloses(open)) return NotClosed;
        var depth = 1;
        for (var scan = open + 1; ; scan++)
        {
            scan = End(Braces, scan);
            if (scan >= text.Length)
            {
                braces.Learn(open);
                return NotClosed;
            }

            depth += text[scan] == '{' ? 1 : -1;
            if (depth == 0) return scan + 1;
        }
    }

    int Quoted(int open)
    {
        for (var scan = open + 1; ;)
        {
            scan = End(QuoteSigns, scan);
            if (scan >= text.Length) return NotClosed;
            if (text[scan] == '"') return scan + 1;
            if (text[scan] == '}')
            {
                at = scan;
                return NotQuoted;
            }

            scan = Group(scan);
            if (scan < 0) return NotClosed;
        }
    }

    void SkipBlanks()
    {
        while (at < text.Length && IsBlank(text[at])) at++;
    }

    void SkipBlanksAndComments()
    {
        while (true)
        {
            SkipBlanks();
            if (at >= text.Length || text[at] != '%') return;
            at = End(BibGrammar.Breaks, at);
            contentEnd = at;
            comment = true;
        }
    }

    int End(SearchValues<char> signs, int from)
    {
        var found = text.AsSpan(from).IndexOfAny(signs);
        return found < 0 ? text.Length : from + found;
    }
}
