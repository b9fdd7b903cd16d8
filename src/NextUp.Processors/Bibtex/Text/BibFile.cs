using System.Runtime.InteropServices;
using System.Text;

namespace NextUp.Processors.Bibtex.Text;

/// <summary>
/// A .bib file read without losing anything: every entry knows where it is in the original, and whatever is between the
/// entries (free text, comments, JabRef's metadata, macros) is simply left where it is.
/// </summary>
public sealed class BibFile
{
    /// <summary>Entries that are read; what follows is kept as it is. Far above what an upload may have.</summary>
    public const int EntriesMax = 100_000;

    /// <summary>Problems that are told one by one; more are only counted.</summary>
    public const int ProblemsMax = 500;

    readonly List<BibField> fields = [];
    readonly BibMacros macros = new();

    BibFile(BibText source) => Source = source;

    public BibText Source { get; }

    /// <summary>In the order of the file, damaged ones and repeated keys included.</summary>
    public IReadOnlyList<BibEntry> Entries { get; private set; } = [];

    public IReadOnlyList<BibProblem> Problems { get; private set; } = [];

    /// <summary>The line break of the file: that of its first line.</summary>
    internal string NewLine { get; private set; } = "\n";

    internal BibMacros Macros => macros;

    /// <summary>Reads a file in time linear in its length, whatever it holds.</summary>
    public static BibFile Parse(ReadOnlyMemory<byte> bytes) => Parse(BibText.Decode(bytes));

    /// <inheritdoc cref="Parse(ReadOnlyMemory{byte})"/>
    public static BibFile Parse(BibText source)
    {
        var file = new BibFile(source) { NewLine = FirstBreak(source.Text) };
        var parser = new BibParser(file, file.fields);
        parser.Run();
        file.Entries = parser.Entries;
        file.Problems = parser.Problems.ToList();
        return file;
    }

    internal ReadOnlySpan<BibField> FieldsOf(int first, int count) =>
        CollectionsMarshal.AsSpan(fields).Slice(first, count);

    internal ReadOnlySpan<char> NameOf(BibField field) =>
        Source.Text.AsSpan(field.NameStart, field.NameEnd - field.NameStart);

    internal string Resolve(BibField field) =>
        macros.Resolve(Source.Text.AsSpan(field.ValueStart, field.ValueEnd - field.ValueStart));

    static string FirstBreak(string text)
    {
        var at = text.AsSpan().IndexOfAny('\r', '\n');
        if (at < 0 || text[at] == '\n') return "\n";
        return at + 1 < text.Length && text[at + 1] == '\n' ? "\r\n" : "\r";
    }
}

/// <summary>The file's <c>@string</c> macros and the months, and values put together of them.</summary>
sealed class BibMacros
{
    /// <summary>
    /// The longest text that one macro may stand for, in chars. Macros made of macros could otherwise grow without end.
    /// </summary>
    public const int MacroLengthMax = 2_000;

    /// <summary>What the macros in one value may add up to, in chars.</summary>
    public const int MacrosPerValueLengthMax = 20_000;

    static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ];

    readonly Dictionary<string, string> texts = new(StringComparer.OrdinalIgnoreCase);

    public BibMacros()
    {
        foreach (var month in Months) texts[month[..3]] = month;
    }

    /// <summary>False where the macro is too long to be used.</summary>
    public bool Define(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        var text = Resolve(value);
        if (text.Length > MacroLengthMax) return false;
        texts[name.ToString()] = text;
        return true;
    }

    /// <summary>
    /// The text of a value as written, which may be several parts joined by <c>#</c>. An unknown macro is its own name.
    /// </summary>
    public string Resolve(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty) return "";
        if (PartEnd(value, 0) == value.Length) return Part(value, MacrosPerValueLengthMax);

        var joined = new StringBuilder(value.Length);
        var room = MacrosPerValueLengthMax;
        for (var at = 0; at < value.Length;)
        {
            if (value[at] == '#' || BibParser.IsBlank(value[at]))
            {
                at++;
                continue;
            }

            var end = PartEnd(value, at);
            var part = Part(value[at..end], room);
            if (value[at] is not ('{' or '"')) room -= part.Length;
            joined.Append(part);
            at = end;
        }

        return joined.ToString();
    }

    string Part(ReadOnlySpan<char> part, int room)
    {
        if (part[0] is '{' or '"') return part.Length < 2 ? "" : part[1..^1].ToString();
        return texts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(part, out var text) && text.Length <= room
            ? text
            : part.ToString();
    }

    static int PartEnd(ReadOnlySpan<char> value, int start)
    {
        var quoted = value[start] == '"';
        if (!quoted && value[start] != '{')
        {
            var end = start;
            while (end < value.Length && value[end] != '#' && !BibParser.IsBlank(value[end])) end++;
            return Math.Max(end, start + 1);
        }

        var depth = quoted ? 0 : 1;
        for (var at = start + 1; at < value.Length; at++)
        {
            if (value[at] == '{') depth++;
            else if (value[at] == '}' && --depth == 0 && !quoted) return at + 1;
            else if (value[at] == '"' && quoted && depth == 0) return at + 1;
        }

        return value.Length;
    }
}
