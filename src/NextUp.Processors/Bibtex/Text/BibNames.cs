using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Text;

/// <summary>Reads and writes the names in <c>author</c> and <c>editor</c>.</summary>
public static class BibNames
{
    /// <summary>Names that are read of one field; a collaboration's list may have thousands.</summary>
    public const int NamesMax = 5_000;

    /// <summary>
    /// The people of a name field, still LaTeX, in its order: "Given von Family", "von Family, Given", "von Family, Jr,
    /// Given", "{An Organisation}" and biblatex' "family=..., given=...". A closing "others" is left out.
    /// </summary>
    public static IReadOnlyList<WorkAuthor> Parse(string value)
    {
        var authors = new List<WorkAuthor>();
        foreach (var name in Split(value, And))
        {
            if (authors.Count == NamesMax) break;
            if (name.Equals("others", StringComparison.OrdinalIgnoreCase)) continue;
            if (Name(name) is { Family.Length: > 0 } author) authors.Add(author);
        }

        return authors;
    }

    /// <summary>The value of an author field: "Family, Given and Family, Given", organisations in braces.</summary>
    public static string Write(IReadOnlyList<WorkAuthor> authors) => string.Join(" and ", authors.Select(Write));

    static string Write(WorkAuthor author)
    {
        var family = LatexEscape.Value(author.Family);
        if (author.Given is { Length: > 0 } given)
        {
            var plain = !family.Contains(',', StringComparison.Ordinal) && !HasAnd(family);
            return $"{(plain ? family : $"{{{family}}}")}, {Guard(LatexEscape.Value(given))}";
        }

        return family.AsSpan().IndexOfAny(' ', ',') >= 0 ? $"{{{family}}}" : family;
    }

    static string Guard(string part) =>
        part.Contains(',', StringComparison.Ordinal) || HasAnd(part) ? $"{{{part}}}" : part;

    static bool HasAnd(string part) =>
        part.Split(' ').Any(word => word.Equals("and", StringComparison.OrdinalIgnoreCase));

    static WorkAuthor? Name(string name)
    {
        if (IsOneGroup(name)) return new(null, LatexText.ToUnicode(name));
        var parts = Split(name, Comma);
        if (parts.Count == 0) return null;
        if (parts.Any(p => p.StartsWith("family", StringComparison.OrdinalIgnoreCase)
            && p.Contains('=', StringComparison.Ordinal)))
            return Extended(parts);
        if (parts.Count >= 2) return Author(parts[^1], parts[0]);

        var words = Split(parts[0], Blank);
        var family = FamilyStart(words);
        return Author(string.Join(' ', words.Take(family)), string.Join(' ', words.Skip(family)));
    }

    static WorkAuthor Author(string given, string family)
    {
        var first = LatexText.ToUnicode(given);
        return new(first.Length > 0 ? first : null, LatexText.ToUnicode(family));
    }

    // The family name starts at the first word in lower case ("van", "de la"), else it is the last word.
    static int FamilyStart(List<string> words)
    {
        for (var i = 0; i < words.Count - 1; i++)
            if (IsLower(words[i])) return i;
        return words.Count - 1;
    }

    static bool IsLower(string word)
    {
        if (word[0] == '{') return false;
        foreach (var c in LatexText.ToUnicode(word))
            if (char.IsLetter(c)) return char.IsLower(c);
        return false;
    }

    static WorkAuthor? Extended(List<string> parts)
    {
        string given = "", family = "", prefix = "";
        foreach (var part in parts)
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) continue;
            var text = LatexText.ToUnicode(part[(equals + 1)..].Trim('"'));
            switch (part[..equals].Trim().ToUpperInvariant())
            {
                case "FAMILY": family = text; break;
                case "GIVEN": given = text; break;
                case "PREFIX": prefix = text + " "; break;
                default: break;
            }
        }

        return family.Length == 0 ? null : new(given.Length > 0 ? given : null, prefix + family);
    }

    static bool IsOneGroup(string name)
    {
        if (name is not ['{', .., '}'] || name is ['{', '\\', ..]) return false;
        var depth = 0;
        for (var i = 0; i < name.Length - 1; i++)
        {
            if (name[i] == '{') depth++;
            else if (name[i] == '}' && --depth == 0) return false;
        }

        return true;
    }

    /// <summary>How long the separator at a place is; 0 where there is none.</summary>
    delegate int Separator(string text, int at);

    static int Comma(string text, int at) => text[at] == ',' ? 1 : 0;

    static int Blank(string text, int at) => BibParser.IsBlank(text[at]) || text[at] == '~' ? 1 : 0;

    static int And(string text, int at)
    {
        if (!BibParser.IsBlank(text[at]) || at + 4 >= text.Length) return 0;
        var and = text.AsSpan(at + 1, 3).Equals("and", StringComparison.OrdinalIgnoreCase)
            && BibParser.IsBlank(text[at + 4]);
        // The blank behind may be the blank before the next one: "A and and B".
        return and ? 4 : 0;
    }

    static List<string> Split(string text, Separator separator)
    {
        var parts = new List<string>();
        int depth = 0, start = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '{') depth++;
            else if (text[at] == '}') depth--;
            else if (depth == 0 && separator(text, at) is var length and > 0)
            {
                Take(at);
                start = at + length;
                at = start - 1;
            }
        }

        Take(text.Length);
        return parts;

        void Take(int end)
        {
            var part = text[Math.Min(start, end)..end].Trim();
            if (part.Length > 0) parts.Add(part);
        }
    }
}
