using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Processors.Exams;
using NextUp.Processors.Exams.Containers;
using NextUp.Processors.Exams.Pages;
using NextUp.Processors.Pdf;
using NextUp.Processors.Tools;
using NextUp.UnitTests.Documents.Samples;
using NextUp.UnitTests.Exams.Papers;
using NextUp.UnitTests.Server;

namespace NextUp.UnitTests.Exams;

/// <summary>Papers as they come off scanners and out of other programs, through poppler and tesseract: read right, or refused.</summary>
public sealed class OddPaperTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_paper_with_a_password_is_refused_with_the_way_out()
    {
        var locked = new SmallPdf { Password = "secret" }.Page().Text(50, 100, "1. What is a force? [3]").ToBytes();

        Assert.Contains("protected with a password", await RefusalAsync(locked), StringComparison.Ordinal);
        var beside = await PackedAsync((PaperRole.Paper, ".pdf", WrongTotal.Pdf(2)), (PaperRole.Scheme, ".pdf", locked));
        var paper = await PaperAsync(beside);
        Assert.Equal(2, paper.Questions.Count);
        Assert.Contains("mark scheme could not be read", Assert.Single(paper.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(842, 595, false)]
    [InlineData(842, 595, true)]
    [InlineData(595, 842, true)]
    [InlineData(420, 595, false)]
    public async Task Landscape_turned_and_small_pages_are_read_as_they_are_shown(double width, double height, bool isOnItsSide)
    {
        var pdf = new PdfWriter();
        for (var page = 0; page < 3; page++)
        {
            pdf.NewPage(width, height, isOnItsSide);
            Questions(pdf, first: (page * 2) + 1, count: 2, width);
        }

        var paper = await PaperAsync(pdf.ToBytes());

        Holds(paper, 6);
        Assert.All(paper.Questions, question => Assert.InRange(Assert.Single(question.Regions).Right, 0.8, 1));
        Assert.All(paper.Questions, question => Assert.InRange(
            question.Regions[0].Top * height, 100 + ((question.Number - 1) % 2 * 80) - 20, 110 + ((question.Number - 1) % 2 * 80)));
    }

    [Fact]
    public async Task Pages_of_many_sizes_in_one_paper_are_read_each_by_its_own()
    {
        var pdf = new PdfWriter();
        var sizes = new (double Width, double Height, bool IsOnItsSide)[]
            { (595, 842, false), (842, 595, false), (595, 842, true), (612, 792, false), (842, 1191, false), (420, 595, false) };
        foreach (var (i, size) in sizes.Index())
        {
            pdf.NewPage(size.Width, size.Height, size.IsOnItsSide);
            Questions(pdf, i + 1, 1, size.Width);
        }

        Holds(await PaperAsync(pdf.ToBytes()), 6);
    }

    [Fact]
    public async Task Two_columns_are_read_one_after_the_other_as_poppler_sees_them()
    {
        var pdf = new PdfWriter();
        pdf.NewPage();
        for (var i = 0; i < 8; i++)
        {
            var (x, y) = (i < 4 ? 45 : 315, 100 + (i % 4 * 90));
            pdf.Text(x, y, $"{i + 1}.");
            pdf.Text(x + 18, y, "Explain why the rate of this reaction");
            pdf.Text(x + 18, y + 14, "falls when the acid is used up, and how");
            pdf.Text(x + 18, y + 28, $"the volume of gas shows it. [{i + 1}]");
        }

        var paper = await PaperAsync(pdf.ToBytes());

        Assert.Equal(Enumerable.Range(1, 8), paper.Questions.Select(question => question.Number));
        Assert.Equal(Enumerable.Range(1, 8), paper.Questions.Select(question => question.Marks!.Value));
    }

    [Fact]
    public async Task Sections_begin_their_numbers_anew_on_landscape_pages_too()
    {
        var pdf = new PdfWriter(842, 595);
        foreach (var section in "AB")
        {
            pdf.NewPage();
            pdf.TextCentred(50, $"SECTION {section}", 14);
            Questions(pdf, 1, 3, 842);
        }

        var paper = await PaperAsync(pdf.ToBytes());

        Assert.Equal(["A.1", "A.2", "A.3", "B.1", "B.2", "B.3"], paper.Questions.Select(question => question.Key));
    }

    [Fact]
    public async Task Options_stand_below_each_other_in_a_row_or_in_a_grid()
    {
        var pdf = new PdfWriter();
        pdf.NewPage();
        string[] options = ["iron", "copper", "zinc", "lead"];
        for (var i = 0; i < 3; i++)
        {
            var y = 80 + (i * 130);
            pdf.Text(50, y, $"{i + 1}");
            pdf.Text(75, y, "Which metal is the most reactive one?");
            for (var option = 0; option < 4; option++)
            {
                var (x, down) = i switch
                {
                    0 => (75, option * 18),
                    1 => (75 + (option * 110), 0),
                    _ => (75 + (option % 2 * 200), option / 2 * 18),
                };
                pdf.Text(x, y + 25 + down, $"{(char)('A' + option)}");
                pdf.Text(x + 20, y + 25 + down, options[option]);
            }
        }

        var paper = await PaperAsync(pdf.ToBytes());

        Assert.Equal([1, 2, 3], paper.Questions.Select(question => question.Number));
        Assert.All(paper.Questions, question => Assert.Equal(
            ["A iron", "B copper", "C zinc", "D lead"], question.Options.Select(option => $"{option.Label} {option.Text}")));
    }

    [Fact]
    public async Task Sixty_pages_are_a_paper_like_any_other() => Holds(await PaperAsync(Long(60)), 60);

    [Fact]
    public async Task A_paper_in_another_language_is_read_by_its_numbers_and_marks()
    {
        var pdf = new PdfWriter();
        pdf.NewPage();
        string[] questions = ["Erklären Sie, warum Säuren ätzen.", "Übersetzen Sie den zweiten Satz.", "¿Por qué cae la presión?"];
        for (var i = 0; i < 3; i++)
        {
            pdf.Text(50, 100 + (i * 60), $"{i + 1}");
            pdf.Text(75, 100 + (i * 60), questions[i]);
            pdf.Text(500, 115 + (i * 60), $"[{i + 2}]");
        }

        var paper = await PaperAsync(pdf.ToBytes());

        Assert.Equal([2, 3, 4], paper.Questions.Select(question => question.Marks!.Value));
        Assert.Contains("ätzen", paper.Questions[0].Text, StringComparison.Ordinal);
        Assert.Contains("¿Por qué", paper.Questions[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_of_both_kinds_in_one_paper_are_read_off_in_their_order()
    {
        Assert.SkipUnless(new Toolbox().Find(ExternalTool.Tesseract) is not null, "tesseract-ocr is not installed, so no picture is read.");
        var pdf = WrongTotal.Pdf(2);
        var png = await ReadPaper.PictureAsync(pdf, TestContext.Current.CancellationToken, 1);
        var jpeg = await JpegAsync(pdf, 2);
        Assert.IsType<PartContent.Picture>(PartContent.Of(jpeg));

        var paper = await PaperAsync(await PackedAsync((PaperRole.Paper, ".png", png), (PaperRole.Paper, ".jpg", jpeg)));

        Assert.Equal([(1, 3), (2, (int?)3)], paper.Questions.Select(question => (question.Number, question.Marks)));
        Assert.Equal(99, paper.TotalMarksStated);
    }

    [Theory]
    [InlineData(24)]
    [InlineData(2_000)]
    public async Task A_picture_that_was_cut_off_is_told(int length)
    {
        Assert.SkipUnless(new Toolbox().Find(ExternalTool.Tesseract) is not null, "tesseract-ocr is not installed, so no picture is read.");
        var png = await ReadPaper.PictureAsync(WrongTotal.Pdf(1), TestContext.Current.CancellationToken);

        Assert.Contains("has no text", await RefusalAsync(png[..length]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_that_says_it_is_as_large_as_a_field_is_told_and_takes_no_memory_here()
    {
        Assert.SkipUnless(new Toolbox().Find(ExternalTool.Tesseract) is not null, "tesseract-ocr is not installed, so no picture is read.");
        var png = await ReadPaper.PictureAsync(WrongTotal.Pdf(1), TestContext.Current.CancellationToken);
        new byte[] { 0, 1, 0, 0, 0, 1, 0, 0 }.CopyTo(png, 16);

        Assert.Contains("has no text", await RefusalAsync(png), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"x","chapters":[]}""", "chapters")]
    [InlineData("""{"name":"x","chapters":"all"}""", "A syllabus is")]
    [InlineData("""{"name":"x","chapters":[{"title":"a","subtopics":"b"}]}""", "A syllabus is")]
    [InlineData("""{"name":"x","chapters":[{"title":"a","subtopics":[null]}]}""", "says too much")]
    [InlineData("[1,2", "A syllabus is")]
    [InlineData("null", "A syllabus is")]
    [InlineData("", "A syllabus is")]
    public async Task A_syllabus_that_is_none_is_refused_before_anything_is_read(string syllabus, string part)
    {
        var upload = await PackedAsync(
            (PaperRole.Paper, ".pdf", WrongTotal.Pdf(1)), (PaperRole.Syllabus, ".json", Encoding.UTF8.GetBytes(syllabus)));

        Assert.Contains(part, await RefusalAsync(upload), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Questions_are_tagged_with_the_chapters_of_the_syllabus_that_comes_along()
    {
        var syllabus = """
            {"name":"Science","chapters":[{"title":"Poetry","subtopics":["verse","rhyme"]},
             {"number":"B","title":"Forces and motion","description":"friction, acceleration, momentum",
              "subtopics":["mass","resultant force"]},
             {"title":"Electricity","subtopics":["current","charge"]},{"title":"Acids","subtopics":["salt","titration"]}]}
            """;
        var pdf = new PdfWriter();
        pdf.NewPage();
        pdf.Text(50, 100, "1");
        pdf.Text(75, 100, "A car of mass 900 kg has an acceleration of 2 m/s. Find the resultant force and momentum. [3]");
        pdf.Text(50, 140, "2");
        pdf.Text(75, 140, "Translate the passage. [3]");

        var paper = await PaperAsync(await PackedAsync(
            (PaperRole.Paper, ".pdf", pdf.ToBytes()), (PaperRole.Syllabus, ".json", Encoding.UTF8.GetBytes(syllabus))));

        Assert.Equal(["B", ""], paper.Questions.Select(question => string.Join(' ', question.Tags.Select(tag => tag.Number))));
    }

    static byte[] Long(int pages)
    {
        var pdf = new PdfWriter();
        for (var page = 1; page <= pages; page++)
        {
            pdf.NewPage();
            Questions(pdf, page, 1, 595);
        }

        return pdf.ToBytes();
    }

    static readonly string[] s_subjects =
        ["a force", "a lens", "an acid", "a market", "a river", "a gene", "a vector", "a verse", "a court", "a wave", "a cell"];

    static void Questions(PdfWriter pdf, int first, int count, double width)
    {
        for (var i = 0; i < count; i++)
        {
            var (number, y) = (first + i, 110 + (i * 80));
            pdf.Text(50, y, $"{number}");
            pdf.Text(80, y, $"Say in a few words what {s_subjects[number % s_subjects.Length]} is.");
            pdf.TextTo(width - 50, y + 20, $"[{(number % 7) + 1}]");
        }
    }

    static void Holds(ExamPaper paper, int count)
    {
        Assert.Equal(Enumerable.Range(1, count), paper.Questions.Select(question => question.Number));
        Assert.All(paper.Questions, question => Assert.Equal((question.Number % 7) + 1, question.Marks));
        Assert.All(paper.Questions, question => Assert.Contains(
            s_subjects[question.Number % s_subjects.Length], question.Text, StringComparison.Ordinal));
    }

    async Task<ExamPaper> PaperAsync(byte[] upload) => ReadPaper.Of(await RunAsync(upload));

    async Task<string> RefusalAsync(byte[] upload) => Assert.IsType<JobOutcome.GiveUp>(await RunAsync(upload)).Reason;

    async Task<JobOutcome> RunAsync(byte[] upload)
    {
        Assert.SkipUnless(ReadPaper.CanRead, ReadPaper.WhyNot);
        return await ReadPaper.Processor().RunAsync(
            new ExamRun(_folder.Path, upload, null), TestContext.Current.CancellationToken);
    }

    /// <summary>A page as a camera keeps it.</summary>
    async Task<byte[]> JpegAsync(byte[] pdf, int page)
    {
        using var tools = new ToolFolder(_folder.Path);
        await File.WriteAllBytesAsync(tools.PathOf("paper.pdf"), pdf);
        var run = await new ToolRunner(new Toolbox(), TimeProvider.System).RunAsync(
            new(ExternalTool.PdfToPpm, tools,
                ["-jpeg", "-singlefile", "-f", $"{page}", "-l", $"{page}", "-r", "200", tools.PathOf("paper.pdf"), tools.PathOf("page")]),
            TestContext.Current.CancellationToken);
        Assert.Equal(0, Assert.IsType<ToolRun.Exited>(run).Code);
        return await File.ReadAllBytesAsync(tools.PathOf("page.jpg"));
    }

    static Task<byte[]> PackedAsync(params (PaperRole Role, string Extension, byte[] Content)[] parts) => ReadPaper.PackedAsync(parts);
}
