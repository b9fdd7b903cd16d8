using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Processors.Exams;
using NextUp.Processors.Exams.Containers;
using NextUp.Processors.Exams.Pages;
using NextUp.Processors.Pdf;
using NextUp.Processors.Tools;
using NextUp.UnitTests.Exams.Papers;
using NextUp.UnitTests.Server;

namespace NextUp.UnitTests.Exams;

/// <summary>The job as a whole, and what is no paper: read right, or refused with a sentence.</summary>
public sealed class ExamProcessorTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    async Task<(JobOutcome Outcome, ExamRun Run)> RunAsync(byte[] upload, string? options = null, ExamProcessor? processor = null)
    {
        Assert.SkipUnless(ReadPaper.CanRead, ReadPaper.WhyNot);
        var run = new ExamRun(_folder.Path, upload, options);
        return (await (processor ?? ReadPaper.Processor()).RunAsync(run, TestContext.Current.CancellationToken), run);
    }

    async Task RefusedAsync(byte[] upload, string part, string? options = null)
    {
        var (outcome, _) = await RunAsync(upload, options);
        Assert.Contains(part, Assert.IsType<JobOutcome.GiveUp>(outcome).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Steps_have_their_names_and_percentages_and_move_with_the_pages()
    {
        var (outcome, run) = await RunAsync(PaperWriter.Write(PaperStyle.Totalled, 4).Pdf);

        Assert.IsType<JobOutcome.Done>(outcome);
        var steps = run.Told.Select(told => (told.Step, told.Percent)).ToList();
        Assert.Equal((ExamProcessor.PagesStep, 5), steps[0]);
        Assert.Equal([(ExamProcessor.FinalStep, 90), (ExamProcessor.DoneStep, 100)], steps[^2..]);
        var analysis = run.Told.Where(told => told.Step == ExamProcessor.AnalysisStep).ToList();
        Assert.Equal(Enumerable.Range(1, analysis[^1].Total!.Value), analysis.Select(told => told.Done));
        Assert.All(analysis, told => Assert.InRange(told.Percent, 10, 90));
        Assert.Equal(run.Told.Select(told => told.Percent).Order(), run.Told.Select(told => told.Percent));
    }

    [Fact]
    public async Task A_mark_scheme_beside_the_paper_goes_to_its_questions()
    {
        var scheme = new PdfWriter();
        scheme.NewPage();
        scheme.Text(50, 60, "Mark Scheme", 16);
        var (paper, truth) = PaperWriter.Write(PaperStyle.Totalled, 2);
        for (var i = 1; i <= truth.Questions.Count; i++)
        {
            scheme.Text(50, 80 + i * 40, $"{i}(a)");
            scheme.Text(110, 80 + i * 40, $"answer of question {i}");
            scheme.Text(50, 95 + i * 40, $"{i}(b)");
            scheme.Text(110, 95 + i * 40, "and more");
        }

        var (outcome, _) = await RunAsync(await PackedAsync((PaperRole.Paper, ".pdf", paper),
            (PaperRole.Scheme, ".pdf", scheme.ToBytes())));

        var questions = ReadPaper.Of(outcome).Questions;
        Assert.All(questions, question => Assert.Contains(
            $"answer of question {question.Number}", question.MarkingScheme, StringComparison.Ordinal));
        Assert.All(questions, question => Assert.Contains("and more", question.MarkingScheme, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mark_scheme_handed_in_as_a_paper_is_told_from_one()
    {
        var scheme = new PdfWriter();
        scheme.NewPage();
        scheme.Text(50, 60, "MARK SCHEME", 16);
        scheme.Text(50, 100, "1");
        scheme.Text(110, 100, "Force is mass times acceleration [1]");
        await RefusedAsync(scheme.ToBytes(), "is a mark scheme");
    }

    [Fact]
    public async Task An_answer_booklet_without_questions_is_told()
    {
        var booklet = new PdfWriter();
        booklet.NewPage();
        booklet.Text(50, 100, "Answer booklet. Write your answers on the lines below.");
        await RefusedAsync(booklet.ToBytes(), "No questions were found");
    }

    [Fact]
    public async Task What_is_no_paper_is_refused_before_it_is_a_job()
    {
        foreach (var (content, part) in new (byte[], string)[]
        {
            ([], "is empty"), ("hello"u8.ToArray(), "is no PDF"), ("PK\u0003\u0004garbage"u8.ToArray(), "damaged zip"),
            (await PackedAsync((PaperRole.Scheme, ".pdf", PaperWriter.Write(PaperStyle.Dotted, 1).Pdf)), "there is no paper in it"),
            (await PackedAsync((PaperRole.Paper, ".pdf", "nothing"u8.ToArray())), "is no PDF"),
        })
        {
            using var stream = new MemoryStream(content);
            var verdict = await ReadPaper.Processor().CheckAsync("a.pdf", stream, TestContext.Current.CancellationToken);
            Assert.Contains(part, Assert.IsType<UploadVerdict.Unfit>(verdict).Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_damaged_PDF_is_refused_with_a_way_out()
    {
        var (pdf, _) = PaperWriter.Write(PaperStyle.Dotted, 1);
        await RefusedAsync(pdf[..200], "PDF");
    }

    [Fact]
    public async Task Options_that_are_none_are_named() =>
        await RefusedAsync(PaperWriter.Write(PaperStyle.Dotted, 1).Pdf, "options", """{"page":1}""");

    [Fact]
    public async Task More_pages_than_are_read_are_told()
    {
        var pdf = new PdfWriter();
        for (var i = 0; i <= PageSource.PagesMax; i++)
            pdf.NewPage();
        await RefusedAsync(pdf.ToBytes(), $"at most {PageSource.PagesMax}");
    }

    [Fact]
    public async Task An_empty_page_is_no_paper()
    {
        var pdf = new PdfWriter();
        pdf.NewPage();
        await RefusedAsync(pdf.ToBytes(), "has no text");
    }

    [Fact]
    public async Task A_paper_of_pictures_says_what_is_missing_where_nothing_can_read_them()
    {
        var picture = await PictureAsync();
        var without = ReadPaper.Processor(new Dictionary<string, string> { ["tesseract"] = "/nowhere/tesseract" });
        var (outcome, _) = await RunAsync(picture, processor: without);
        Assert.Contains("apt-get install tesseract-ocr", Assert.IsType<JobOutcome.GiveUp>(outcome).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paper_of_pictures_is_read_off_them()
    {
        Assert.SkipUnless(new Toolbox().Find(ExternalTool.Tesseract) is not null, "tesseract-ocr is not installed, so no picture is read.");
        var picture = await PictureAsync();
        var (outcome, _) = await RunAsync(await PackedAsync((PaperRole.Paper, ".png", picture)));

        var paper = ReadPaper.Of(outcome);
        Assert.Equal([1, 2, 3], paper.Questions.Select(question => question.Number));
        Assert.Equal([3, 4, 5], paper.Questions.Select(question => question.Marks));
        Assert.All(paper.Questions, question => Assert.Contains("read off an image", question.Warnings.Single(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_paper_whose_checks_fail_is_completed_and_says_so()
    {
        var pdf = new PdfWriter();
        pdf.NewPage();
        pdf.Text(50, 60, "The total mark for this paper is 20.");
        pdf.Text(50, 100, "1");
        pdf.Text(75, 100, "What is a force? [3]");
        pdf.Text(50, 140, "3");
        pdf.Text(75, 140, "What is a field? [5]");
        var (outcome, _) = await RunAsync(pdf.ToBytes());

        var paper = ReadPaper.Of(outcome);
        Assert.Equal(["numbers", "marks-total"], paper.Checks.Where(check => !check.Ok).Select(check => check.Code));
        var summary = JsonSerializer.Deserialize(((JobOutcome.Done)outcome).Summary, ExamJson.Wire.ExamSummary)!;
        Assert.Equal((2, true), (summary.FailedChecks, summary.IsCompletedWithWarnings));
    }

    /// <summary>The picture of a page with three questions, drawn by poppler.</summary>
    static async Task<byte[]> PictureAsync()
    {
        Assert.SkipUnless(ReadPaper.CanRead, ReadPaper.WhyNot);
        var pdf = new PdfWriter();
        pdf.NewPage();
        string[] questions = ["What is a force and what is a mass?", "Describe the field around a wire.", "Explain why the light bends."];
        for (var i = 0; i < 3; i++)
        {
            pdf.Text(60, 120 + i * 60, $"{i + 1}.", 14);
            pdf.Text(80, 120 + i * 60, questions[i], 14);
            pdf.Text(500, 140 + i * 60, $"[{i + 3}]", 14);
        }

        return await ReadPaper.PictureAsync(pdf.ToBytes(), TestContext.Current.CancellationToken);
    }

    static Task<byte[]> PackedAsync(params (PaperRole Role, string Extension, byte[] Content)[] parts) => ReadPaper.PackedAsync(parts);
}
