using NextUp.Processors.Documents.Extraction;
using NextUp.Processors.Tools;

namespace NextUp.UnitTests.Documents.Samples;

/// <summary>Reads files that a test has made, with the real tools of this machine.</summary>
sealed class ReadingDesk : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("nextup-documents-").FullName;

    public ReadingDesk(DocumentLimits? limits = null, Toolbox? toolbox = null)
    {
        Limits = limits ?? DocumentLimits.Default;
        Runner = new(toolbox ?? new Toolbox(), TimeProvider.System);
        Extractor = new(Runner, Limits);
        Workspace = Path.Combine(folder, "work");
        Directory.CreateDirectory(Workspace);
    }

    public DocumentLimits Limits { get; }

    public ToolRunner Runner { get; }

    public DocumentExtractor Extractor { get; }

    public string Workspace { get; }

    /// <summary>Tests of PDFs are skipped, and say so, where the machine has no poppler.</summary>
    public static void NeedPoppler() =>
        Assert.SkipWhen(new Toolbox().Find(ExternalTool.PdfToText) is null, "pdftotext is missing: apt-get install poppler-utils");

    public string Save(string name, byte[] content)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public async Task<DocumentReading> ReadAsync(string name, byte[] content, IProgress<ReadingProgress>? progress = null)
    {
        var reading = await Extractor.ExtractAsync(
            Save("upload", content), name, Workspace, progress, TestContext.Current.CancellationToken);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Workspace));
        return reading;
    }

    public async Task<DocumentText> TextOfAsync(string name, byte[] content, IProgress<ReadingProgress>? progress = null) =>
        await ReadAsync(name, content, progress) switch
        {
            DocumentReading.Extracted extracted => extracted.Text,
            var other => throw new Xunit.Sdk.XunitException($"{name}: {other}"),
        };

    public async Task<string> RefusalOfAsync(string name, byte[] content) =>
        Assert.IsType<DocumentReading.Refused>(await ReadAsync(name, content)).Reason;

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
