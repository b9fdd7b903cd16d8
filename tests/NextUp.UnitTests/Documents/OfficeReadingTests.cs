using NextUp.Processors.Documents.Extraction;
using NextUp.UnitTests.Documents.Samples;
using static NextUp.UnitTests.Documents.Samples.SmallOffice;

namespace NextUp.UnitTests.Documents;

/// <summary>Office files, read by the process that the server starts for it.</summary>
public sealed class OfficeReadingTests : IDisposable
{
    readonly ReadingDesk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task Headings_lists_and_paragraphs_of_Word_are_known_by_their_styles_also_inherited_ones()
    {
        const string styles = """
            <w:style w:styleId="H2"><w:name w:val="heading 2"/></w:style>
            <w:style w:styleId="Own"><w:name w:val="Mine"/><w:basedOn w:val="H2"/></w:style>
            <w:style w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop"/></w:style>
            """;
        var text = await desk.TextOfAsync("a.docx", Word(
            P("Top", "<w:outlineLvl w:val=\"0\"/>") + P("Second", "<w:pStyle w:val=\"H2\"/>") + P("Own", "<w:pStyle w:val=\"Own\"/>")
            + P("Loops", "<w:pStyle w:val=\"Loop\"/>") + P("Item", "<w:numPr/>") + P("Body"), styles));

        Assert.Equal(
            [
                (BlockKind.Heading, "Top", 1), (BlockKind.Heading, "Second", 2), (BlockKind.Heading, "Own", 2),
                (BlockKind.Paragraph, "Loops", 0), (BlockKind.ListItem, "Item", 0), (BlockKind.Paragraph, "Body", 0),
            ],
            text.Blocks.Select(block => (block.Kind, block.Text, block.HeadingLevel)));
    }

    [Fact]
    public async Task What_was_deleted_hidden_or_is_there_for_older_programs_is_left_out()
    {
        var text = await desk.TextOfAsync("a.docx", Word(
            "<w:p><w:r><w:t>kept </w:t></w:r><w:del><w:r><w:delText>deleted </w:delText></w:r></w:del>"
            + "<w:ins><w:r><w:t>inserted </w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden </w:t></w:r>"
            + "<w:moveFrom><w:r><w:t>moved </w:t></w:r></w:moveFrom><w:r><w:instrText>PAGE</w:instrText></w:r>"
            + "<w:r><w:t>end</w:t></w:r></w:p>"
            + "<w:p><w:r><w:t>Anchor</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><wps:txbx><w:txbxContent>"
            + P("in the box") + "</w:txbxContent></wps:txbx></mc:Choice><mc:Fallback><w:txbxContent>" + P("in the box")
            + "</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>"));

        Assert.Equal(["kept inserted end", "Anchor", "in the box"], text.Blocks.Select(block => block.Text));
    }

    [Fact]
    public async Task Tables_are_rows_notes_follow_their_paragraph_and_breaks_make_pages()
    {
        var text = await desk.TextOfAsync("a.docx", Word(
            "<w:p><w:r><w:t>Claim</w:t></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r><w:r><w:br w:type=\"page\"/></w:r></w:p>"
            + $"<w:tbl><w:tr><w:tc>{P("a")}</w:tc><w:tc>{P("b")}{P("c")}</w:tc></w:tr><w:tr><w:tc>{P("d")}</w:tc><w:tc/></w:tr></w:tbl>",
            footnotes: $"<w:footnote w:id=\"0\" w:type=\"separator\">{P("line")}</w:footnote>"
                + $"<w:footnote w:id=\"2\">{P("Proof.")}</w:footnote>"));

        Assert.Equal(
            [("Claim[1]", 1), ("[1] Proof.", 2), ("a | b c", 2), ("d", 2)], text.Blocks.Select(block => (block.Text, block.Page)));
    }

    [Theory]
    [InlineData("שלום עולם, זה טקסט.")]
    [InlineData("これは日本語の文章です。")]
    [InlineData("Ελληνικά, русский и العربية 𠮷")]
    public async Task Any_script_is_read(string text) =>
        Assert.Equal(text, (await desk.TextOfAsync("a.docx", Word(P(text)))).Text);

    [Fact]
    public async Task Macros_are_passed_by()
    {
        var text = await desk.TextOfAsync("a.docm", Zip(
            ("word/document.xml", "<d xmlns:w=\"w\"><w:p><w:r><w:t>Text.</w:t></w:r></w:p></d>"),
            ("word/vbaProject.bin", "Sub AutoOpen()")));

        Assert.Equal("Text.", text.Text);
    }

    [Fact]
    public async Task A_part_that_is_larger_than_the_list_says_gets_no_further_than_the_limits()
    {
        var zip = Word(P(new string('0', 64 << 20)));
        // In the list, which comes last, the size of each part is 20 bytes behind its beginning, packed, and 24 unpacked.
        for (var at = zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8); at >= 0; at = zip.AsSpan(0, at).LastIndexOf("PK\u0001\u0002"u8))
            BitConverter.GetBytes(1_000).CopyTo(zip, at + 24);
        using var tight = new ReadingDesk(DocumentLimits.Default with { MemoryBytesMax = 256L << 20 });

        Assert.IsType<DocumentReading.Refused>(await tight.ReadAsync("a.docx", zip));
    }

    [Fact]
    public async Task Slides_have_titles_items_tables_and_what_the_speaker_says()
    {
        const string table = "<p:graphicFrame><a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>1</a:t></a:r></a:p></a:txBody></a:tc>"
            + "<a:tc><a:txBody><a:p><a:r><a:t>2</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame>";
        var text = await desk.TextOfAsync("a.pptx", Slides(
            Shape("title", "Welcome") + Shape("body", "One") + Shape("sldNum", "1"), Shape("ctrTitle", "Next") + table));

        Assert.Equal(
            [
                (BlockKind.Heading, "Welcome", 1), (BlockKind.Paragraph, "One", 1), (BlockKind.Paragraph, "Say hello.", 1),
                (BlockKind.Heading, "Next", 2), (BlockKind.TableRow, "1 | 2", 2),
            ],
            text.Blocks.Select(block => (block.Kind, block.Text, block.Page)));
    }

    [Fact]
    public async Task Every_sheet_is_read_and_its_rows_are_rows()
    {
        var text = await desk.TextOfAsync("a.xlsx", Workbook(
            ("First", [["id", "name"], ["1", "Ada"], ["", ""]]), ("Empty", []), ("Third", [["", "x"]])));

        Assert.Equal(
            [("First", 1), ("id | name", 1), ("1 | Ada", 1), ("Third", 3), (" | x".Trim(), 3)],
            text.Blocks.Select(block => (block.Text, block.Page)));
    }

    [Theory]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\">]><w:document/>")]
    [InlineData("<w:document><w:body><w:p>")]
    [InlineData("not xml")]
    public async Task Broken_or_booby_trapped_parts_are_refused(string part)
    {
        var refusal = await desk.RefusalOfAsync("a.docx", Zip(("[Content_Types].xml", "<Types/>"), ("word/document.xml", part)));

        Assert.StartsWith("\"a.docx\" cannot be read. It is damaged", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Boxes_in_boxes_without_end_are_refused()
    {
        var open = string.Concat(Enumerable.Repeat("<w:p><w:r><w:txbxContent>", 2_000));
        var close = string.Concat(Enumerable.Repeat("</w:txbxContent></w:r></w:p>", 2_000));
        var refusal = await desk.RefusalOfAsync("a.docx", Word(open + close));

        Assert.Contains("nested deeper than in any document", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_without_text_is_refused()
    {
        Assert.Contains("There is no text in it.", await desk.RefusalOfAsync("a.docx", Word("")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_at_its_limit_is_read_and_a_character_more_is_not()
    {
        var limits = DocumentLimits.Default with { TextCharsMax = 10 };
        using var small = new ReadingDesk(limits);
        Assert.Equal(10, (await small.TextOfAsync("a.txt", "0123456789"u8.ToArray())).Text.Length);
        Assert.Contains(
            "more than 10 characters", await small.RefusalOfAsync("a.txt", "0123456789a"u8.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_eats_memory_is_refused_and_the_server_goes_on()
    {
        using var tight = new ReadingDesk(DocumentLimits.Default with { MemoryBytesMax = 160L << 20 });
        // A tree of elements takes many times what they take in the file.
        var refusal = await tight.RefusalOfAsync("a.html", System.Text.Encoding.UTF8.GetBytes(
            "<html>" + string.Concat(Enumerable.Repeat("<p title=x><b><i><u>", 1_000_000))));

        Assert.Contains("memory", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_takes_too_long_is_refused()
    {
        using var hurried = new ReadingDesk(DocumentLimits.Default with { Wall = TimeSpan.FromMilliseconds(20) });

        Assert.Contains("takes longer than", await hurried.RefusalOfAsync("a.docx", Word(P("x"))), StringComparison.Ordinal);
    }
}
