using System.IO.Compression;
using System.Text;

namespace NextUp.UnitTests.Documents.Samples;

/// <summary>Writes Office files for tests out of the parts that matter.</summary>
static class SmallOffice
{
    const string Rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    const string WordSpaces =
        """xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" """
        + """xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" """
        + """xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" """;

    const string SlideSpaces =
        """xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" """
        + """xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" """
        + $"""xmlns:r="{Rels}" """;

    const string Sheets = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    public static byte[] Word(string body, string styles = "", string footnotes = "") => Zip(
        ("[Content_Types].xml", "<Types/>"),
        ("word/document.xml", $"<w:document {WordSpaces}><w:body>{body}</w:body></w:document>"),
        ("word/styles.xml", $"<w:styles {WordSpaces}>{styles}</w:styles>"),
        ("word/footnotes.xml", $"<w:footnotes {WordSpaces}>{footnotes}</w:footnotes>"),
        ("word/_rels/document.xml.rels", Related(("s", "styles", "styles.xml"), ("f", "footnotes", "footnotes.xml"))));

    /// <summary>A paragraph of Word with one run.</summary>
    public static string P(string text, string properties = "") =>
        $"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>";

    /// <param name="slides">What is in the tree of shapes of each.</param>
    public static byte[] Slides(params string[] slides) => Zip(
    [
        ("[Content_Types].xml", "<Types/>"),
        ("ppt/presentation.xml", $"<p:presentation {SlideSpaces}><p:sldIdLst>"
            + string.Concat(slides.Select((_, i) => $"<p:sldId id=\"{256 + i}\" r:id=\"r{i}\"/>")) + "</p:sldIdLst></p:presentation>"),
        ("ppt/_rels/presentation.xml.rels", Related([.. slides.Select((_, i) => ($"r{i}", "slide", $"slides/s{i}.xml"))])),
        .. slides.Select((slide, i) => ($"ppt/slides/s{i}.xml", $"<p:sld {SlideSpaces}><p:cSld><p:spTree>{slide}</p:spTree></p:cSld></p:sld>")),
        ("ppt/slides/_rels/s0.xml.rels", Related(("n", "notesSlide", "../notes/n0.xml"))),
        ("ppt/notes/n0.xml", $"<p:notes {SlideSpaces}><p:sp><a:p><a:r><a:t>Say hello.</a:t></a:r></a:p></p:sp></p:notes>"),
    ]);

    public static string Shape(string placeholder, params string[] paragraphs) =>
        $"<p:sp><p:nvSpPr><p:nvPr><p:ph type=\"{placeholder}\"/></p:nvPr></p:nvSpPr><p:txBody>"
        + string.Concat(paragraphs.Select(text => $"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>")) + "</p:txBody></p:sp>";

    /// <param name="sheets">Name and rows; each cell is a text.</param>
    public static byte[] Workbook(params (string Name, string[][] Rows)[] sheets) => Zip(
    [
        ("[Content_Types].xml", "<Types/>"),
        ("_rels/.rels", Related(("w", "officeDocument", "xl/workbook.xml"))),
        ("xl/workbook.xml", $"<workbook xmlns=\"{Sheets}\" xmlns:r=\"{Rels}\"><sheets>"
            + string.Concat(sheets.Select((sheet, i) => $"<sheet name=\"{sheet.Name}\" sheetId=\"{i + 1}\" r:id=\"r{i}\"/>"))
            + "</sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", Related([.. sheets.Select((_, i) => ($"r{i}", "worksheet", $"worksheets/s{i}.xml"))])),
        .. sheets.Select((sheet, i) => ($"xl/worksheets/s{i}.xml", $"<worksheet xmlns=\"{Sheets}\"><sheetData>"
            + string.Concat(sheet.Rows.Select((row, r) => $"<row r=\"{r + 1}\">" + string.Concat(row.Select((cell, c) =>
                $"<c r=\"{(char)('A' + c)}{r + 1}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>")) + "</row>"))
            + "</sheetData></worksheet>")),
    ]);

    public static byte[] Zip(params (string Name, string Content)[] parts)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in parts)
            {
                using var part = archive.CreateEntry(name).Open();
                part.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return bytes.ToArray();
    }

    /// <summary>A file in Microsoft's old container that has a stream of that name and nothing else.</summary>
    public static byte[] Container(string stream)
    {
        var file = new byte[512 * 3];
        Convert.FromHexString("D0CF11E0A1B11AE1").CopyTo(file, 0);
        file[30] = 9;
        BitConverter.GetBytes(1).CopyTo(file, 48);
        file.AsSpan(76, 436).Fill(0xFF);
        BitConverter.GetBytes(0).CopyTo(file, 76);
        file.AsSpan(512, 512).Fill(0xFF);
        BitConverter.GetBytes(0xFFFFFFFE).CopyTo(file, 512 + 4);
        foreach (var (name, at) in ((string, int)[])[("Root Entry", 1024), (stream, 1024 + 128)])
        {
            Encoding.Unicode.GetBytes(name).CopyTo(file, at);
            BitConverter.GetBytes((ushort)((name.Length + 1) * 2)).CopyTo(file, at + 64);
        }

        return file;
    }

    static string Related(params (string Id, string Type, string Target)[] related) =>
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        + string.Concat(related.Select(one =>
            $"<Relationship Id=\"{one.Id}\" Type=\"{Rels}/{one.Type}\" Target=\"{one.Target}\"/>"))
        + "</Relationships>";
}
