using System.Buffers;
using System.Text;
using NextUp.Processors.Bibtex.Letters;

namespace NextUp.Processors.Bibtex.Text;

/// <summary>
/// Reads a BibTeX value as people would: accents and special letters become characters, braces and font commands go,
/// mathematics stays readable. One pass, no recursion, so no nesting is too deep.
/// </summary>
public static class LatexText
{
    static readonly SearchValues<char> Special = SearchValues.Create("\\{}~$-`'\"\t\r\n");

    /// <summary>The value's plain text: composed (NFC), with every run of blanks and breaks as one blank.</summary>
    public static string ToUnicode(string value)
    {
        var from = value.AsSpan().IndexOfAny(Special);
        if (from < 0) return Blanks(ComposedText.Of(value));
        var reader = new Reader(value);
        reader.Run();
        return Blanks(ComposedText.Of(reader.Text));
    }

    static string Blanks(string text)
    {
        text = text.Trim();
        if (!text.Contains("  ", StringComparison.Ordinal)) return text;
        var one = new StringBuilder(text.Length);
        foreach (var c in text)
            if (c != ' ' || one[^1] != ' ') one.Append(c);
        return one.ToString();
    }

    ref struct Reader(string value)
    {
        readonly StringBuilder output = new(value.Length);
        int at;
        bool math;

        // An accent waits for the letter it is for, which may be inside a group.
        char accent;

        public readonly string Text => output.ToString();

        public void Run()
        {
            while (at < value.Length)
            {
                var c = value[at++];
                switch (c)
                {
                    case '\\': Command(); break;
                    case '{': break;
                    case '}': accent = '\0'; break;
                    case '$': math = !math; break;
                    case '~': Put(' '); break;
                    case '\t' or '\r' or '\n': Put(' '); break;
                    case '-' when !math: Dash(); break;
                    case '`' or '\'' when !math: Quote(c); break;
                    default: Put(c); break;
                }
            }
        }

        void Put(char c)
        {
            if (accent == '\0')
            {
                output.Append(c);
                return;
            }

            // Blanks between accent and letter belong to the command.
            if (c == ' ') return;
            output.Append(c is 'ı' ? 'i' : c is 'ȷ' ? 'j' : c);
            if (char.IsHighSurrogate(c)) return;
            output.Append(accent);
            accent = '\0';
        }

        void Dash()
        {
            var count = 1;
            while (count < 3 && at < value.Length && value[at] == '-')
            {
                at++;
                count++;
            }

            Put(count switch { 1 => '-', 2 => '–', _ => '—' });
        }

        void Quote(char c)
        {
            var twice = at < value.Length && value[at] == c;
            if (twice) at++;
            Put((c, twice) switch { ('`', true) => '“', ('`', _) => '‘', (_, true) => '”', _ => '\'' });
        }

        void Command()
        {
            if (at >= value.Length) return;
            var start = at;
            while (at < value.Length && char.IsAsciiLetter(value[at])) at++;
            if (at == start)
            {
                Sign(value[at++]);
                return;
            }

            var name = value[start..at];
            if (value.Length > at && value[at] == '*') at++;
            Named(name);
        }

        void Sign(char c)
        {
            if (LatexSymbols.Accents.TryGetValue(c.ToString(), out var mark) && !math)
            {
                accent = mark;
                return;
            }

            switch (c)
            {
                case ' ' or ',' or ';' or ':' or '>' or '\\' or '\n' or '\r' or '\t': Put(' '); break;
                case '/' or '-' or '!' or '@' or '(' or ')' or '[' or ']': break;
                case '"': Put('"'); break;
                default: Put(c); break;
            }
        }

        void Named(string name)
        {
            if (name is "char" or "symbol")
            {
                Numbered();
                return;
            }

            var braced = at < value.Length && value[at] == '{';
            if (LatexSymbols.Commands.TryGetValue(name, out var symbol))
            {
                foreach (var c in symbol) Put(c);
                EndName(braced);
            }
            else if (LatexSymbols.Accents.TryGetValue(name, out var mark))
            {
                if (!braced) SkipBlanks();
                accent = mark;
            }
            else if (LatexSymbols.Switches.Contains(name))
            {
                SkipBlanks();
            }
            else if (name is "href")
            {
                SkipGroup();
            }
            else if (name is "quad" or "qquad" or "thinspace" or "enspace" or "space" or "nobreakspace")
            {
                Put(' ');
            }
            else if (!braced && name != "mathrm")
            {
                // Better the name of an unknown command (\log x) than a hole in the sentence.
                foreach (var c in name) Put(c);
            }
        }

        // A named command eats the blanks after it, and the empty group that guards them.
        void EndName(bool braced)
        {
            if (braced && at + 1 < value.Length && value[at + 1] == '}') at += 2;
            else if (!braced && !math) SkipBlanks();
        }

        void SkipBlanks()
        {
            while (at < value.Length && value[at] is ' ' or '\t' or '\r' or '\n') at++;
        }

        void SkipGroup()
        {
            if (at >= value.Length || value[at] != '{') return;
            var depth = 0;
            for (; at < value.Length; at++)
            {
                if (value[at] == '{') depth++;
                else if (value[at] == '}' && --depth == 0)
                {
                    at++;
                    return;
                }
            }
        }

        /// <summary>A character by its number: <c>\char"4E2D</c>, <c>\symbol{"4E2D}</c>.</summary>
        void Numbered()
        {
            var digits = at;
            while (digits < value.Length && value[digits] is '{' or '"' or ' ') digits++;
            var hexadecimal = digits > at && value[digits - 1] == '"';
            var end = digits;
            while (end < value.Length && end - digits < 6 &&
                   (hexadecimal ? char.IsAsciiHexDigit(value[end]) : char.IsAsciiDigit(value[end]))) end++;
            at = end;
            if (end == digits) return;
            var number = Convert.ToInt32(value[digits..end], hexadecimal ? 16 : 10);
            if (!Rune.IsValid(number)) return;
            foreach (var c in new Rune(number).ToString()) Put(c);
        }
    }
}
