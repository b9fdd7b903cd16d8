using System.Text;
using System.Xml;
using NextUp.Processors.Documents.Extraction;

namespace NextUp.Processors.Documents.Office;

/// <summary>The text of a .pptx slide by slide: titles as headings, tables as rows, the speaker's notes behind their slide.</summary>
sealed class SlideReading(BlockWriter blocks)
{
    readonly StringBuilder text = new();
    string placeholder = "";
    bool isList;
    List<string>? cells;

    /// <param name="slideDone">Told how many slides are done, and of how many.</param>
    public static void Read(OfficePackage package, BlockWriter blocks, Action<int, int> slideDone)
    {
        var main = package.Main("ppt/presentation.xml");
        var parts = package.Related(main).ToDictionary(related => related.Id, related => related.Part);
        using var presentation = package.Open(main)!;
        var slides = Order(presentation).Select(id => parts.GetValueOrDefault(id)).OfType<string>().ToList();
        for (var i = 0; i < slides.Count; i++)
        {
            blocks.Page = i + 1;
            var notes = package.Related(slides[i]).FirstOrDefault(related => related.Type == "notesSlide")?.Part;
            foreach (var part in (string?[])[slides[i], notes])
            {
                using var reader = package.Open(part);
                new SlideReading(blocks).Read(reader);
            }

            slideDone(i + 1, slides.Count);
        }
    }

    static List<string> Order(XmlReader presentation)
    {
        List<string> ids = [];
        while (presentation.Read())
        {
            if (presentation is not { NodeType: XmlNodeType.Element, LocalName: "sldId" }) continue;
            // Two attributes are called id; that of the relationship has a namespace.
            while (presentation.MoveToNextAttribute())
                if (presentation is { LocalName: "id", NamespaceURI.Length: > 0 }) ids.Add(presentation.Value);
            presentation.MoveToElement();
        }

        return ids;
    }

    void Read(XmlReader? slide)
    {
        while (slide?.Read() == true)
        {
            if (slide.NodeType == XmlNodeType.Element) Begin(slide);
            else if (slide.NodeType == XmlNodeType.EndElement) End(slide.LocalName);
        }
    }

    void Begin(XmlReader slide)
    {
        switch (slide.LocalName)
        {
            // What is there for older programs only is said twice.
            case "Fallback":
                OfficeXml.Skip(slide);
                break;
            case "sp" or "graphicFrame":
                placeholder = "";
                break;
            case "ph":
                placeholder = slide.GetAttribute("type") ?? "body";
                break;
            case "tr":
                cells = [];
                break;
            case "tc":
                cells?.Add("");
                break;
            case "pPr":
                isList = slide.GetAttribute("lvl") is { } level && level != "0";
                break;
            case "buChar" or "buAutoNum":
                isList = true;
                break;
            case "br":
                text.Append('\n');
                break;
            case "t":
                text.Append(OfficeXml.TextOf(slide));
                break;
        }
    }

    void End(string name)
    {
        switch (name)
        {
            case "p":
                if (cells is { Count: > 0 }) cells[^1] = $"{cells[^1]} {text}";
                else Write(text.ToString());
                text.Clear();
                isList = false;
                break;
            case "tr" when cells is not null:
                blocks.Row(cells);
                cells = null;
                break;
        }
    }

    void Write(string paragraph)
    {
        switch (placeholder)
        {
            // What the master puts on every slide.
            case "sldNum" or "dt" or "ftr" or "hdr":
                break;
            case "title" or "ctrTitle":
                blocks.Heading(paragraph, 1);
                break;
            default:
                if (isList) blocks.ListItem(paragraph);
                else blocks.Paragraph(paragraph);
                break;
        }
    }
}
