using System.Text;

namespace NextUp.Processors.Documents.Extraction;

/// <summary>What a file is by its content. The numbers go over the wire to the reading process; they are never reused.</summary>
public enum DocumentFormat
{
    Pdf = 1,
    Docx = 2,
    Pptx = 3,
    Xlsx = 4,
    Xls = 5,
    Html = 6,
    Markdown = 7,
    Text = 8,
}

/// <summary>What a block of text is in its document.</summary>
public enum BlockKind
{
    Paragraph = 0,
    Heading = 1,
    ListItem = 2,

    /// <summary>The cells of a row with " | " between them.</summary>
    TableRow = 3,

    Code = 4,
}

/// <summary>A piece of text that belongs together. Its text is never empty and has no space around it.</summary>
/// <param name="Page">Its page, slide or sheet, from 1; 1 where the format has no pages.</param>
public sealed record TextBlock(BlockKind Kind, string Text, int Page)
{
    /// <summary>1 is the highest, 6 the lowest; 0 for what is no heading.</summary>
    public int HeadingLevel { get; init; }
}

/// <summary>A page, slide or sheet.</summary>
/// <param name="Number">From 1.</param>
public sealed record DocumentPage(int Number, IReadOnlyList<TextBlock> Blocks);

/// <summary>The text of a document as people read it.</summary>
/// <param name="Pages">In order; a page without text has no blocks.</param>
/// <param name="Warnings">Sentences about what may be wrong with the text.</param>
public sealed record DocumentText(
    DocumentFormat Format, IReadOnlyList<DocumentPage> Pages, IReadOnlyList<string> Warnings)
{
    /// <summary>What the document says its title is.</summary>
    public string? Title { get; init; }

    /// <summary>All blocks in reading order.</summary>
    public IEnumerable<TextBlock> Blocks => Pages.SelectMany(page => page.Blocks);

    /// <summary>
    /// The blocks with a line feed between them: what a chunk's CharFrom and CharTo count in. Made anew at each call.
    /// </summary>
    public string Text
    {
        get
        {
            var text = new StringBuilder();
            foreach (var block in Blocks)
            {
                if (text.Length > 0) text.Append('\n');
                text.Append(block.Text);
            }

            return text.ToString();
        }
    }
}
