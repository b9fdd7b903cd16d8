using System.Text;
using NextUp.Processors.Bibtex.Letters;

namespace NextUp.Processors.Bibtex.Text;

/// <summary>Writes plain Unicode text as a BibTeX value.</summary>
static class LatexEscape
{
    /// <summary>The longest value that is written, in chars; a provider's longer one is left out.</summary>
    public const int ValueLengthMax = 200_000;

    /// <summary>How far a pair of dollar signs may be apart to be read as mathematics, in chars.</summary>
    const int MathLengthMax = 400;

    /// <summary>
    /// Composed, on one line, with the characters that LaTeX reads as commands escaped and no brace that could
    /// unbalance the entry. Dollar signs that enclose mathematics stay, with what is between them.
    /// </summary>
    public static string Value(string plain)
    {
        var text = Tidy(plain);
        var written = new StringBuilder(text.Length + 32);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '$' && MathEnd(text, i) is var end and > 0)
            {
                written.Append(text, i, end - i + 1);
                i = end;
                continue;
            }

            switch (c)
            {
                case '%' or '&' or '#' or '_' or '$': written.Append('\\').Append(c); break;
                case '~': written.Append(@"\textasciitilde{}"); break;
                case '^': written.Append(@"\textasciicircum{}"); break;
                case '\\': written.Append(@"\textbackslash{}"); break;
                case '{': written.Append(@"\textbraceleft{}"); break;
                case '}': written.Append(@"\textbraceright{}"); break;
                default: written.Append(c); break;
            }
        }

        return written.ToString();
    }

    /// <summary>
    /// For the fields that styles read letter by letter (doi, url, eprint): as it is, but for braces, blanks and
    /// backslashes, which are written as in a URL.
    /// </summary>
    public static string Verbatim(string plain)
    {
        var text = Tidy(plain);
        return text.AsSpan().IndexOfAny("{}\\ ") < 0
            ? text
            : text.Replace("{", "%7B", StringComparison.Ordinal).Replace("}", "%7D", StringComparison.Ordinal)
                .Replace("\\", "%5C", StringComparison.Ordinal).Replace(" ", "%20", StringComparison.Ordinal);
    }

    /// <summary>
    /// The character in ASCII: a LaTeX command where there is one, else its number, which XeTeX and LuaTeX read.
    /// </summary>
    public static string Ascii(Rune rune)
    {
        if (rune.IsAscii) return rune.ToString();
        if (LatexSymbols.CommandOfLetter.TryGetValue(rune, out var letter)) return $"{{\\{letter}}}";
        if (ComposedText.Part(rune) is { } parts && char.IsAscii(parts.Letter) &&
            LatexSymbols.AccentOfMark.TryGetValue(parts.Mark, out var accent))
            return $"{{\\{accent}{{{parts.Letter}}}}}";
        if (LatexSymbols.CommandOfSign.TryGetValue(rune, out var sign)) return $"{{\\{sign}}}";
        if (LatexSymbols.CommandOfMathSign.TryGetValue(rune, out var math)) return $"$\\{math}$";
        return rune.Value == 0xA0 ? "~" : $"{{\\char\"{rune.Value:X4}}}";
    }

    /// <summary>
    /// Composed (NFC), every run of blanks and breaks one blank, without control characters and half surrogates.
    /// </summary>
    public static string Tidy(string text)
    {
        var tidy = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is ' ' or '\t' or '\n' or '\r' or '\f' or '\v' or 0x2028 or 0x2029 or 0x85)
            {
                if (tidy.Length > 0 && tidy[^1] != ' ') tidy.Append(' ');
            }
            else if (!Rune.IsControl(rune) && rune.Value != 0xFFFE && rune.Value != 0xFFFF)
            {
                tidy.Append(rune);
            }
        }

        while (tidy.Length > 0 && tidy[^1] == ' ') tidy.Length--;
        return ComposedText.Of(tidy.ToString());
    }

    // The rule that Pandoc documents: no blank after the first sign, none before the second, no digit after that. It
    // tells "$x^2$" from "between $5 and $10".
    static int MathEnd(string text, int start)
    {
        if (start + 2 >= text.Length || text[start + 1] is ' ' or '$') return -1;
        var depth = 0;
        var limit = Math.Min(text.Length, start + MathLengthMax);
        for (var i = start + 1; i < limit; i++)
        {
            switch (text[i])
            {
                case '\\' when i + 1 < limit && text[i + 1] == '$': return -1;
                case '{': depth++; break;
                case '}' when --depth < 0: return -1;
                case '%' or '#' or '&' or '~': return -1;
                case '$':
                    var closes = depth == 0 && text[i - 1] != ' '
                        && (i + 1 == text.Length || !char.IsAsciiDigit(text[i + 1]));
                    return closes ? i : -1;
                default: break;
            }
        }

        return -1;
    }
}
