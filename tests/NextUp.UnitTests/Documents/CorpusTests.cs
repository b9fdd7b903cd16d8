using System.Diagnostics;
using NextUp.Processors.Documents.Extraction;
using NextUp.Processors.Tools;

namespace NextUp.UnitTests.Documents;

/// <summary>Every file of the corpora is read, or refused with a sentence; none hangs, none gets far.</summary>
public sealed class CorpusTests : IDisposable
{
    static readonly string? Corpora = FindCorpora();

    /// <summary>On a loaded machine; most take less than one.</summary>
    static readonly TimeSpan FileDurationMax = TimeSpan.FromSeconds(60);

    readonly string workspace = Directory.CreateTempSubdirectory("nextup-corpus-").FullName;

    public void Dispose() => Directory.Delete(workspace, recursive: true);

    [Theory]
    [InlineData("pdf", 50)]
    [InlineData("docx", 16)]
    [InlineData("excel", 251)]
    public async Task Every_file_is_read_or_refused_with_a_sentence(string folder, int readMin)
    {
        Assert.SkipUnless(Corpora is not null, "There is no ../shared/corpora beside the project.");
        var extractor = new DocumentExtractor(new ToolRunner(new Toolbox(), TimeProvider.System), DocumentLimits.Default);
        var output = TestContext.Current.TestOutputHelper!;
        var (read, pages, spent) = (0, 0, TimeSpan.Zero);
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Corpora, folder), "*", SearchOption.AllDirectories).Order())
        {
            var since = Stopwatch.GetTimestamp();
            var reading = await extractor.ExtractAsync(
                path, Path.GetFileName(path), workspace, null, TestContext.Current.CancellationToken);
            var took = Stopwatch.GetElapsedTime(since);
            output.WriteLine($"{took.TotalSeconds:0.00} s {Path.GetRelativePath(Corpora, path)}: {Told(reading)}");

            spent += took;
            if (reading is DocumentReading.Extracted { Text: var text })
                (read, pages) = (read + 1, pages + text.Pages.Count);
            Assert.True(took < FileDurationMax, $"{path} took {took}");
            Assert.False(reading is DocumentReading.ToolFailed, $"{path}: {Told(reading)}");
            Assert.Empty(Directory.EnumerateFileSystemEntries(workspace));
        }

        output.WriteLine($"{folder}: {read} files read, {pages} pages in {spent.TotalSeconds:0.0} s");
        Assert.True(read >= readMin, $"Only {read} files were read.");
    }

    static string Told(DocumentReading reading) => reading switch
    {
        DocumentReading.Extracted { Text: var text } =>
            $"{text.Format}, {text.Pages.Count} pages, {text.Blocks.Count()} blocks, {text.Text.Length} chars "
            + string.Join(' ', text.Warnings),
        DocumentReading.Refused refused => "REFUSED " + refused.Reason,
        DocumentReading.ToolFailed failed => "FAILED " + failed.Reason,
        _ => throw new UnreachableException(),
    };

    static string? FindCorpora()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Actors.sln")))
                return Path.Combine(folder.FullName, "../shared/corpora") is var found && Directory.Exists(found)
                    ? Path.GetFullPath(found) : null;
        }

        return null;
    }
}
