using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Client.Wire;
using NextUp.Processors.Documents.Processing;
using NextUp.Processors.Documents.Results;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Documents;

/// <summary>
/// A further job over a document: from its upload where that is still kept, else from its chunks, of which only the vectors
/// are made anew. It is a submission like any other and waits its turn.
/// </summary>
sealed class Reprocessing(
    IJobStore jobs, IFileStore files, IDocumentStore documents, Settling settling, SubmitEndpoint submit, OfferedKind kind)
{
    const string ContentType = "application/octet-stream";

    /// <summary>Null where it was submitted.</summary>
    public async Task<Problem?> SubmitAsync(Caller caller, DocumentRecord stored, CancellationToken cancellationToken)
    {
        var (document, job) = await settling.LookAsync(stored);
        if (document.State == DocumentState.Open || job is not null)
            return Problems.DocumentBusy(document.Id.ToString());
        var upload = await OriginalAsync(document, cancellationToken)
            ?? (document.Version is null ? null : await ChunksAsync(document, cancellationToken));
        return upload is null ? Problems.OriginalGone() : (await submit.OutcomeAsync(caller, upload, key: null)).Problem;
    }

    /// <summary>Only the vectors anew: for a change of the model.</summary>
    public async Task<Problem?> EmbedAsync(Caller caller, DocumentRecord document, CancellationToken cancellationToken) =>
        (await submit.OutcomeAsync(caller, await ChunksAsync(document, cancellationToken), key: null)).Problem;

    async Task<Upload.Fit?> OriginalAsync(DocumentRecord document, CancellationToken cancellationToken)
    {
        // The newest job may have been one over chunks, whose upload is not the document's.
        if (await jobs.FindAsync(document.User, document.Job) is not { } job
            || DocumentWish.Read(job.Options) is not { IsOverChunks: false }
            || await jobs.FindFileAsync(job.Sequence, FileRole.Original) is not { } original)
            return null;
        await using var content = files.Open(original);
        return await StageAsync(document, content, options: null, cancellationToken);
    }

    async Task<Upload.Fit> ChunksAsync(DocumentRecord document, CancellationToken cancellationToken)
    {
        var path = Path.GetTempFileName();
        await using var content = new FileStream(
            path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        await ExportedChunks.WriteAsync(documents, document, withVectors: false, content, cancellationToken);
        content.Position = 0;
        return await StageAsync(document, content, DocumentWish.OverChunks, cancellationToken);
    }

    async Task<Upload.Fit> StageAsync(
        DocumentRecord document, Stream content, string? options, CancellationToken cancellationToken)
    {
        var staged = await files.StageAsync(
            FileRole.Original, document.Name, ContentType, content, long.MaxValue, cancellationToken);
        return new(document.Name, kind, staged, null, options) { Subject = document.Id.Value };
    }
}
