using NextUp.Processors.Documents.Extraction;
using NextUp.Processors.Pdf;
using NextUp.Processors.Tools;
using NextUp.UnitTests.Documents.Samples;

namespace NextUp.UnitTests.Documents;

/// <summary>PDFs that the tests write, read by the real poppler and tesseract.</summary>
public sealed class PdfReadingTests : IDisposable
{
    readonly ReadingDesk desk = new();

    public PdfReadingTests() => ReadingDesk.NeedPoppler();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task Lines_become_paragraphs_and_words_that_were_broken_are_whole_again()
    {
        var text = await desk.TextOfAsync("a.pdf", new SmallPdf { Title = "Broken words" }.Page().Lines(72, 100,
        [
            "This paragraph has an under-", "standing of what a well-known hyphen is, and the", "well-", "known word keeps its own.",
        ]).Lines(72, 180, ["Another paragraph stands below", "with a gap above it, about COVID-", "19 and so on."]).ToBytes());

        Assert.Equal("Broken words", text.Title);
        Assert.Equal(
            [
                "This paragraph has an understanding of what a well-known hyphen is, and the well-known word keeps its own.",
                "Another paragraph stands below with a gap above it, about COVID-19 and so on.",
            ],
            text.Blocks.Select(block => block.Text));
    }

    [Fact]
    public async Task Larger_lines_and_numbered_ones_are_headings_and_marked_ones_are_items()
    {
        var text = await desk.TextOfAsync("a.pdf", new SmallPdf().Page().Text(72, 80, "The Title", 24).Text(72, 120, "A Chapter", 16)
            .Lines(72, 150, Enumerable.Repeat("Body text that is long enough to say which size is that of the text.", 6))
            .Text(72, 260, "2.1 Methods of old").Lines(72, 290, ["Text below the numbered heading goes on and", "ends here."])
            .Lines(72, 330, ["- first item", "- second item"]).ToBytes());
        var blocks = text.Blocks.ToList();

        Assert.Equal((BlockKind.Heading, 1), (blocks[0].Kind, blocks[0].HeadingLevel));
        Assert.Equal((BlockKind.Heading, "A Chapter", 2), (blocks[1].Kind, blocks[1].Text, blocks[1].HeadingLevel));
        Assert.Equal(2, blocks.Single(block => block.Text == "2.1 Methods of old").HeadingLevel);
        Assert.Equal(
            ["- first item", "- second item"],
            blocks.Where(block => block.Kind == BlockKind.ListItem).Select(block => block.Text));
        Assert.DoesNotContain(blocks, block => block.HeadingLevel > 0 && block.Text.StartsWith("Body", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(10)]
    public async Task Two_columns_are_read_one_after_the_other(double gap)
    {
        var pdf = new SmallPdf().Page().Text(150, 60, "A title that goes across both of the columns", 14);
        for (var line = 0; line < 30; line++)
        {
            pdf.Text(50, 100 + (12 * line), $"left column has some words in line {line:00} of it", 10.5);
            pdf.Text(50 + 228 + gap, 100 + (12 * line), $"right column has other words in line {line:00}", 10.5);
        }

        var all = string.Join(' ', (await desk.TextOfAsync("a.pdf", pdf.ToBytes())).Blocks.Select(block => block.Text));

        Assert.True(
            all.IndexOf("left column has some words in line 29", StringComparison.Ordinal)
            < all.IndexOf("right column has other words in line 00", StringComparison.Ordinal), all);
        Assert.StartsWith("A title", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Running_titles_are_said_once_and_page_numbers_never_and_pages_are_told()
    {
        var pdf = new SmallPdf();
        for (var page = 1; page <= 6; page++)
        {
            pdf.Page().Text(200, 40, "Annual Report of the Society").Text(290, 815, $"Page {page} of 6")
                .Lines(72, 300, [$"What only page {page} has to say is said here."]);
        }

        var text = await desk.TextOfAsync("a.pdf", pdf.ToBytes());

        Assert.Single(text.Blocks, block => block.Text.Contains("Annual Report", StringComparison.Ordinal));
        Assert.DoesNotContain(text.Blocks, block => block.Text.Contains("of 6", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(1, 6), text.Pages.Select(page => page.Number));
        Assert.All(text.Pages, page => Assert.Contains(
            page.Blocks, block => block.Text.Contains($"page {page.Number} has", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Hundreds_of_pages_move_the_progress_page_by_page()
    {
        var pdf = new SmallPdf();
        for (var page = 1; page <= 600; page++) pdf.Page().Text(72, 100, $"Only this stands on page {page}.");
        var seen = new Seen();
        var text = await desk.TextOfAsync("a.pdf", pdf.ToBytes(), seen);

        Assert.Equal(600, text.Pages.Count);
        Assert.Equal(Enumerable.Range(0, 601), seen.Done);
    }

    [Fact]
    public async Task Pages_at_their_limit_are_read_and_one_more_is_not()
    {
        using var small = new ReadingDesk(DocumentLimits.Default with { Pdf = PdfLimits.Default with { PagesMax = 2 } });
        var two = new SmallPdf().Page().Text(72, 100, "one").Page().Text(72, 100, "two");

        Assert.Equal(2, (await small.TextOfAsync("a.pdf", two.ToBytes())).Pages.Count);
        var refusal = await small.RefusalOfAsync("a.pdf", two.Page().ToBytes());
        Assert.Contains("has 3 pages, and at most 2 are read", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_title_that_looks_like_other_facts_is_not_believed()
    {
        var pdf = new SmallPdf { Title = "A title\\nPages: 90000\\nEncrypted: yes" }.Page().Text(72, 100, "One page.").ToBytes();

        Assert.Single((await desk.TextOfAsync("a.pdf", pdf)).Pages);
    }

    [Fact]
    public async Task A_password_is_asked_for_in_a_sentence()
    {
        var pdf = new SmallPdf { Password = "secret" }.Page().Text(72, 100, "Nobody sees this.").ToBytes();

        Assert.Contains("protected with a password", await desk.RefusalOfAsync("a.pdf", pdf), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_opens_without_its_password_is_read_though_it_is_encrypted()
    {
        var pdf = new SmallPdf { Password = "" }.Page().Text(72, 100, "Everybody sees this.").ToBytes();

        Assert.Equal("Everybody sees this.", (await desk.TextOfAsync("a.pdf", pdf)).Text);
    }

    [Fact]
    public async Task Damaged_ones_are_refused_however_they_are_damaged()
    {
        var whole = new SmallPdf().Page().Text(72, 100, "whole").ToBytes();
        var random = new Random(7);
        Assert.Contains("damaged", await desk.RefusalOfAsync("a.pdf", "%PDF-1.4\nnothing more"u8.ToArray()), StringComparison.Ordinal);
        for (var i = 0; i < 12; i++)
        {
            var broken = whole[..random.Next(20, whole.Length)];
            for (var hit = random.Next(20); hit > 0; hit--) broken[random.Next(8, broken.Length)] = (byte)random.Next(256);
            Assert.IsNotType<DocumentReading.ToolFailed>(await desk.ReadAsync("a.pdf", broken));
        }
    }

    [Fact]
    public async Task A_scan_is_read_off_its_picture_where_tesseract_is_and_refused_where_it_is_not()
    {
        Assert.SkipWhen(new Toolbox().Find(ExternalTool.Tesseract) is null, "tesseract is missing: apt-get install tesseract-ocr");
        var scan = new SmallPdf().Picture(await PictureAsync("The quick brown fox jumps over the lazy dog")).ToBytes();
        var text = await desk.TextOfAsync("a.pdf", scan);

        Assert.Contains("quick brown fox jumps over", text.Text, StringComparison.Ordinal);
        Assert.Contains(text.Warnings, warning => warning.StartsWith("Page 1 has only pictures", StringComparison.Ordinal));

        using var without = new ReadingDesk(toolbox: new(new Dictionary<string, string> { ["tesseract"] = "/nowhere" }));
        Assert.Contains("apt-get install tesseract-ocr", await without.RefusalOfAsync("a.pdf", scan), StringComparison.Ordinal);
        var mixed = new SmallPdf().Page().Text(72, 100, "A page of text.").Picture(await PictureAsync("A picture")).ToBytes();
        var half = await without.TextOfAsync("a.pdf", mixed);
        Assert.Contains("Page 2 has no text", Assert.Single(half.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_poppler_it_is_said_what_to_install_and_the_file_is_not_blamed()
    {
        using var without = new ReadingDesk(toolbox: new(new Dictionary<string, string> { ["pdfinfo"] = "/nowhere" }));
        var reading = await without.ReadAsync("a.pdf", new SmallPdf().Page().Text(72, 100, "text").ToBytes());

        var reason = Assert.IsType<DocumentReading.ToolFailed>(reading).Reason;
        Assert.Contains("apt-get install poppler-utils", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_is_none_is_warned_of()
    {
        var random = new Random(5);
        var lines = Enumerable.Range(0, 20).Select(_ => string.Join(' ', Enumerable.Range(0, 8).Select(_ =>
            string.Concat(Enumerable.Range(0, 7).Select(_ => "bcdfghjklmnpqrstvwxz"[random.Next(20)])))));
        var text = await desk.TextOfAsync("a.pdf", new SmallPdf().Page().Lines(72, 100, lines).ToBytes());

        Assert.StartsWith("Much of the text cannot be read", Assert.Single(text.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_have_their_places_in_points()
    {
        using var folder = new ToolFolder(desk.Workspace);
        var path = desk.Save("places.pdf", new SmallPdf().Page().Text(100, 200, "Here", 20).ToBytes());
        var reader = new PdfReader(desk.Runner, PdfLimits.Default);
        var none = TestContext.Current.CancellationToken;
        var facts = Assert.IsType<ToolAnswer<PdfFacts>.Given>(await reader.FactsAsync(path, folder, none)).Value;
        var pages = Assert.IsType<ToolAnswer<IReadOnlyList<PdfPage>>.Given>(await reader.WordsAsync(path, facts, folder, null, none)).Value;

        var word = Assert.Single(Assert.Single(pages).Words);
        Assert.Equal(("Here", 595, 842), (word.Text, pages[0].Width, pages[0].Height));
        Assert.Equal(100, word.X0, 1.0);
        Assert.InRange(200, word.Y0, word.Y1);
        Assert.Equal(20, word.Height, 5.0);
    }

    [Fact]
    public async Task A_page_as_large_as_a_hall_is_drawn_coarser()
    {
        using var folder = new ToolFolder(desk.Workspace);
        var path = desk.Save("large.pdf", new SmallPdf().Page().Text(100, 200, "Here").ToBytes());
        var reader = new PdfReader(desk.Runner, PdfLimits.Default with { PictureSidePixelsMax = 400 });
        var drawn = await reader.PictureAsync(
            path, new(1, 595, 842, []), 200, PictureColours.Grey, folder, TestContext.Current.CancellationToken);

        var picture = Assert.IsType<ToolAnswer<PdfPicture>.Given>(drawn).Value;
        Assert.InRange(picture.Dpi, 30, 40);
        Assert.InRange(HeightOf(File.ReadAllBytes(picture.Path)), 390, 401);
    }

    [Fact]
    public async Task Cancelled_reading_leaves_nothing_behind()
    {
        var pdf = new SmallPdf();
        for (var page = 1; page <= 2_000; page++) pdf.Page().Lines(72, 60, Enumerable.Repeat("Many words on very many pages.", 60));
        var path = desk.Save("long.pdf", pdf.ToBytes());
        using var cancel = new CancellationTokenSource();
        var progress = new Seen
        {
            Told = done =>
            {
                if (done < 5 || cancel.IsCancellationRequested) return;
                cancel.Cancel();
            },
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => desk.Extractor.ExtractAsync(path, "long.pdf", desk.Workspace, progress, cancel.Token));

        Assert.Empty(Directory.EnumerateFileSystemEntries(desk.Workspace));
    }

    static int HeightOf(byte[] png) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20));

    /// <summary>A picture of a page with that text.</summary>
    async Task<byte[]> PictureAsync(string text)
    {
        using var folder = new ToolFolder(desk.Workspace);
        var path = desk.Save("drawn.pdf", new SmallPdf().Page().Text(72, 200, text, 20).ToBytes());
        var drawn = await new PdfReader(desk.Runner, PdfLimits.Default).PictureAsync(
            path, new(1, 595, 842, []), 150, PictureColours.Grey, folder, TestContext.Current.CancellationToken);
        return File.ReadAllBytes(Assert.IsType<ToolAnswer<PdfPicture>.Given>(drawn).Value.Path);
    }

    sealed class Seen : IProgress<ReadingProgress>
    {
        public List<int> Done { get; } = [];

        public Action<int>? Told { get; init; }

        public void Report(ReadingProgress value)
        {
            Done.Add(value.Done);
            Told?.Invoke(value.Done);
        }
    }
}
