using System.Globalization;
using System.Text;
using System.Xml;
using NextUp.Processors.Documents.Extraction;

namespace NextUp.Processors.Documents.Office;

/// <summary>
/// The text of a .docx as one reads it in Word: what was deleted under tracking, hidden, or is there for older programs only
/// (mc:Fallback) is left out; text boxes follow their paragraph; footnotes and endnotes follow what they belong to.
/// </summary>
/// <remarks>
/// Word stores no pages, but where its last layout broke them; those marks are counted, or the breaks that the author made
/// where there are none.
/// </remarks>
sealed class WordReading
{
    /// <summary>Text boxes and tables in each other beyond this are no document.</summary>
    const int DepthMax = 100;

    readonly BlockWriter blocks;
    readonly WordStyles styles;
    readonly IReadOnlyDictionary<string, string> footnotes;
    readonly IReadOnlyDictionary<string, string> endnotes;
    readonly bool hasLayout;
    readonly Stack<Paragraph> paragraphs = new();
    readonly Stack<Row> rows = new();
    readonly List<string> notes = [];
    int notesSeen;

    WordReading(
        BlockWriter blocks, WordStyles styles, IReadOnlyDictionary<string, string> footnotes,
        IReadOnlyDictionary<string, string> endnotes, bool hasLayout) =>
        (this.blocks, this.styles, this.footnotes, this.endnotes, this.hasLayout) =
            (blocks, styles, footnotes, endnotes, hasLayout);

    public static void Read(OfficePackage package, BlockWriter blocks)
    {
        var main = package.Main("word/document.xml");
        var related = package.Related(main);
        using var styles = package.Open(PartOf("styles"));
        using var footnotes = package.Open(PartOf("footnotes"));
        using var endnotes = package.Open(PartOf("endnotes"));
        bool hasLayout;
        using (var scan = package.Open(main)!) hasLayout = HasLayout(scan);
        using var body = package.Open(main)!;
        new WordReading(blocks, WordStyles.Read(styles), Notes(footnotes), Notes(endnotes), hasLayout).ReadBody(body);

        string? PartOf(string type) => related.FirstOrDefault(one => one.Type == type)?.Part;
    }

    static bool HasLayout(XmlReader reader)
    {
        while (reader.Read())
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "lastRenderedPageBreak" }) return true;
        return false;
    }

    /// <summary>The text of each note by its id.</summary>
    static Dictionary<string, string> Notes(XmlReader? reader)
    {
        var notes = new Dictionary<string, string>(StringComparer.Ordinal);
        string? id = null;
        var text = new StringBuilder();
        while (reader?.Read() == true)
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                if (reader.LocalName is "footnote" or "endnote")
                {
                    // What has a type is a line between text and notes.
                    id = OfficeXml.Attribute(reader, "type") is null ? OfficeXml.Attribute(reader, "id") : null;
                    text.Clear();
                }
                else if (IsLeftOut(reader))
                    OfficeXml.Skip(reader);
                else if (reader.LocalName == "t" && id is not null)
                    text.Append(OfficeXml.TextOf(reader));
            }
            else if (reader is { NodeType: XmlNodeType.EndElement, LocalName: "p" })
                text.Append(' ');
            else if (reader is { NodeType: XmlNodeType.EndElement, LocalName: "footnote" or "endnote" } && id is not null)
                notes[id] = BlockWriter.OneLine(text.ToString());
        }

        return notes;
    }

    static bool IsLeftOut(XmlReader reader) =>
        reader.LocalName is "del" or "moveFrom" or "Fallback" or "instrText" or "delText" or "sectPr";

    void ReadBody(XmlReader reader)
    {
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                if (reader.Depth > DepthMax * 10 || paragraphs.Count > DepthMax || rows.Count > DepthMax)
                    throw new UnreadableDocumentException("Its parts are nested deeper than in any document. Save it anew.");
                if (IsLeftOut(reader)) OfficeXml.Skip(reader);
                else Begin(reader);
            }
            else if (reader.NodeType == XmlNodeType.EndElement)
                End(reader.LocalName);
        }

        FlushNotes();
    }

    void Begin(XmlReader reader)
    {
        switch (reader.LocalName)
        {
            case "p":
                if (!reader.IsEmptyElement) paragraphs.Push(new());
                break;
            case "tr":
                if (!reader.IsEmptyElement) rows.Push(new());
                break;
            case "tc":
                if (rows.TryPeek(out var row)) row.Cells.Add("");
                break;
            case "pPr":
                ReadProperties(reader);
                break;
            case "rPr":
                if (paragraphs.TryPeek(out var styled)) styled.IsHidden = IsHidden(reader);
                else OfficeXml.Skip(reader);
                break;
            case "r":
                if (paragraphs.TryPeek(out var plain)) plain.IsHidden = false;
                break;
            default:
                if (paragraphs.TryPeek(out var paragraph)) ReadInline(reader, paragraph);
                break;
        }
    }

    void ReadInline(XmlReader reader, Paragraph paragraph)
    {
        switch (reader.LocalName)
        {
            case "t":
                var text = OfficeXml.TextOf(reader);
                if (!paragraph.IsHidden) paragraph.Text.Append(text);
                break;
            case "tab" or "ptab":
                paragraph.Text.Append(' ');
                break;
            case "br" or "cr":
                paragraph.Text.Append('\n');
                if (!hasLayout && OfficeXml.Attribute(reader, "type") == "page") paragraph.PagesAfter++;
                break;
            case "lastRenderedPageBreak":
                // At the beginning of a paragraph it stands before it, else in the middle of its text.
                if (paragraph.Text.Length == 0 && paragraphs.Count == 1) blocks.Page++;
                else paragraph.PagesAfter++;
                break;
            case "noBreakHyphen":
                paragraph.Text.Append('-');
                break;
            case "footnoteReference":
                Note(paragraph, footnotes, OfficeXml.Attribute(reader, "id"));
                break;
            case "endnoteReference":
                Note(paragraph, endnotes, OfficeXml.Attribute(reader, "id"));
                break;
        }
    }

    void Note(Paragraph paragraph, IReadOnlyDictionary<string, string> from, string? id)
    {
        if (id is null || !from.TryGetValue(id, out var text) || text.Length == 0) return;
        var mark = string.Create(CultureInfo.InvariantCulture, $"[{++notesSeen}]");
        paragraph.Text.Append(mark);
        notes.Add($"{mark} {text}");
    }

    void ReadProperties(XmlReader reader)
    {
        if (reader.IsEmptyElement) return;
        var depth = reader.Depth;
        var paragraph = paragraphs.Count > 0 ? paragraphs.Peek() : new Paragraph();
        while (reader.Read() && reader.Depth > depth)
        {
            if (reader.NodeType != XmlNodeType.Element) continue;
            switch (reader.LocalName)
            {
                case "pStyle":
                    paragraph.Style = OfficeXml.Value(reader);
                    break;
                case "outlineLvl":
                    paragraph.Level = WordStyles.LevelOf(OfficeXml.Value(reader));
                    break;
                case "numPr":
                    paragraph.IsList = true;
                    break;
                case "pageBreakBefore" when !hasLayout && OfficeXml.Value(reader) is not ("0" or "false" or "off"):
                    blocks.Page++;
                    break;
            }
        }
    }

    static bool IsHidden(XmlReader reader)
    {
        if (reader.IsEmptyElement) return false;
        var (depth, isHidden) = (reader.Depth, false);
        while (reader.Read() && reader.Depth > depth)
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "vanish" })
                isHidden = OfficeXml.Value(reader) is not ("0" or "false" or "off");
        }

        return isHidden;
    }

    void End(string name)
    {
        switch (name)
        {
            case "p" when paragraphs.TryPop(out var paragraph):
                if (paragraphs.TryPeek(out var around)) around.Boxes.Add(paragraph);
                else Write(paragraph);
                break;
            case "tr" when rows.TryPop(out var row):
                Write(row);
                break;
        }
    }

    void Write(Paragraph paragraph)
    {
        var text = paragraph.Text.ToString();
        if (rows.TryPeek(out var row) && row.Cells.Count > 0)
            row.Cells[^1] = row.Cells[^1].Length == 0 ? text : $"{row.Cells[^1]} {text}";
        else if ((paragraph.Level ?? styles.HeadingLevel(paragraph.Style)) is > 0 and var level)
            blocks.Heading(text, level);
        else if (paragraph.IsList || styles.IsList(paragraph.Style))
            blocks.ListItem(text);
        else
            blocks.Paragraph(text);
        blocks.Page += paragraph.PagesAfter;
        paragraph.Boxes.ForEach(Write);
        if (rows.Count == 0 && paragraphs.Count == 0) FlushNotes();
    }

    void Write(Row row)
    {
        // A table in a table is text of the cell around it.
        if (rows.TryPeek(out var outer) && outer.Cells.Count > 0)
            outer.Cells[^1] = $"{outer.Cells[^1]} {string.Join(' ', row.Cells)}";
        else
            blocks.Row(row.Cells);
        if (rows.Count == 0) FlushNotes();
    }

    void FlushNotes()
    {
        notes.ForEach(blocks.Paragraph);
        notes.Clear();
    }

    sealed class Paragraph
    {
        public StringBuilder Text { get; } = new();

        /// <summary>Paragraphs of text boxes that are anchored in this one.</summary>
        public List<Paragraph> Boxes { get; } = [];

        public string? Style { get; set; }

        public int? Level { get; set; }

        public bool IsList { get; set; }

        public bool IsHidden { get; set; }

        public int PagesAfter { get; set; }
    }

    sealed class Row
    {
        public List<string> Cells { get; } = [];
    }
}
