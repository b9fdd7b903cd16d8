using System.Buffers;

namespace NextUp.Processors.Bibtex.Text;

/// <summary>
/// One pass over the text. Three rules keep it linear on any input. (1) It goes back only where a value never closes,
/// to the next line that starts an entry. (2) The first such value pays for one look at all braces that follow
/// (<see cref="BraceIndex"/>); from then on a brace that never closes is known without reading on. (3) A quoted value
/// ends in failure at the first brace that closes more than it opened; reading goes on behind that.
/// </summary>
sealed partial class BibParser
{
    const int NotClosed = -1;
    const int NotQuoted = -2;

    static readonly SearchValues<char> NameEnds = SearchValues.Create(" \t\r\n\f\v\0={},\"#%()'@");
    static readonly SearchValues<char> BareEnds = SearchValues.Create(" \t\r\n\f\v\0={},\"#%()");
    static readonly SearchValues<char> Braces = SearchValues.Create("{}");
    static readonly SearchValues<char> QuoteSigns = SearchValues.Create("\"{}");
    static readonly SearchValues<char> KeySigns = SearchValues.Create(",={}()@");
    static readonly SearchValues<char> DamageSigns = SearchValues.Create(",{}()@");

    readonly BibFile file;
    readonly string text;
    readonly List<BibField> fields;
    readonly BraceIndex braces;
    readonly LineCounter lines;
    readonly Dictionary<string, int> keyLines = new(StringComparer.OrdinalIgnoreCase);
    readonly TypeNames types = new();

    int at;
    int blockEnd;

    // Of the entry being read.
    int start;
    char closer;
    string key = "";
    BibEntryCondition condition;
    int keyStart, keyEnd, valueEnd, contentEnd;
    bool keyComma, comma, comment;

    public BibParser(BibFile file, List<BibField> fields)
    {
        this.file = file;
        this.fields = fields;
        text = file.Source.Text;
        braces = new(text);
        lines = new(text);
        Problems = new(lines);
    }

    public List<BibEntry> Entries { get; } = [];

    public BibProblems Problems { get; }

    public void Run()
    {
        if (file.Source.Warning is { } warning) Problems.Add(0, null, warning);
        while (at < text.Length)
        {
            var sign = text.AsSpan(at).IndexOf('@');
            if (sign < 0) break;
            start = at + sign;
            at = start + 1;
            var open = BibGrammar.OpenAfterType(text, start, out var typeEnd);
            if (open < 0 || BibGrammar.IsLineComment(text, start, blockEnd)) continue;
            if (Entries.Count == BibFile.EntriesMax)
            {
                Problems.Add(start, null, $"More than {BibFile.EntriesMax:N0} entries; the rest is kept as it is.");
                break;
            }

            Block(text.AsSpan(start + 1, typeEnd - start - 1), open);
            blockEnd = at;
        }
    }

    public static bool IsBlank(char c) => c is ' ' or '\t' or '\r' or '\n' or '\f' or '\v' or '\0';

    void Block(ReadOnlySpan<char> type, int open)
    {
        closer = text[open] == '{' ? '}' : ')';
        key = "";
        condition = BibEntryCondition.Sound;
        at = open + 1;
        if (type.Equals("comment", StringComparison.OrdinalIgnoreCase))
        {
            // A comment that does not close is what BibTeX takes every comment for: a word, then free text.
            var end = text[open] == '{' ? Group(open) : NotClosed;
            if (end > 0) at = end;
        }
        else if (type.Equals("string", StringComparison.OrdinalIgnoreCase))
        {
            Macro();
        }
        else if (type.Equals("preamble", StringComparison.OrdinalIgnoreCase))
        {
            if (!Value(out _, out _)) Cut(open);
            else SkipBlanks();
        }
        else
        {
            Entry(types.Lower(type));
        }
    }

    void Macro()
    {
        SkipBlanks();
        var name = at;
        at = End(NameEnds, at);
        var nameEnd = at;
        SkipBlanks();
        if (nameEnd == name || at >= text.Length || text[at] != '=')
        {
            Problems.Add(start, null, "A @string without a name and a value was kept as it is.");
            return;
        }

        at++;
        if (!Value(out var from, out var to))
        {
            Cut(from);
            return;
        }

        if (!file.Macros.Define(text.AsSpan(name, nameEnd - name), text.AsSpan(from, to - from)))
            Problems.Add(start, null,
                $"The @string \"{text[name..nameEnd]}\" is longer than {BibMacros.MacroLengthMax:N0} characters; " +
                "it was not used.");
    }

    void Entry(string type)
    {
        var firstField = fields.Count;
        var line = lines.At(start);
        Key();
        if (condition == BibEntryCondition.Sound) Fields();
        if (condition != BibEntryCondition.Unclosed && at >= text.Length)
            Unclosed(text.Length);
        var span = new BibEntrySpan(start, keyStart, keyEnd, keyComma, valueEnd, contentEnd, comma, comment, at);
        var entry = new BibEntry(file, type, key, line, span, firstField, fields.Count - firstField, condition);
        Entries.Add(entry);
        if (condition != BibEntryCondition.Unclosed) at++;
        if (key.Length > 0 && !keyLines.TryAdd(key, line))
            Problems.Add(start, key,
                $"The key \"{key}\" was used before, in line {keyLines[key]}; both entries are kept.");
    }

    void Key()
    {
        SkipBlanks();
        keyStart = keyEnd = valueEnd = contentEnd = at;
        keyComma = comma = comment = false;
        for (var scan = at; ; scan++)
        {
            scan = End(KeySigns, scan);
            if (scan >= text.Length)
            {
                Unclosed(text.Length);
                return;
            }

            var c = text[scan];
            if (c is '(' or ')' or '}' && c != closer || c == '@' && BibGrammar.OpenAfterType(text, scan, out _) < 0)
                continue;
            if (c == '@')
            {
                SetKey(scan);
                Unclosed(scan);
                return;
            }

            if (c == '=' && !BibGrammar.StartsValue(text, scan + 1)) continue;
            if (c == '=')
            {
                KeyBeforeField(scan);
                return;
            }

            if (c == '{')
            {
                KeyDamaged();
                return;
            }

            SetKey(scan);
            at = scan;
            if (c == ',')
            {
                keyComma = comma = true;
                at = valueEnd = contentEnd = scan + 1;
            }

            return;
        }
    }

    // "@article{title = ..." has no key, "@article{key title = ..." lacks the comma after it.
    void KeyBeforeField(int equals)
    {
        var nameEnd = equals;
        while (nameEnd > at && IsBlank(text[nameEnd - 1])) nameEnd--;
        var name = nameEnd;
        while (name > at && !NameEnds.Contains(text[name - 1])) name--;
        if (name > at && !IsBlank(text[name - 1]))
        {
            KeyDamaged();
            return;
        }

        SetKey(name);
        if (key.Length > 0) Problems.Add(start, key, "A comma is missing after the key.");
        at = name;
    }

    void KeyDamaged()
    {
        condition = BibEntryCondition.Damaged;
        Problems.Add(start, null, "An entry has something else where its key should be; it is kept as it is.");
        SkipDamage();
        if (condition != BibEntryCondition.Unclosed) Fields();
    }

    void SetKey(int end)
    {
        keyEnd = end;
        while (keyEnd > keyStart && IsBlank(text[keyEnd - 1])) keyEnd--;
        key = text[keyStart..keyEnd];
        valueEnd = contentEnd = keyEnd;
    }

    /// <summary>
    /// Reads fields until the closing delimiter, at which it stops, or the place where the entry is cut.
    /// </summary>
    void Fields()
    {
        while (true)
        {
            SkipBlanksAndComments();
            if (at >= text.Length) return;
            var c = text[at];
            if (c == closer) return;
            if (c == ',')
            {
                comma = true;
                comment = false;
                contentEnd = ++at;
                continue;
            }

            if (c == '@' && BibGrammar.OpenAfterType(text, at, out _) >= 0)
            {
                Unclosed(at);
                return;
            }

            if (!Field())
            {
                if (condition == BibEntryCondition.Unclosed) return;
                Damaged();
                if (condition == BibEntryCondition.Unclosed || at >= text.Length) return;
            }
        }
    }

    bool Field()
    {
        var name = at;
        at = End(NameEnds, at);
        var nameEnd = at;
        SkipBlanks();
        if (nameEnd == name || at >= text.Length || text[at] != '=')
        {
            at = nameEnd;
            return false;
        }

        if (!comma && fields.Count > 0 && valueEnd > keyEnd)
            Problems.Add(name, key, $"A comma is missing before \"{text[name..nameEnd]}\".");
        var equals = at++;
        if (!Value(out var from, out var to))
        {
            if (condition != BibEntryCondition.Damaged || at >= text.Length)
                Unclosed(BibGrammar.NextEntryLine(text, from + 1));
            return condition != BibEntryCondition.Unclosed;
        }

        fields.Add(new(name, nameEnd, equals, from, to));
        valueEnd = contentEnd = to;
        comma = comment = false;
        return true;
    }

    void Damaged()
    {
        if (condition == BibEntryCondition.Sound)
            Problems.Add(Math.Min(at, text.Length - 1), key,
                "This is no \"name = value\"; the entry is kept as it is.");
        condition = BibEntryCondition.Damaged;
        SkipDamage();
    }

    /// <summary>On to the next comma or the end of the entry.</summary>
    void SkipDamage()
    {
        while (at < text.Length)
        {
            at = End(DamageSigns, at);
            if (at >= text.Length) return;
            var c = text[at];
            if (c == ',' || c == closer) return;
            if (c == '@' && BibGrammar.OpenAfterType(text, at, out _) >= 0) return;
            if (c != '{')
            {
                at++;
                continue;
            }

            var end = Group(at);
            if (end == NotClosed)
            {
                Unclosed(BibGrammar.NextEntryLine(text, at + 1));
                return;
            }

            at = end;
        }
    }

    void Unclosed(int cut)
    {
        condition = BibEntryCondition.Unclosed;
        at = cut;
        Problems.Add(start, key, cut < text.Length
            ? $"The entry {Named()} does not close; it ends where the next one starts, in line {lines.Peek(cut)}, " +
              "and is kept as it is."
            : $"The entry {Named()} does not close before the file ends; it is kept as it is.");
    }

    string Named() => key.Length > 0 ? $"\"{key}\"" : "without a key";

    void Cut(int from)
    {
        Problems.Add(start, null, "A @string or @preamble does not close; it is kept as it is.");
        // Stopped inside quotes, reading goes on from there (rule 3).
        if (at < text.Length) return;
        at = Math.Max(start + 1, BibGrammar.NextEntryLine(text, from + 1));
    }
}
