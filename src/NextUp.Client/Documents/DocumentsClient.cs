using System.Globalization;
using NextUp.Client.Downloads;
using NextUp.Client.Wire;

namespace NextUp.Client.Documents;

/// <summary>
/// The caller's documents: what is there, what is in it, and what answers a question. A document is uploaded as a job of the
/// kind <c>documents</c>. Throws as <see cref="NextUpClient"/> does.
/// </summary>
public sealed class DocumentsClient
{
    readonly Exchange _exchange;
    readonly Uri _documents;

    internal DocumentsClient(Exchange exchange, Uri documents) => (_exchange, _documents) = (exchange, documents);

    /// <summary>A page of them, newest first.</summary>
    /// <param name="after">The <see cref="DocumentPage.Next"/> of the page before; null for the first.</param>
    public Task<DocumentPage> ListAsync(int limit = 50, string? after = null, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(
            At($"?limit={limit}" + (after is null ? "" : "&after=" + Uri.EscapeDataString(after))),
            DocumentJson.Wire.DocumentPage, cancellationToken);

    /// <exception cref="NextUpProblemException"><see cref="ProblemCodes.DocumentNotFound"/>.</exception>
    public Task<DocumentView> GetAsync(string id, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(Of(id), DocumentJson.Wire.DocumentView, cancellationToken);

    /// <summary>The text, chunk by chunk, from a chunk on.</summary>
    public Task<ChunkPage> ChunksAsync(
        string id, int from = 0, int limit = 100, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(Of(id, $"/chunks?from={from}&limit={limit}"), DocumentJson.Wire.ChunkPage, cancellationToken);

    /// <summary>What of all documents answers the question best, by words and by meaning.</summary>
    public Task<SearchView> SearchAsync(string question, int limit = 10, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(
            At("/search?q=" + Uri.EscapeDataString(question) + "&limit=" + limit.ToString(CultureInfo.InvariantCulture)),
            DocumentJson.Wire.SearchView, cancellationToken);

    /// <summary>The chunks as JSON lines. Dispose it.</summary>
    public async Task<FileDownload> ExportAsync(
        string id, bool withVectors = false, CancellationToken cancellationToken = default)
    {
        var address = Of(id, withVectors ? "/export?vectors=true" : "/export");
        var response = await _exchange.SendAsync(
            () => _exchange.NewRequest(HttpMethod.Get, address), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return await FileDownload.OfAsync(response, _exchange, cancellationToken);
    }

    /// <summary>Has the document worked on anew; it can be searched as it was until that is done.</summary>
    /// <exception cref="NextUpProblemException"><see cref="ProblemCodes.DocumentBusy"/> while a job of it has not ended.</exception>
    public async Task<DocumentView> ReprocessAsync(string id, CancellationToken cancellationToken = default)
    {
        using var response = await _exchange.SendOnceAsync(
            _exchange.NewRequest(HttpMethod.Post, Of(id, "/reprocess")), HttpCompletionOption.ResponseContentRead,
            cancellationToken);
        return await _exchange.ReadAsync(response, DocumentJson.Wire.DocumentView, cancellationToken);
    }

    /// <summary>Deletes the document with everything of it, uploads included; a job that works on it is cancelled.</summary>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        using var response = await _exchange.SendOnceAsync(
            _exchange.NewRequest(HttpMethod.Delete, Of(id)), HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    Uri At(string rest) => new(_documents.AbsoluteUri + rest);

    Uri Of(string id, string rest = "") => At("/" + Uri.EscapeDataString(id) + rest);
}
