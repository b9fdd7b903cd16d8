using System.Collections.Frozen;
using System.Text;

namespace NextUp.Processors.Bibtex.Matching;

/// <summary>
/// Takes LaTeX out of a text that is going to be folded anyway: accents and formatting vanish, special letters and
/// symbols become words. It is for stray commands in what should be plain text, not a reader of LaTeX.
/// </summary>
static class LatexFolding
{
    static readonly FrozenDictionary<string, string> Letters = new Dictionary<string, string>
    {
        ["o"] = "o", ["O"] = "o", ["l"] = "l", ["L"] = "l", ["i"] = "i", ["j"] = "j", ["ss"] = "ss", ["ae"] = "ae",
        ["AE"] = "ae", ["oe"] = "oe", ["OE"] = "oe", ["aa"] = "a", ["AA"] = "a", ["dh"] = "d", ["DH"] = "d",
        ["dj"] = "d", ["DJ"] = "d", ["th"] = "th", ["TH"] = "th", ["TeX"] = "tex", ["LaTeX"] = "latex",
        ["BibTeX"] = "bibtex", ["varepsilon"] = "epsilon", ["vartheta"] = "theta", ["varphi"] = "phi",
        ["varrho"] = "rho", ["varsigma"] = "sigma",
    }.ToFrozenDictionary();

    static readonly FrozenSet<string> Symbols = FrozenSet.Create(
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
        "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "infty", "ell", "hbar");

    public static string Strip(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }

            if (i + 1 == text.Length)
                break;

            if (char.IsAsciiLetter(text[i + 1]))
                i = Command(text, i + 1, plain) - 1;
            else
                Mark(text[++i], plain);
        }

        return plain.ToString();
    }

    // \'e and \"{o}: the letter that follows stays where it is. \\ and \, are white space, \& and \% themselves.
    static void Mark(char mark, StringBuilder plain)
    {
        if (mark is '\\' or ' ' or ',' or ';' or '/' or ':')
            plain.Append(' ');
        else if (mark is '&' or '%' or '#' or '+')
            plain.Append(mark);
    }

    static int Command(string text, int start, StringBuilder plain)
    {
        var end = start;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
            end++;

        var name = text[start..end];
        if (Letters.TryGetValue(name, out var letter))
            plain.Append(letter);
        else if (Symbols.Contains(name.ToLowerInvariant()))
            plain.Append(name);

        // LaTeX swallows the white space after a command of letters.
        while (end < text.Length && text[end] == ' ')
            end++;
        return end;
    }
}
