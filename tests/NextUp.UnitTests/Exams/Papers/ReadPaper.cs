using System.IO.Compression;
using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Processors.Exams;
using NextUp.Processors.Exams.Containers;
using NextUp.Processors.Exams.Pages;
using NextUp.Processors.Exams.Questions;
using NextUp.Processors.Pdf;
using NextUp.Processors.Tools;
using NextUp.UnitTests.Server;

namespace NextUp.UnitTests.Exams.Papers;

/// <summary>Reads generated papers as the processor does, and holds them against what they are known to hold.</summary>
static class ReadPaper
{
    /// <summary>Whether this machine has poppler.</summary>
    public static bool CanRead => new Toolbox().Find(ExternalTool.PdfToText) is not null;

    public const string WhyNot = "poppler-utils is not installed, so no PDF is read.";

    public static PdfReader Reader() => new(new ToolRunner(new Toolbox(), TimeProvider.System), PdfLimits.Default);

    public static async Task<IReadOnlyList<PdfPage>> PagesAsync(byte[] pdf, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        using var tools = new ToolFolder(folder.Path);
        var path = Path.Combine(folder.Path, "paper.pdf");
        await File.WriteAllBytesAsync(path, pdf, cancellationToken);
        var facts = Assert.IsType<ToolAnswer<PdfFacts>.Given>(await Reader().FactsAsync(path, tools, cancellationToken)).Value;
        var words = await Reader().WordsAsync(path, facts, tools, null, cancellationToken);
        return Assert.IsType<ToolAnswer<IReadOnlyList<PdfPage>>.Given>(words).Value;
    }

    public static async Task<ExamPaper> PaperAsync(byte[] pdf, CancellationToken cancellationToken) =>
        PaperReader.Read(PaperText.Of(await PagesAsync(pdf, cancellationToken)));

    /// <summary>The processor as the server makes it, without a model.</summary>
    public static ExamProcessor Processor(IReadOnlyDictionary<string, string>? tools = null)
    {
        var runner = new ToolRunner(new Toolbox(tools), TimeProvider.System);
        var pdf = new PdfReader(runner, PdfLimits.Default);
        return new(new PageSource(pdf, new PageRecogniser(runner, pdf, PdfLimits.Default)), null, TimeProvider.System);
    }

    /// <summary>The paper in a result.</summary>
    public static ExamPaper Of(JobOutcome outcome)
    {
        Assert.True(outcome is JobOutcome.Done, $"{outcome}");
        using var zip = ZipFile.OpenRead(((JobOutcome.Done)outcome).Files.Single(file => file.Role == FileRole.Result).Path!);
        using var entry = zip.GetEntry(ResultPackage.PaperName)!.Open();
        return JsonSerializer.Deserialize(entry, ExamJson.Wire.ExamPaper)!;
    }

    /// <summary>Parts as one upload.</summary>
    public static async Task<byte[]> PackedAsync(params (PaperRole Role, string Extension, byte[] Content)[] parts)
    {
        using var target = new MemoryStream();
        await PaperContainer.WriteAsync(
            target, [.. parts.Select(part => (part.Role, part.Extension, (Stream)new MemoryStream(part.Content)))],
            TestContext.Current.CancellationToken);
        return target.ToArray();
    }

    /// <summary>The picture of a page, as a scanner would make it.</summary>
    public static async Task<byte[]> PictureAsync(byte[] pdf, CancellationToken cancellationToken, int number = 1)
    {
        using var folder = new TemporaryFolder();
        using var tools = new ToolFolder(folder.Path);
        var path = Path.Combine(folder.Path, "page.pdf");
        await File.WriteAllBytesAsync(path, pdf, cancellationToken);
        var drawn = await Reader().PictureAsync(
            path, new PdfPage(number, 595, 842, []), 200, PictureColours.Grey, tools, cancellationToken);
        return await File.ReadAllBytesAsync(Assert.IsType<ToolAnswer<PdfPicture>.Given>(drawn).Value.Path, cancellationToken);
    }

    /// <summary>What was read otherwise than it is; none where all of it is right.</summary>
    public static IEnumerable<string> Faults(ExamPaper paper, PaperTruth truth)
    {
        if (truth.PrintsTotal && paper.TotalMarksStated != truth.Total)
            yield return $"total stated {paper.TotalMarksStated}, is {truth.Total}";
        if (paper.TotalMarksFound != truth.Total)
            yield return $"total found {paper.TotalMarksFound}, is {truth.Total}";
        if (paper.Code != truth.Code)
            yield return $"code {paper.Code}, is {truth.Code}";
        if (paper.HasInsert != truth.HasInsert)
            yield return $"insert {paper.HasInsert}, is {truth.HasInsert}";
        var read = paper.Questions.Select(question => $"{question.Section}{question.Number}").ToList();
        var known = truth.Questions.Select(question => $"{question.Section}{question.Number}").ToList();
        if (!read.SequenceEqual(known))
        {
            yield return $"questions {string.Join(' ', read)}, are {string.Join(' ', known)}";
            yield break;
        }

        foreach (var (question, real) in paper.Questions.Zip(truth.Questions))
        {
            if (question.Marks != real.Marks)
                yield return $"{question.Key}: marks {question.Marks}, are {real.Marks}";
            if (Shape(question.Parts) is var shape && Shape(real.Parts) is var truly && shape != truly)
                yield return $"{question.Key}: parts {shape}, are {truly}";
            var options = string.Join('|', question.Options.Select(option => option.Text));
            if (options != string.Join('|', real.Options))
                yield return $"{question.Key}: options {options}, are {string.Join('|', real.Options)}";
            if (!Whole(question).Contains(real.Mark, StringComparison.Ordinal))
                yield return $"{question.Key}: its text is another's: {question.Text}";
        }

        foreach (var check in paper.Checks.Where(check => !check.Ok))
            yield return $"check {check.Code}: {check.Detail}";
    }

    static string Whole(ExamQuestion question) =>
        question.Text + string.Concat(question.Parts.Select(part => part.Text + string.Concat(part.Parts.Select(inner => inner.Text))));

    static string Shape(IReadOnlyList<QuestionPart> parts) => string.Join(
        ' ', parts.Select(part => $"{part.Label}{(part.Parts.Count > 0 ? $"({Shape(part.Parts)})" : part.Marks)}"));

    static string Shape(IReadOnlyList<PartTruth> parts) => string.Join(
        ' ', parts.Select(part => $"{part.Label}{(part.Parts.Count > 0 ? $"({Shape(part.Parts)})" : part.Marks)}"));
}
