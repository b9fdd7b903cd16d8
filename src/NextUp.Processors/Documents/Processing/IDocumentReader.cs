using NextUp.Processors.Documents.Extraction;

namespace NextUp.Processors.Documents.Processing;

/// <summary>Reads files: the real one runs other programs over them; tests have one of their own.</summary>
public interface IDocumentReader
{
    /// <summary>Looks at the beginning of an upload: why it cannot be read, a sentence for its owner, or null.</summary>
    ValueTask<string?> RefusalAsync(string fileName, Stream content, CancellationToken cancellationToken);

    /// <param name="file">The upload, in a folder that is the attempt's own.</param>
    Task<DocumentReading> ReadAsync(
        string file, string fileName, Action<ReadingProgress> progress, CancellationToken cancellationToken);
}
