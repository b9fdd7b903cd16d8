using System.Text;
using NextUp.Processors.Documents.Extraction;
using NextUp.Processors.Files;
using NextUp.UnitTests.Documents.Samples;
using static NextUp.UnitTests.Documents.Samples.SmallOffice;

namespace NextUp.UnitTests.Documents;

/// <summary>Plain text in all encodings, pages of the web and Markdown; and what is refused before anything reads it.</summary>
public sealed class TextReadingTests : IDisposable
{
    readonly ReadingDesk desk = new();

    public void Dispose() => desk.Dispose();

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-32", true)]
    public async Task Text_is_read_however_it_is_encoded(string name, bool hasMark)
    {
        var encoding = Encoding.GetEncoding(name);
        const string text = "Grüße aus Köln, said the fox – and 日本語 too.";
        byte[] bytes = [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)];

        Assert.Equal(text, (await desk.TextOfAsync("a.txt", bytes)).Text);
    }

    [Fact]
    public async Task What_is_no_UTF_8_is_Western_European()
    {
        byte[] bytes = [.. "Caf"u8, 0xE9, .. " costs 5 "u8, 0x80, .. " or "u8, 0x93, .. "so"u8, 0x94];

        Assert.Equal("Café costs 5 € or “so”", (await desk.TextOfAsync("a.txt", bytes)).Text);
    }

    [Fact]
    public async Task A_character_that_ends_behind_a_part_of_the_file_is_whole()
    {
        var text = new string('a', 65_535) + "é" + new string('b', 10);
        var read = await desk.TextOfAsync("a.txt", Encoding.UTF8.GetBytes(text));

        Assert.Equal(text, read.Text.Replace("\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Single_zeros_are_dropped_and_many_are_no_text()
    {
        var text = new string('x', 500);
        Assert.Equal("a" + text, (await desk.TextOfAsync("a.log", Encoding.UTF8.GetBytes("a\0" + text))).Text);

        var binary = new byte[1_000];
        new Random(3).NextBytes(binary);
        Assert.Contains("of no type that is read", await desk.RefusalOfAsync("a.txt", [1, .. binary]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_lines_divide_paragraphs_and_lines_of_a_table_stay_lines()
    {
        var text = await desk.TextOfAsync("a.txt", "one\r\ntwo\r\n \r\n\r\nthree"u8.ToArray());
        Assert.Equal(["one\ntwo", "three"], text.Blocks.Select(block => block.Text));

        var table = await desk.TextOfAsync("a.csv", "a,b\n1,2\n"u8.ToArray());
        Assert.Equal((BlockKind.Code, "a,b\n1,2"), (table.Blocks.Single().Kind, table.Text));
    }

    [Fact]
    public async Task A_page_is_read_without_scripts_navigation_and_what_is_hidden()
    {
        const string page = """
            <!doctype html><title> The  title </title><body><nav>Menu</nav><h1>Top <em>head</em></h1><script>evil()</script>
            <p>First&nbsp;para<br>graph<ul><li>one<li>two <ul><li>deep</ul></ul><p hidden>no</p><style>p{}</style>
            <table><tr><th>a<th>b<tr><td>1 <b>x</b><td>2</table><pre>code
              line</pre>
            """;
        var text = await desk.TextOfAsync("a.html", Encoding.UTF8.GetBytes(page));

        Assert.Equal("The title", text.Title);
        Assert.Equal(
            [
                (BlockKind.Heading, "Top head"), (BlockKind.Paragraph, "First para graph"), (BlockKind.ListItem, "one"),
                (BlockKind.ListItem, "two"), (BlockKind.ListItem, "deep"), (BlockKind.TableRow, "a | b"),
                (BlockKind.TableRow, "1 x | 2"), (BlockKind.Code, "code\n  line"),
            ],
            text.Blocks.Select(block => (block.Kind, block.Text)));
    }

    [Fact]
    public async Task A_page_is_read_in_the_encoding_that_it_names()
    {
        byte[] bytes = [.. "<html><meta charset=windows-1251><p>"u8, 0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2];

        Assert.Equal("Привет", (await desk.TextOfAsync("a.htm", bytes)).Text);
    }

    [Fact]
    public async Task Markdown_is_read_without_its_marks()
    {
        const string page = """
            ---
            front: matter
            ---
            # Title with `code`

            A **bold** [link](http://a.example) &amp; more
            on two lines.

            - item
              1. inner

            | a | b |
            |---|---|
            | 1 | 2 |

            ```
            let x = 1;
            ```
            """;
        var text = await desk.TextOfAsync("a.md", Encoding.UTF8.GetBytes(page));

        Assert.Equal(
            [
                (BlockKind.Heading, "Title with code"), (BlockKind.Paragraph, "A bold link & more on two lines."),
                (BlockKind.ListItem, "item"), (BlockKind.ListItem, "inner"), (BlockKind.TableRow, "a | b"),
                (BlockKind.TableRow, "1 | 2"), (BlockKind.Code, "let x = 1;"),
            ],
            text.Blocks.Select(block => (block.Kind, block.Text)));
    }

    [Fact]
    public async Task A_file_is_what_is_in_it_and_a_name_that_says_otherwise_is_mentioned()
    {
        var text = await desk.TextOfAsync("report.pdf", Word(P("Really Word.")));

        Assert.Equal((DocumentFormat.Docx, "Really Word."), (text.Format, text.Text));
        Assert.Equal("Its name ends with .pdf, but it is a Word file and was read as that.", Assert.Single(text.Warnings));
        Assert.Equal(DocumentFormat.Html, (await desk.TextOfAsync("old.xls", "<table><tr><td>1</table>"u8.ToArray())).Format);
    }

    public static TheoryData<string, byte[], string> Refused => new()
    {
        { "a.txt", [], "It is empty (0 bytes)" },
        { "a.txt", "  \n "u8.ToArray(), "only spaces" },
        { "a.doc", Container("WordDocument"), "save it as .docx or PDF" },
        { "a.ppt", Container("PowerPoint Document"), "save it as .pptx or PDF" },
        { "a.docx", Container("EncryptedPackage"), "protected with a password" },
        { "a.msg", Container("__properties"), "old container" },
        { "a.odt", Zip(("content.xml", ""), ("META-INF/manifest.xml", "")), "file of LibreOffice" },
        { "a.epub", Zip(("META-INF/container.xml", "")), "EPUB" },
        { "a.xlsb", Zip(("xl/workbook.bin", "")), "save it as .xlsx" },
        { "a.zip", Zip(("a.txt", "x")), "Unpack it" },
        { "a.docx", Word(P("cut"))[..200], "damaged or incomplete zip file" },
        { "a.rtf", "{\\rtf1 x}"u8.ToArray(), "It is RTF" },
        { "a.png", [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0], "It is a picture" },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public async Task What_is_not_read_is_refused_with_a_way_out(string name, byte[] content, string wayOut)
    {
        var refusal = await desk.RefusalOfAsync(name, content);

        Assert.StartsWith($"\"{name}\" cannot be read. ", refusal, StringComparison.Ordinal);
        Assert.Contains(wayOut, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_is_judged_by_its_list_before_anything_is_unpacked()
    {
        var bomb = Word(P(new string('0', 30 << 20)));
        Assert.Contains("times as large", Problem(bomb, ZipLimits.Default), StringComparison.Ordinal);
        Assert.Contains("Split it", Problem(bomb, ZipLimits.Default with { BytesMax = 1 << 20 }), StringComparison.Ordinal);
        Assert.Null(Problem(bomb, ZipLimits.Default with { BytesAlways = 40 << 20 }));

        var parts = Enumerable.Range(0, 9).Select(i => ($"p{i}", "")).Append(("word/document.xml", "")).ToArray();
        Assert.Null(Problem(Zip(parts), ZipLimits.Default with { EntriesMax = 10 }));
        Assert.Contains("too many parts", Problem(Zip(parts), ZipLimits.Default with { EntriesMax = 9 }), StringComparison.Ordinal);

        static string? Problem(byte[] zip, ZipLimits limits) => FileSignature.Of(new MemoryStream(zip), limits).Problem;
    }

    [Fact]
    public void Any_bytes_are_judged_without_a_fault()
    {
        var random = new Random(11);
        var seeds = new[] { Word(P("x")), Container("Workbook"), Workbook(("a", [["1"]])), "%PDF-1.4"u8.ToArray(), "<html>"u8.ToArray() };
        for (var i = 0; i < 3_000; i++)
        {
            var bytes = seeds[random.Next(seeds.Length)].ToArray();
            for (var hit = random.Next(30); hit > 0; hit--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            _ = FileSignature.Of(new MemoryStream(bytes[..random.Next(bytes.Length + 1)]));
        }
    }
}
