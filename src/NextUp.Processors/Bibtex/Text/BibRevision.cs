namespace NextUp.Processors.Bibtex.Text;

/// <summary>
/// What is to be put into a file. The output is the original bytes with the new fields spliced in, each before its
/// entry's closing delimiter and in that entry's own style; nothing else changes unless <see cref="Replace"/> asks for
/// it.
/// </summary>
public sealed class BibRevision
{
    readonly BibFile file;
    readonly Dictionary<BibEntry, List<(string Name, string Value)>> added = [];
    readonly List<(int Offset, int Length, string Text)> edits = [];

    public BibRevision(BibFile file) => this.file = file;

    /// <summary>
    /// Puts in a field that the entry lacks; a field that is there with an empty value is filled. The value is BibTeX,
    /// without delimiters, its braces balanced.
    /// </summary>
    /// <exception cref="ArgumentException">The entry could not be read whole, has the field, or the value is
    /// unbalanced.</exception>
    public void Add(BibEntry entry, string name, string value)
    {
        if (entry.Condition != BibEntryCondition.Sound)
            throw new ArgumentException($"The entry \"{entry.Key}\" could not be read whole; nothing is put in.",
                nameof(entry));
        RequireBalanced(name, value);
        if (entry.Find(name) is { } field)
        {
            Fill(entry, field, value);
            return;
        }

        if (!added.TryGetValue(entry, out var fields)) added[entry] = fields = [];
        fields.Add((name, value));
    }

    /// <summary>Puts another value in place of a field's own.</summary>
    /// <exception cref="ArgumentException">The entry could not be read whole, lacks the field, or the value is
    /// unbalanced.</exception>
    public void Replace(BibEntry entry, string name, string value)
    {
        RequireBalanced(name, value);
        if (entry.Condition != BibEntryCondition.Sound || entry.Find(name) is not { } field)
            throw new ArgumentException($"The entry \"{entry.Key}\" has no field {name} that can be replaced.",
                nameof(name));
        var equals = field.ValueStart == field.ValueEnd ? field.EqualsAt + 1 : field.ValueStart;
        edits.Add((equals, field.ValueEnd - field.ValueStart, $"{{{value}}}"));
    }

    /// <summary>The revised file.</summary>
    public BibOutput Write()
    {
        var all = new List<(int Offset, int Length, string Text)>(edits);
        var style = EntryStyle.Plain(file.NewLine);
        foreach (var entry in file.Entries)
        {
            if (entry.Condition == BibEntryCondition.Sound) style = EntryStyle.Of(entry, style);
            if (added.TryGetValue(entry, out var fields)) Splice(all, entry.Span, style, fields);
        }

        all.Sort((a, b) => a.Offset.CompareTo(b.Offset));
        return Join(all);
    }

    void Fill(BibEntry entry, BibField field, string value)
    {
        var written = file.Source.Text.AsSpan(field.ValueStart, field.ValueEnd - field.ValueStart);
        if (written is not (['{', .., '}'] or ['"', .., '"']) || !IsEmpty(written))
            throw new ArgumentException($"The entry \"{entry.Key}\" has that field already.", nameof(field));
        edits.Add((field.ValueStart + 1, 0, written[0] == '"' ? $"{{{value}}}" : value));
    }

    /// <summary>Whether a value, as written, is delimiters around nothing.</summary>
    internal static bool IsEmpty(ReadOnlySpan<char> written) =>
        written is ['{', .. var braced, '}'] && IsBlank(braced)
        || written is ['"', .. var quoted, '"'] && IsBlank(quoted);

    static bool IsBlank(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (!BibParser.IsBlank(c)) return false;
        return true;
    }

    void Splice(
        List<(int Offset, int Length, string Text)> all, BibEntrySpan span, EntryStyle style,
        List<(string Name, string Value)> fields)
    {
        // Behind a comment only a new line is BibTeX again.
        var lead = span.EndsInComment && !HasBreak(style.AfterComma) ? file.NewLine + "  " : style.AfterComma;
        var written = fields.Select(f => style.Field(f.Name, f.Value));
        if (span.HasTrailingComma)
        {
            var between = HasBreak(style.BeforeComma) ? "," : style.BeforeComma + ",";
            var end = style.TrailingComma ? between : "";
            all.Add((span.ContentEnd, 0, lead + string.Join(between + lead, written) + end));
        }
        else if (span.EndsInComment)
        {
            all.Add((span.ValueEnd, 0, ","));
            all.Add((span.ContentEnd, 0, lead + string.Join("," + lead, written)));
        }
        else
        {
            var separator = style.BeforeComma + "," + lead;
            all.Add((span.ValueEnd, 0, separator + string.Join(separator, written)));
        }
    }

    static bool HasBreak(string gap) => gap.AsSpan().IndexOfAny('\r', '\n') >= 0;

    BibOutput Join(List<(int Offset, int Length, string Text)> all)
    {
        var source = file.Source;
        var encoded = new byte[all.Count][];
        long grown = source.Bytes.Length;
        for (var i = 0; i < encoded.Length; i++) grown += (encoded[i] = source.Encode(all[i].Text)).Length;

        var output = new byte[grown];
        var places = new List<Range>(all.Count);
        var original = source.Bytes.Span;
        int readChars = 0, readBytes = 0, written = 0;
        Advance(source.FirstByte, output);
        for (var i = 0; i < encoded.Length; i++)
        {
            Advance(source.ByteCount(readChars, all[i].Offset), output);
            readChars = all[i].Offset + all[i].Length;
            readBytes += source.ByteCount(all[i].Offset, readChars);
            encoded[i].CopyTo(output.AsSpan(written));
            places.Add(written..(written + encoded[i].Length));
            written += encoded[i].Length;
        }

        Advance(original.Length - readBytes, output);
        return new(output.Length == written ? output : output[..written], places);

        void Advance(int count, byte[] target)
        {
            source.Bytes.Span.Slice(readBytes, count).CopyTo(target.AsSpan(written));
            readBytes += count;
            written += count;
        }
    }

    static void RequireBalanced(string name, string value)
    {
        var depth = 0;
        foreach (var c in value)
            if (c == '{') depth++;
            else if (c == '}' && --depth < 0) break;
        if (depth != 0) throw new ArgumentException($"The braces of the new {name} are not balanced.", nameof(value));
    }
}

/// <summary>A revised file.</summary>
/// <param name="Bytes">All of it, in the encoding of the original.</param>
/// <param name="Inserted">Where in <paramref name="Bytes"/> there is something that the original has not, in rising
/// order.</param>
public sealed record BibOutput(byte[] Bytes, IReadOnlyList<Range> Inserted);
