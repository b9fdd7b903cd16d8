using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace NextUp.Processors.Bibtex.Matching;

/// <summary>
/// Words as they are compared: markup, LaTeX, case, accents and punctuation are gone, Greek letters are spelled out.
/// Texts that mean the same to a reader fold to the same words; what may mean something else (numbers, +, #) stays.
/// </summary>
static partial class FoldedText
{
    /// <summary>Longer texts are cut here: no title is longer, and comparing takes quadratic time.</summary>
    public const int LengthMax = 1_000;

    static readonly string[] GreekNames =
    [
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
        "xi", "omicron", "pi", "rho", "sigma", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    ];

    /// <summary>The folded words of a text, in order.</summary>
    public static string[] Words(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return [];

        if (text.Length > LengthMax)
            text = text[..LengthMax];
        if (text.Contains('&'))
            text = WebUtility.HtmlDecode(text);
        if (text.Contains('<'))
            text = InlineTag().Replace(BlockTag().Replace(text, " "), "");
        if (text.Contains('\\'))
            text = LatexFolding.Strip(text);

        return Fold(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length + 16);
        foreach (var letter in text)
        {
            if (char.IsSurrogate(letter))
                folded.Append(letter);
            else if (char.IsLetterOrDigit(letter) || letter > 127 && char.IsLetterOrDigit(Last(letter)))
                AppendFolded(folded, letter);
            else
                folded.Append(Separator(letter));
        }

        return folded.ToString();
    }

    // Superscript and subscript digits are "other number" to .NET, and combining marks belong to the letter before.
    static char Last(char letter) => char.GetUnicodeCategory(letter) switch
    {
        System.Globalization.UnicodeCategory.OtherNumber => '0',
        System.Globalization.UnicodeCategory.NonSpacingMark => 'a',
        System.Globalization.UnicodeCategory.Format => 'a',
        _ => letter,
    };

    static void AppendFolded(StringBuilder folded, char letter)
    {
        var start = folded.Length;
        LetterFolding.Append(folded, letter);
        if (folded.Length == start + 1 && folded[start] is >= 'α' and <= 'ω')
        {
            var name = GreekNames[folded[start] - 'α'];
            folded.Length = start;
            folded.Append(name);
        }
    }

    static string Separator(char mark) => mark switch
    {
        '\'' or '’' or '‘' or 'ʼ' or '`' or '´' or '{' or '}' or '$' or '_' or '^' => "",
        '&' => " and ",
        '+' => " plus ",
        '#' => " sharp ",
        _ => " ",
    };

    [GeneratedRegex(@"</?(?:jats:)?(?:p|br|div|title|sec|li)\b[^<>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex BlockTag();

    [GeneratedRegex(@"</?[A-Za-z][^<>]*>")]
    private static partial Regex InlineTag();
}
