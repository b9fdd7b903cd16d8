using NextUp.Actors.Documents;
using NextUp.Actors.Store;
using NextUp.Processors.Documents.Results;

namespace NextUp.Server.Documents;

/// <summary>Writes a document's visible version as a file of chunks, a page at a time.</summary>
static class ExportedChunks
{
    const int PageSize = 200;

    public static async Task WriteAsync(
        IDocumentStore documents, DocumentRecord document, bool withVectors, Stream output, CancellationToken cancellationToken)
    {
        var version = document.Version ?? throw new InvalidOperationException("A document without a version has no chunks.");
        VersionKey key = new(document.Sequence, version.Number);
        using var page = new MemoryStream();
        ChunkFile.Write(page, new ChunkFileHeader(
            ChunkFile.Format, document.Name, version.Chunks, version.Pages, version.Language, version.Space.Model,
            version.Space.Dimension, version.Warnings));
        for (var from = 0; ;)
        {
            var chunks = await documents.EmbeddedAsync(document.User, key, from, PageSize);
            foreach (var (chunk, vector) in chunks)
                ChunkFile.Write(page, ChunkLine.Of(chunk, withVectors ? vector : null));
            await output.WriteAsync(page.GetBuffer().AsMemory(0, (int)page.Length), cancellationToken);
            page.SetLength(0);
            from += chunks.Count;
            if (chunks.Count < PageSize)
                return;
        }
    }
}
