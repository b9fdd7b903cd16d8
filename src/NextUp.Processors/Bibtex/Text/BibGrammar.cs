using System.Buffers;

namespace NextUp.Processors.Bibtex.Text;

/// <summary>The small questions about a place in the text that the parser asks.</summary>
static class BibGrammar
{
    /// <summary>The longest name of a type, in chars, and the most blanks before its brace.</summary>
    public const int TypeLengthMax = 64;

    /// <summary>How far before an entry the percent sign is looked for that makes it a comment, in chars.</summary>
    public const int CommentLookBackMax = 512;

    public static readonly SearchValues<char> Breaks = SearchValues.Create("\r\n");

    /// <summary>
    /// Where the brace or parenthesis is that opens what starts at <paramref name="sign"/> (<c>@article {</c>), or -1
    /// where nothing starts there, as in the address me@example.org.
    /// </summary>
    public static int OpenAfterType(string text, int sign, out int typeEnd)
    {
        var at = sign + 1;
        var limit = Math.Min(text.Length, at + TypeLengthMax);
        while (at < limit && text[at] is ' ' or '\t') at++;
        if (at > sign + 1) return OpenAfterDetachedType(text, at, limit, out typeEnd);
        while (at < limit && IsTypeChar(text[at])) at++;
        typeEnd = at;
        if (at == sign + 1 || !char.IsAsciiLetter(text[sign + 1])) return -1;
        limit = Math.Min(text.Length, at + TypeLengthMax);
        while (at < limit && BibParser.IsBlank(text[at])) at++;
        return at < limit && text[at] is '{' or '(' ? at : -1;
    }

    /// <summary>
    /// The start of the next line that starts an entry, at or behind <paramref name="from"/>; else the end of the text.
    /// </summary>
    public static int NextEntryLine(string text, int from)
    {
        for (var at = from; at < text.Length; at++)
        {
            var found = text.AsSpan(at).IndexOf('@');
            if (found < 0) return text.Length;
            at += found;
            if (StartsLine(text, at) && OpenAfterType(text, at, out _) >= 0) return at;
        }

        return text.Length;
    }

    /// <summary>
    /// Whether the line of this place is a comment: its first sign is a percent sign, as biber reads it. A line that
    /// starts inside the block before, which ends at <paramref name="blockEnd"/>, is none.
    /// </summary>
    public static bool IsLineComment(string text, int at, int blockEnd)
    {
        // Near the entry only, or a file of one line would be read again for each of its entries.
        var from = Math.Max(blockEnd, at - CommentLookBackMax);
        var line = text.AsSpan(from, at - from);
        line = line[(line.LastIndexOfAny('\r', '\n') + 1)..];
        return line.TrimStart() is ['%', ..]
            && (line.Length < at - from || from == 0 || text[from - 1] is '\n' or '\r');
    }

    /// <summary>Whether a value can start here: it tells the equals sign of a field from one in a key.</summary>
    public static bool StartsValue(string text, int at)
    {
        while (at < text.Length && BibParser.IsBlank(text[at])) at++;
        return at < text.Length && text[at] is '{' or '"';
    }

    static bool FirstOfLine(string text, int at)
    {
        for (var back = at - 1; back >= 0 && at - back <= TypeLengthMax; back--)
        {
            if (text[back] is '\n' or '\r') return true;
            if (!BibParser.IsBlank(text[back])) return false;
        }

        return at <= TypeLengthMax;
    }

    static bool StartsLine(string text, int at) => at == 0 || text[at - 1] is '\n' or '\r' || FirstOfLine(text, at);

    // "@ article{" is allowed; the blanks must not be many, or an @ in a sentence would start an entry.
    static int OpenAfterDetachedType(string text, int at, int limit, out int typeEnd)
    {
        var typeStart = at;
        while (at < limit && IsTypeChar(text[at])) at++;
        typeEnd = at;
        if (at == typeStart || at >= limit || !char.IsAsciiLetter(text[typeStart])) return -1;
        return text[at] == '{' ? at : -1;
    }

    static bool IsTypeChar(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ':' or '+';
}

/// <summary>Which opening braces never close. It looks only once a brace was met that does not.</summary>
sealed class BraceIndex(string text)
{
    int from = -1;
    ulong[] bits = [];

    public bool NeverCloses(int brace)
    {
        if (from < 0 || brace < from) return false;
        var bit = brace - from;
        return (bits[bit >> 6] & (1UL << (bit & 63))) != 0;
    }

    /// <summary>
    /// Called with the first brace that was seen not to close; everything behind it is looked at once.
    /// </summary>
    public void Learn(int unclosed)
    {
        if (from >= 0) return;
        from = unclosed;
        bits = new ulong[((text.Length - unclosed) >> 6) + 1];
        var closers = 0;
        for (var at = text.AsSpan().LastIndexOfAny('{', '}'); at >= unclosed;)
        {
            if (text[at] == '}') closers++;
            else if (closers > 0) closers--;
            else bits[(at - from) >> 6] |= 1UL << ((at - from) & 63);
            at = text.AsSpan(0, at).LastIndexOfAny('{', '}');
        }
    }
}

/// <summary>Numbers of lines for places that are asked for mostly in rising order.</summary>
sealed class LineCounter(string text)
{
    // A file of old Macintosh lines has no line feed at all.
    readonly char lineEnd = text.Contains('\n', StringComparison.Ordinal) ? '\n' : '\r';
    int counted;
    int line = 1;

    public int At(int offset)
    {
        if (offset < counted) return line - text.AsSpan(offset, counted - offset).Count(lineEnd);
        line += text.AsSpan(counted, offset - counted).Count(lineEnd);
        counted = offset;
        return line;
    }

    /// <summary>The line of a place ahead, or near behind, without going there.</summary>
    public int Peek(int offset) =>
        offset >= counted ? line + text.AsSpan(counted, offset - counted).Count(lineEnd) : At(offset);
}

/// <summary>The problems found, told one by one up to a limit.</summary>
sealed class BibProblems(LineCounter lines)
{
    readonly List<BibProblem> told = [];
    int more;

    public void Add(int offset, string? key, string message)
    {
        if (told.Count < BibFile.ProblemsMax)
            told.Add(new(lines.At(offset), key is { Length: > 0 } ? key : null, message));
        else more++;
    }

    public List<BibProblem> ToList()
    {
        if (more > 0) told.Add(new(told[^1].Line, null, $"There are {more:N0} more problems of this kind."));
        return told;
    }
}

/// <summary>Names of types in lower case, each made once.</summary>
sealed class TypeNames
{
    readonly Dictionary<string, string> lower = new(StringComparer.OrdinalIgnoreCase);

    public string Lower(ReadOnlySpan<char> type)
    {
        var seen = lower.GetAlternateLookup<ReadOnlySpan<char>>();
        if (seen.TryGetValue(type, out var name)) return name;
        name = type.ToString().ToLowerInvariant();
        seen[type] = name;
        return name;
    }
}
