using System.Text;

namespace NextUp.Processors.Documents.Extraction;

/// <summary>
/// Takes text as readers come upon it and hands on blocks: cleaned of what is no text, without space around them, none of
/// them longer than a limit.
/// </summary>
sealed class BlockWriter(Action<TextBlock> write, DocumentLimits limits)
{
    long chars;

    /// <summary>Where blocks are from now on.</summary>
    public int Page { get; set; } = 1;

    public void Heading(string text, int level) => Write(BlockKind.Heading, OneLine(text), Math.Clamp(level, 1, 6));

    public void Paragraph(string text) => Write(BlockKind.Paragraph, text, 0);

    public void ListItem(string text) => Write(BlockKind.ListItem, text, 0);

    public void Code(string text) => Write(BlockKind.Code, text, 0);

    /// <summary>A row whose last cells are empty is written without them; an empty row is not written.</summary>
    public void Row(IReadOnlyList<string> cells)
    {
        var count = cells.Count;
        while (count > 0 && string.IsNullOrWhiteSpace(cells[count - 1])) count--;
        if (count > 0) Write(BlockKind.TableRow, string.Join(" | ", cells.Take(count).Select(OneLine)), 0);
    }

    /// <summary>The text on one line, each run of spaces and line ends one space.</summary>
    public static string OneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    void Write(BlockKind kind, string text, int level)
    {
        var clean = Clean(text).Trim();
        while (clean.Length > 0)
        {
            var part = clean.Length <= limits.BlockCharsMax ? clean.Length : CutOf(clean, limits.BlockCharsMax);
            chars += part;
            if (chars > limits.TextCharsMax)
                throw new UnreadableDocumentException($"It has more than {limits.TextCharsMax:N0} characters of text. Split it.");
            // Only the beginning of an overlong heading is one.
            if (clean[..part].TrimEnd() is { Length: > 0 } piece) write(new(kind, piece, Page) { HeadingLevel = level });
            clean = clean[part..].TrimStart();
            if (kind == BlockKind.Heading) (kind, level) = (BlockKind.Paragraph, 0);
        }
    }

    /// <summary>Behind the last space before the limit; else anywhere but inside a pair of surrogates.</summary>
    static int CutOf(string text, int max)
    {
        for (var at = max; at > max / 2; at--)
            if (char.IsWhiteSpace(text[at - 1])) return at;
        return char.IsHighSurrogate(text[max - 1]) ? max - 1 : max;
    }

    static string Clean(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\0', '\x1f') < 0 && text.AsSpan().IndexOfAny(Strange) < 0) return text;
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\r' when i + 1 < text.Length && text[i + 1] == '\n':
                case '\u00ad' or '\u200b' or '\ufeff':
                    break;
                case '\r' or '\v' or '\f' or '\u0085' or '\u2028' or '\u2029':
                    clean.Append('\n');
                    break;
                case '\u00a0' or '\t':
                    clean.Append(' ');
                    break;
                case var one when char.IsControl(one) && one != '\n':
                    break;
                case var one:
                    clean.Append(one);
                    break;
            }
        }

        return clean.ToString();
    }

    /// <summary>Soft hyphens, spaces without width, other line ends, the space that does not break.</summary>
    static readonly System.Buffers.SearchValues<char> Strange =
        System.Buffers.SearchValues.Create("\u007f\u0085\u00a0\u00ad\u200b\u2028\u2029\ufeff");
}

/// <summary>The document cannot be read; the message is a sentence or two for its owner.</summary>
sealed class UnreadableDocumentException(string reason) : Exception(reason);
