using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Client.Wire;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;

namespace NextUp.Server.Documents;

/// <summary>
/// Gives each upload its document before it is submitted, so that it can be asked for from the first moment on. If we die
/// in between, the next start finds a document whose job there is none of, and dismisses it.
/// </summary>
sealed class DocumentAdmission(IDocumentStore documents, Settling settling, Func<DocumentQuota> quota, TimeProvider clock)
    : IAdmission
{
    public async ValueTask<Problem?> AdmitAsync(UserId user, JobId job, Upload.Fit upload)
    {
        if (upload.Subject is { } subject)
        {
            return await documents.AssignAsync(user, new(subject), job) ? null
                : Problems.DocumentBusy(subject.ToString("D"));
        }

        var counts = await documents.CountsAsync(user);
        var most = quota();
        if (counts.Documents >= most.DocumentsMax)
            return Problems.TooManyDocuments($"{most.DocumentsMax:N0} documents (documents.documentsPerUserMax)");
        if (counts.Chunks >= most.ChunksMax)
            return Problems.TooManyDocuments($"{most.ChunksMax:N0} chunks (documents.chunksPerUserMax)");

        var document = new NewDocument(
            new(job.Value), user, upload.FileName, upload.File.Size, upload.File.Sha256, ContentTypes.Of(upload.FileName), job,
            clock.GetUtcNow());
        if (await documents.AnnounceAsync(document) is not AnnounceAnswer.Duplicate { Document: var same })
            return null;

        // It may be open only because nobody looked since its job was cancelled.
        (same, _) = await settling.LookAsync(same);
        var isThere = same.State == DocumentState.Open || same.Version is not null
            || await documents.AnnounceAsync(document) is AnnounceAnswer.Duplicate;
        return isThere ? Problems.DuplicateDocument(upload.FileName, same) : null;
    }

    public async ValueTask DismissAsync(JobId job) => await documents.DismissAsync(job);
}

/// <summary>What one user may have.</summary>
readonly record struct DocumentQuota(int DocumentsMax, int ChunksMax);
