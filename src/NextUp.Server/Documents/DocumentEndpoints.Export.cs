using NextUp.Actors.Documents;
using NextUp.Processors.Documents.Results;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Documents;

/// <summary>A document's chunks as a file.</summary>
sealed partial class DocumentEndpoints
{
    async Task ExportAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is not { } document)
            return;
        var asked = context.Request.Query["vectors"].ToString();
        if (asked is not ("" or "true" or "false"))
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest("vectors is true or false."));
            return;
        }

        if (document.Version is null)
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest(
                "The document has no chunks yet. GET it to see what keeps it."));
            return;
        }

        var name = Path.GetFileNameWithoutExtension(document.Name) + "-chunks.jsonl";
        context.Response.Headers.ContentDisposition = FileNames.Attachment(name);
        context.Response.ContentType = ChunkFile.ContentType;
        await using var output = context.Response.BodyWriter.AsStream(leaveOpen: true);
        await ExportedChunks.WriteAsync(documents, document, withVectors: asked == "true", output, context.RequestAborted);
    }
}
