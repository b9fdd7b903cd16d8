using NextUp.Processors.Documents.Extraction;
using NextUp.Processors.Documents.Processing;

namespace NextUp.Server.Documents;

/// <summary>Reads uploads by the programs that read documents.</summary>
sealed class UploadedText(DocumentExtractor extractor) : IDocumentReader
{
    public ValueTask<string?> RefusalAsync(string fileName, Stream content, CancellationToken cancellationToken)
    {
        content.Position = 0;
        return new(extractor.Check(fileName, content) is DocumentCheck.Unfit unfit ? unfit.Reason : null);
    }

    public Task<DocumentReading> ReadAsync(
        string file, string fileName, Action<ReadingProgress> progress, CancellationToken cancellationToken) =>
        extractor.ExtractAsync(file, fileName, Path.GetDirectoryName(file)!, new Told(progress), cancellationToken);

    /// <summary>Tells at once: the usual one posts to another thread, and an old word could come behind a new one.</summary>
    sealed class Told(Action<ReadingProgress> tell) : IProgress<ReadingProgress>
    {
        public void Report(ReadingProgress value) => tell(value);
    }
}
