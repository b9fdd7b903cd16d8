namespace NextUp.Processors.Documents.Chunking;

/// <summary>
/// Where sentences end: behind a full stop, a question or exclamation mark that no abbreviation, number or initial has, and
/// after which something begins.
/// </summary>
static class Sentences
{
    static readonly HashSet<string> Abbreviations = new(StringComparer.OrdinalIgnoreCase)
    {
        "dr", "mr", "mrs", "ms", "prof", "st", "sr", "jr", "hon", "rev", "gen", "col", "capt", "lt", "sgt", "vs", "etc", "e.g",
        "i.e", "cf", "ca", "approx", "al", "fig", "figs", "eq", "eqs", "no", "nos", "vol", "vols", "pp", "p", "ed", "eds", "sec",
        "ch", "chap", "art", "ref", "refs", "tab", "inc", "ltd", "co", "corp", "bros", "dept", "univ", "est", "jan", "feb", "mar",
        "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "a.m",
        "p.m", "u.s", "u.k", "ph.d", "z.b", "d.h", "u.a", "bzw", "usw", "nr", "abb", "kap", "evtl", "ggf", "vgl", "str", "max",
        "min", "viz", "resp", "ave", "blvd", "ibid", "op", "cit", "seq", "para", "paras", "incl", "excl", "rd", "mt", "ft",
    };

    /// <summary>Behind the sentence that begins at <paramref name="from"/>, its closing quotes included.</summary>
    public static int EndOf(string text, int from)
    {
        for (var at = from; at < text.Length; at++)
        {
            if (text[at] is '\u3002' or '\uff01' or '\uff1f') return BehindClosers(text, at + 1);
            if (text[at] is not ('.' or '!' or '?' or '\u2026')) continue;
            var end = BehindClosers(text, at + 1);
            if (end == text.Length) return end;
            if (!char.IsWhiteSpace(text[end])) continue;
            if (text[at] == '.' && end == at + 1 && IsAbbreviated(text, from, at)) continue;
            if (Begins(text, end)) return end;
        }

        return text.Length;
    }

    /// <summary>Whether the full stop at <paramref name="stop"/> belongs to the word before it.</summary>
    public static bool IsAbbreviated(string text, int from, int stop)
    {
        var start = stop;
        while (start > from && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] == '.')) start--;
        var word = text[start..stop].TrimStart('.');
        if (word.Length == 0) return false;
        // An initial, or the number of a list item or a day.
        if (word.Length == 1 && char.IsLetter(word[0])) return true;
        if (word.Length <= 3 && word.All(char.IsDigit)) return start == from || word.Length <= 2;
        return Abbreviations.Contains(word)
            || (word.Contains('.', StringComparison.Ordinal) && word.Split('.').All(part => part.Length == 1));
    }

    static int BehindClosers(string text, int at)
    {
        while (at < text.Length && text[at] is '.' or '!' or '?' or '"' or '\'' or ')' or ']' or '\u201d' or '\u2019' or '\u00bb'
            or '\u300d' or '\u300f') at++;
        return at;
    }

    /// <summary>A sentence does not begin with a small letter.</summary>
    static bool Begins(string text, int at)
    {
        while (at < text.Length && (char.IsWhiteSpace(text[at]) || "\"'([\u201c\u2018\u00ab".Contains(text[at], StringComparison.Ordinal)))
            at++;
        return at == text.Length || !char.IsLower(text[at]);
    }
}
