namespace NextUp.Processors.Bibtex.Text;

/// <summary>
/// Where a field is in the text: <c>name = value</c>. Offsets are chars; the value's include its delimiters.
/// </summary>
readonly record struct BibField(int NameStart, int NameEnd, int EqualsAt, int ValueStart, int ValueEnd);

/// <summary>Where the parts of an entry are in the text.</summary>
/// <param name="Start">The <c>@</c>.</param>
/// <param name="KeyStart">First char of the key; equals <paramref name="KeyEnd"/> where it is empty.</param>
/// <param name="HasKeyComma">Whether a comma follows the key.</param>
/// <param name="ValueEnd">After the last field's value, or after the key and its comma where there is no field.</param>
/// <param name="ContentEnd">After the last char before the closing delimiter that is not blank.</param>
/// <param name="HasTrailingComma">Whether a comma follows the last value.</param>
/// <param name="EndsInComment">Whether the last thing before the closing delimiter is a comment (<c>% ...</c>).</param>
/// <param name="Close">The closing delimiter; where there is none, the place at which the entry was cut.</param>
readonly record struct BibEntrySpan(
    int Start, int KeyStart, int KeyEnd, bool HasKeyComma, int ValueEnd, int ContentEnd, bool HasTrailingComma,
    bool EndsInComment, int Close);

/// <summary>How well an entry could be read.</summary>
public enum BibEntryCondition
{
    /// <summary>Read whole; fields can be put in.</summary>
    Sound,

    /// <summary>It closes, but something inside is no BibTeX. It is kept as it is, and nothing is put in.</summary>
    Damaged,

    /// <summary>
    /// It does not close; it was cut where the next entry starts. It is kept as it is, and nothing is put in.
    /// </summary>
    Unclosed,
}

/// <summary>One entry (<c>@article{key, ...}</c>) of a <see cref="BibFile"/>, as it is written there.</summary>
public sealed class BibEntry
{
    readonly BibFile file;
    readonly int firstField;
    readonly int fieldCount;

    internal BibEntry(
        BibFile file, string type, string key, int line, BibEntrySpan span, int firstField, int fieldCount,
        BibEntryCondition condition)
    {
        this.file = file;
        this.firstField = firstField;
        this.fieldCount = fieldCount;
        Type = type;
        Key = key;
        Line = line;
        Span = span;
        Condition = condition;
    }

    /// <summary>In lower case, for example <c>article</c>.</summary>
    public string Type { get; }

    /// <summary>
    /// As written; empty where the entry has none. Not unique: files with the same key twice are common.
    /// </summary>
    public string Key { get; }

    /// <summary>The line of the <c>@</c>, from 1.</summary>
    public int Line { get; }

    public BibEntryCondition Condition { get; }

    internal BibEntrySpan Span { get; }

    internal ReadOnlySpan<BibField> Fields => file.FieldsOf(firstField, fieldCount);

    internal BibFile File => file;

    /// <summary>
    /// The names of the entry's own fields in lower case, in its order; a repeated field is there twice.
    /// </summary>
    public IReadOnlyList<string> FieldNames
    {
        get
        {
            var names = new string[fieldCount];
            for (var i = 0; i < names.Length; i++) names[i] = file.NameOf(Fields[i]).ToString().ToLowerInvariant();
            return names;
        }
    }

    /// <summary>
    /// The field's value without its delimiters, macros and <c>#</c> resolved, still LaTeX; null where there is no such
    /// field. Of a repeated field the first counts, as in BibTeX.
    /// </summary>
    public string? Value(string name) => Find(name) is { } field ? file.Resolve(field) : null;

    /// <summary>
    /// The field as plain text (<see cref="LatexText.ToUnicode"/>); null where there is none or it says nothing.
    /// </summary>
    public string? Text(string name) =>
        Value(name) is { } value && LatexText.ToUnicode(value) is { Length: > 0 } text ? text : null;

    internal BibField? Find(string name)
    {
        foreach (ref readonly var field in Fields)
            if (field.NameEnd - field.NameStart == name.Length
                && file.NameOf(field).Equals(name, StringComparison.OrdinalIgnoreCase))
                return field;
        return null;
    }
}

/// <summary>Something in the file that its owner should know.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Key">The key of the entry it is in, where it is in one.</param>
/// <param name="Message">One sentence.</param>
public sealed record BibProblem(int Line, string? Key, string Message);
