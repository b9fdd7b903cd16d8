using System.Text;

namespace NextUp.Processors.Documents.Layout;

/// <summary>
/// Joins lines to a paragraph. A word that was broken at a line's end is put together again; whether its hyphen belongs to it
/// says the rest of the document, where it most often stands a second time.
/// </summary>
sealed class LineJoin
{
    readonly HashSet<string> words = new(StringComparer.OrdinalIgnoreCase);

    public LineJoin(IEnumerable<PageLine> lines)
    {
        foreach (var line in lines)
        {
            var inLine = line.Text.Split(' ');
            // The last may be half a word, and so may the first.
            for (var i = 1; i < inLine.Length - 1; i++) words.Add(Bare(inLine[i]));
        }
    }

    public string Join(IReadOnlyList<PageLine> lines)
    {
        var text = new StringBuilder(lines[0].Text);
        for (var i = 1; i < lines.Count; i++) Append(text, lines[i].Text);
        return text.ToString();
    }

    void Append(StringBuilder text, string line)
    {
        if (line.Length == 0) return;
        var isBroken = text.Length > 1 && text[^1] is '-' or '\u2010' or '\u00ad' && char.IsLetter(text[^2])
            && char.IsLetterOrDigit(line[0]);
        if (!isBroken)
        {
            if (text.Length > 0 && !GoesOn(text, line[0])) text.Append(' ');
            text.Append(line);
            return;
        }

        // COVID-19 and Anglo-Saxon keep theirs.
        if (text[^1] == '\u00ad' || (char.IsLower(line[0]) && !BelongsToWord(text, line))) text.Length--;
        text.Append(line);
    }

    bool BelongsToWord(StringBuilder text, string line)
    {
        var from = text.Length - 1;
        while (from > 0 && text[from - 1] != ' ') from--;
        var first = text.ToString(from, text.Length - 1 - from);
        var second = line.Split(' ', 2)[0];
        return words.Contains(Bare($"{first}-{second}")) && !words.Contains(Bare(first + second));
    }

    /// <summary>Addresses and ranges of numbers are broken without a sign; signs that are words have no space between them.</summary>
    static bool GoesOn(StringBuilder text, char next) =>
        (IsWithoutSpaces(text[^1]) && IsWithoutSpaces(next))
        || (text.Length > 1 && text[^1] is '/' or '\u2013' && char.IsLetterOrDigit(next) && !char.IsWhiteSpace(text[^2]));

    /// <summary>Chinese and Japanese are written without spaces.</summary>
    public static bool IsWithoutSpaces(char one) =>
        one is (>= '\u3000' and <= '\u30ff') or (>= '\u3400' and <= '\u9fff') or (>= '\uf900' and <= '\ufaff')
            or (>= '\uff00' and <= '\uffef');

    static string Bare(string word) => word.Trim('.', ',', ';', ':', '!', '?', '(', ')', '[', ']', '"', '\'', '\u201c', '\u201d', '\u2019');
}
