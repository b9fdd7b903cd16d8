using System.Text;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using NextUp.Processors.Documents.Extraction;
using NextUp.Processors.Files;

namespace NextUp.Processors.Documents.Pages;

/// <summary>
/// The text of a page of the web as one reads it: without scripts, styles, navigation and what is hidden. Nothing is fetched
/// and nothing is run. Walks without recursion, because a hostile page is nested as deeply as it likes.
/// </summary>
sealed class HtmlReading(BlockWriter blocks)
{
    static readonly HashSet<string> LeftOut = new(StringComparer.OrdinalIgnoreCase)
    {
        "script", "style", "noscript", "template", "nav", "svg", "math", "iframe", "object", "head", "select", "button", "textarea",
    };

    static readonly HashSet<string> BlockNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "p", "div", "section", "article", "main", "header", "footer", "aside", "blockquote", "ul", "ol", "dl", "dt", "dd", "li",
        "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "form",
        "fieldset", "figure", "figcaption", "address", "details", "summary", "hr", "body",
    };

    readonly StringBuilder text = new();

    /// <summary>Cells of the row in work, of the innermost table's.</summary>
    List<string>? cells;
    int cellDepth;

    /// <summary>The document's title, or null.</summary>
    public static string? Read(Stream file, BlockWriter blocks)
    {
        // Without a script's help a page says its encoding in its beginning; the parser looks. Where it does not say, we do.
        using var document = Parse(file);
        if (document.Body is { } body) new HtmlReading(blocks).Walk(body);
        return BlockWriter.OneLine(document.Title ?? "") is { Length: > 0 } title ? title : null;
    }

    static AngleSharp.Html.Dom.IHtmlDocument Parse(Stream file)
    {
        var parser = new HtmlParser(new HtmlParserOptions(), BrowsingContext.New(Configuration.Default));
        var encoding = TextEncoding.Of(file);
        var head = new byte[2048];
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        file.Position = 0;
        var saysItself = Encoding.Latin1.GetString(head, 0, length).Contains("charset", StringComparison.OrdinalIgnoreCase);
        if (saysItself || encoding is null) return parser.ParseDocument(file);
        using var reader = new StreamReader(file, encoding);
        return parser.ParseDocument(reader.ReadToEnd());
    }

    void Walk(INode root)
    {
        var node = root;
        while (true)
        {
            if (!IsLeftOut(node) && node.FirstChild is { } child)
            {
                Enter(node);
                node = child;
                continue;
            }

            if (node is IText words) text.Append(words.Data);
            else if (node is IElement { LocalName: "br" }) text.Append('\n');
            else if (node is IElement { LocalName: "hr" } && cellDepth == 0) Flush(node.ParentElement);
            while (node.NextSibling is null && node != root)
            {
                node = node.Parent!;
                Leave(node);
            }

            if (node == root) break;
            node = node.NextSibling!;
        }

        Flush(null);
    }

    static bool IsLeftOut(INode node) =>
        node is IElement element && (LeftOut.Contains(element.LocalName) || element.HasAttribute("hidden"));

    void Enter(INode node)
    {
        if (node is not IElement element || !BlockNames.Contains(element.LocalName)) return;
        if (cellDepth == 0) Flush(element.ParentElement);
        else text.Append(' ');
        switch (element.LocalName)
        {
            case "tr" when cellDepth == 0:
                cells = [];
                break;
            case "td" or "th":
                cellDepth++;
                if (cellDepth == 1) text.Clear();
                break;
        }
    }

    void Leave(INode node)
    {
        if (node is not IElement element || !BlockNames.Contains(element.LocalName)) return;
        switch (element.LocalName)
        {
            case "td" or "th" when cellDepth > 0:
                if (--cellDepth > 0) break;
                (cells ??= []).Add(text.ToString());
                text.Clear();
                break;
            case "tr" when cellDepth == 0:
                blocks.Row(cells ?? []);
                cells = null;
                break;
            case var _ when cellDepth == 0:
                Flush(element);
                break;
        }
    }

    static BlockKind KindOf(string name) => name switch
    {
        "h1" or "h2" or "h3" or "h4" or "h5" or "h6" => BlockKind.Heading,
        "li" or "dt" or "dd" => BlockKind.ListItem,
        "pre" => BlockKind.Code,
        _ => BlockKind.Paragraph,
    };

    /// <summary>What has gathered is a block of the element that it stands in.</summary>
    void Flush(IElement? within)
    {
        var name = within?.LocalName ?? "";
        var kind = KindOf(name);
        var said = kind == BlockKind.Code ? text.ToString() : BlockWriter.OneLine(text.ToString());
        text.Clear();
        if (kind == BlockKind.Heading) blocks.Heading(said, name[1] - '0');
        else if (kind == BlockKind.ListItem) blocks.ListItem(said);
        else if (kind == BlockKind.Code) blocks.Code(said);
        else blocks.Paragraph(said);
    }
}
