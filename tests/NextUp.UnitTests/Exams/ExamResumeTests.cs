using NextUp.Actors.Jobs;
using NextUp.Processors.Exams;
using NextUp.Processors.Exams.Asking;
using NextUp.Processors.Exams.Pages;
using NextUp.Processors.Pdf;
using NextUp.Processors.Tools;
using NextUp.UnitTests.Documents.Samples;
using NextUp.UnitTests.Exams.Papers;
using NextUp.UnitTests.Server;

namespace NextUp.UnitTests.Exams;

/// <summary>An attempt that follows a lost one pays for nothing twice, and draws and reads no page twice.</summary>
public sealed class ExamResumeTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly Dictionary<string, byte[]> _kept = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Answers_that_were_paid_for_are_not_asked_for_again()
    {
        Assert.SkipUnless(ReadPaper.CanRead, ReadPaper.WhyNot);
        await using var stub = new ModelStub();
        using var lost = new CancellationTokenSource();
        stub.ThenSays(WrongTotal.Beginnings).ThenSays(asked =>
        {
            lost.Cancel();
            return WrongTotal.Beginnings(asked);
        });
        var first = new ExamRun(_folder.Path, WrongTotal.Pdf(4), null, _kept);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Processor(stub).RunAsync(first, lost.Token));
        Assert.Equal(2, stub.Asked.Count);

        stub.ThenSays(WrongTotal.Beginnings).ThenSays(WrongTotal.Beginnings);
        var second = new ExamRun(_folder.Path, WrongTotal.Pdf(4), null, _kept);
        var outcome = await Processor(stub).RunAsync(second, TestContext.Current.CancellationToken);

        // Three windows of two pages: the first was kept, the second was on its way and is asked for once more.
        Assert.Equal(4, stub.Asked.Count);
        Assert.Equal(Shown(stub, 1), Shown(stub, 2));
        var summary = Assert.IsType<JobOutcome.Done>(outcome).Summary;
        Assert.Contains("\"requests\":3", summary, StringComparison.Ordinal);
        Assert.Contains("\"inputTokens\":3000", summary, StringComparison.Ordinal);
        Assert.Contains(second.Lines, line => line.Contains("(1 from an earlier attempt)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_model_is_asked_itself()
    {
        Assert.SkipUnless(ReadPaper.CanRead, ReadPaper.WhyNot);
        await using var stub = new ModelStub();
        for (var i = 0; i < 2; i++)
            stub.ThenSays(WrongTotal.Beginnings);
        await Processor(stub).RunAsync(new ExamRun(_folder.Path, WrongTotal.Pdf(2), null, _kept), TestContext.Current.CancellationToken);
        await Processor(stub, model: "another")
            .RunAsync(new ExamRun(_folder.Path, WrongTotal.Pdf(2), null, _kept), TestContext.Current.CancellationToken);

        Assert.Equal(["stand-in", "another"], stub.Asked.Select(asked => (string)asked["model"]!));
    }

    [Fact]
    public async Task Pages_that_were_drawn_are_not_drawn_again()
    {
        Assert.SkipUnless(ReadPaper.CanRead, ReadPaper.WhyNot);
        var pictures = await TwoAttemptsAsync("pdftoppm", WrongTotal.Pdf(4));

        Assert.Equal(4, CallsOf("pdftoppm"));
        Assert.Equal(["001.png", "002.png", "003.png", "004.png"], pictures);
    }

    [Fact]
    public async Task Words_that_were_read_off_pictures_are_not_read_again()
    {
        Assert.SkipUnless(ReadPaper.CanRead, ReadPaper.WhyNot);
        Assert.SkipUnless(new Toolbox().Find(ExternalTool.Tesseract) is not null, "tesseract-ocr is not installed, so no picture is read.");
        var scan = new SmallPdf();
        for (var page = 1; page <= 3; page++)
            scan.Picture(await ReadPaper.PictureAsync(WrongTotal.Pdf(3), TestContext.Current.CancellationToken, page));

        await TwoAttemptsAsync("tesseract", scan.ToBytes());

        Assert.Equal(3, CallsOf("tesseract"));
    }

    [Fact]
    public async Task Pictures_past_the_bound_are_drawn_again_and_not_kept()
    {
        var run = new ExamRun(_folder.Path, [], null, _kept);
        var steps = new PageSteps(run, "paper");
        foreach (var (number, bytes) in new[] { (1, PageSteps.PictureBytesMax), (2, PageSteps.PictureBytesMax + 1) })
        {
            var path = Path.Combine(_folder.Path, $"{number}.png");
            await File.WriteAllBytesAsync(path, new byte[bytes], TestContext.Current.CancellationToken);
            await steps.KeepPictureAsync(new(number, path, ".png", 110), 110, TestContext.Current.CancellationToken);
        }

        var again = new PageSteps(run, "paper");
        Assert.NotNull(await again.PictureAsync(1, 110, _folder.Path, TestContext.Current.CancellationToken));
        Assert.Null(await again.PictureAsync(2, 110, _folder.Path, TestContext.Current.CancellationToken));
        Assert.Null(await again.PictureAsync(1, 200, _folder.Path, TestContext.Current.CancellationToken));
        Assert.Null(await new PageSteps(run, "scheme").PictureAsync(1, 110, _folder.Path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task All_pictures_of_an_attempt_have_a_bound()
    {
        var steps = new PageSteps(new ExamRun(_folder.Path, [], null, _kept), "paper");
        var path = Path.Combine(_folder.Path, "one.png");
        await File.WriteAllBytesAsync(path, new byte[PageSteps.PictureBytesMax], TestContext.Current.CancellationToken);
        for (var number = 1; number <= 40; number++)
            await steps.KeepPictureAsync(new(number, path, ".png", 110), 110, TestContext.Current.CancellationToken);

        Assert.InRange(_kept.Values.Sum(content => content.Length), PageSteps.PicturesBytesMax / 2, PageSteps.PicturesBytesMax);
    }

    /// <summary>The first attempt is lost when its second page is done; the pictures in the result of the second.</summary>
    async Task<IReadOnlyList<string>> TwoAttemptsAsync(string counted, byte[] paper)
    {
        using var lost = new CancellationTokenSource();
        var first = new ExamRun(_folder.Path, paper, null, _kept)
        {
            AtReport = told =>
            {
                if (told is { Step: ExamProcessor.AnalysisStep, Done: 2 })
                    lost.Cancel();
            },
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Processor(null, Counted(counted)).RunAsync(first, lost.Token));
        Assert.Equal(2, CallsOf(counted));
        var second = new ExamRun(_folder.Path, paper, null, _kept);
        var outcome = await Processor(null, Counted(counted)).RunAsync(second, TestContext.Current.CancellationToken);
        var result = Assert.IsType<JobOutcome.Done>(outcome).Files.Single(file => file.Role == FileRole.Result).Path!;
        using var zip = System.IO.Compression.ZipFile.OpenRead(result);
        return [.. zip.Entries.Where(entry => entry.FullName.StartsWith("pages/", StringComparison.Ordinal)).Select(entry => entry.Name)];
    }

    /// <summary>The tool behind a script that notes each call of it.</summary>
    Dictionary<string, string> Counted(string tool)
    {
        var script = Path.Combine(_folder.Path, tool);
        var real = new Toolbox().Find(tool == "pdftoppm" ? ExternalTool.PdfToPpm : ExternalTool.Tesseract)![0];
        File.WriteAllText(script, $"#!/bin/sh\necho x >> '{script}.calls'\nexec '{real}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new() { [tool] = script };
    }

    int CallsOf(string tool) => File.ReadAllLines(Path.Combine(_folder.Path, tool) + ".calls").Length;

    static ExamProcessor Processor(ModelStub? stub, IReadOnlyDictionary<string, string>? tools = null, string model = "stand-in")
    {
        var runner = new ToolRunner(new Toolbox(tools), TimeProvider.System);
        var pdf = new PdfReader(runner, PdfLimits.Default);
        var reader = stub is null ? null : new ModelReader(new ModelClient(
            new HttpClient(), new ModelOptions { Endpoint = stub.Endpoint, Model = model, WindowPages = 2 }, TimeProvider.System));
        return new(new PageSource(pdf, new PageRecogniser(runner, pdf, PdfLimits.Default)), reader, TimeProvider.System);
    }

    static string Shown(ModelStub stub, int asked) => (string)stub.Asked.ElementAt(asked)["messages"]![1]!["content"]!;
}
