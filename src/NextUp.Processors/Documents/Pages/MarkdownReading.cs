using System.Text;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using NextUp.Processors.Documents.Extraction;
using NextUp.Processors.Files;

namespace NextUp.Processors.Documents.Pages;

/// <summary>The text of Markdown without its marks: headings, items, tables by row, code as it is.</summary>
sealed class MarkdownReading(BlockWriter blocks)
{
    /// <summary>Markdig goes down by recursion; what is nested deeper is refused before the stack ends.</summary>
    const int DepthMax = 100;

    static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UsePipeTables().UseGridTables().UseYamlFrontMatter().UseFootnotes().UseTaskLists().Build();

    public static void Read(Stream file, BlockWriter blocks)
    {
        using var reader = TextEncoding.Open(file)
            ?? throw new UnreadableDocumentException("It is no text, and of no type that is read here.");
        new MarkdownReading(blocks).Write(Markdown.Parse(reader.ReadToEnd(), Pipeline), isItem: false, 0);
    }

    void Write(ContainerBlock container, bool isItem, int depth)
    {
        if (depth > DepthMax) throw new UnreadableDocumentException("Its lists and quotes are nested too deeply.");
        foreach (var block in container)
        {
            switch (block)
            {
                case YamlFrontMatterBlock or LinkReferenceDefinitionGroup or ThematicBreakBlock:
                    break;
                case HeadingBlock heading:
                    blocks.Heading(Text(heading.Inline), heading.Level);
                    break;
                case Table table:
                    foreach (var row in table.OfType<TableRow>()) blocks.Row([.. row.OfType<TableCell>().Select(Text)]);
                    break;
                case HtmlBlock html:
                    blocks.Paragraph(WithoutTags(html.Lines.ToString()));
                    break;
                case CodeBlock code:
                    blocks.Code(code.Lines.ToString());
                    break;
                case LeafBlock leaf:
                    if (isItem) blocks.ListItem(Text(leaf.Inline));
                    else blocks.Paragraph(Text(leaf.Inline));
                    break;
                case ContainerBlock inner:
                    Write(inner, isItem || inner is ListItemBlock, depth + 1);
                    break;
            }
        }
    }

    static string Text(TableCell cell) => string.Join(' ', cell.OfType<LeafBlock>().Select(leaf => Text(leaf.Inline)));

    static string Text(ContainerInline? inlines)
    {
        var text = new StringBuilder();
        if (inlines is not null) Append(inlines, text);
        return text.ToString();
    }

    static void Append(ContainerInline inlines, StringBuilder text)
    {
        foreach (var inline in inlines)
        {
            switch (inline)
            {
                case LiteralInline literal:
                    text.Append(literal.Content.AsSpan());
                    break;
                case CodeInline code:
                    text.Append(code.Content);
                    break;
                case LineBreakInline line:
                    text.Append(line.IsHard ? '\n' : ' ');
                    break;
                case AutolinkInline link:
                    text.Append(link.Url);
                    break;
                case HtmlEntityInline entity:
                    text.Append(entity.Transcoded.AsSpan());
                    break;
                case ContainerInline inner:
                    Append(inner, text);
                    break;
            }
        }
    }

    static string WithoutTags(string html)
    {
        var text = new StringBuilder(html.Length);
        var isTag = false;
        foreach (var one in html)
        {
            if (one == '<') isTag = true;
            if (!isTag) text.Append(one);
            if (one == '>' && isTag)
            {
                isTag = false;
                text.Append(' ');
            }
        }

        return text.ToString();
    }
}
