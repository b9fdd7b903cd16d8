using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Client.Documents;
using NextUp.Client.Wire;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Documents;

/// <summary>
/// <c>/api/v1/documents</c>: what a user has, what is in it, and searching it. Documents come by <c>POST /api/v1/jobs</c>
/// with the kind <c>documents</c>. Someone else's document is none.
/// </summary>
sealed partial class DocumentEndpoints(
    IDocumentStore documents, DocumentViews views, DocumentSearch search, Reprocessing again, Erasure erasure, Submitter submitter,
    ListCursor cursors, Callers callers, Func<DocumentQuota> quota)
{
    const string Tag = "Documents";
    const string Prefix = "/api/v1/documents";

    const int PageDefault = 50, PageMax = 200;

    /// <summary>Chunks in an answer.</summary>
    const int ChunksDefault = 100, ChunksMax = 500;

    const int HitsDefault = 10;

    public void Map(IEndpointRouteBuilder map)
    {
        map.MapGet(Prefix, callers.Guard(ListAsync))
            .Describe(Tag, "Your documents, newest first", Audience.Caller)
            .Takes(Number("limit", $"Documents on the page, 1 to {PageMax}; {PageDefault} where it is left out."))
            .Takes(Text("after", "The \"next\" of the page before."))
            .Answers<DocumentPage>(200).Refuses(400, 401);
        map.MapGet(Prefix + "/search", callers.Guard(SearchAsync))
            .Describe(Tag, "Search your documents by words and by meaning", Audience.Caller)
            .Takes(Text("q", $"What is looked for, at most {DocumentSearch.QueryLengthMax} characters."))
            .Takes(Number("limit", $"Hits, 1 to {DocumentSearch.HitsMax}; {HitsDefault} where it is left out."))
            .Answers<SearchView>(200).Refuses(400, 401);
        map.MapGet(Prefix + "/{id}", callers.Guard(GetAsync))
            .Describe(Tag, "A document", Audience.DocumentOwner).Answers<DocumentView>(200).Refuses(401, 404);
        map.MapGet(Prefix + "/{id}/chunks", callers.Guard(ChunksAsync))
            .Describe(Tag, "The text of a document, chunk by chunk", Audience.DocumentOwner)
            .Takes(Number("from", "The first chunk's number, from 0."))
            .Takes(Number("limit", $"Chunks in the answer, 1 to {ChunksMax}."))
            .Answers<ChunkPage>(200).Refuses(400, 401, 404);
        map.MapGet(Prefix + "/{id}/export", callers.Guard(ExportAsync))
            .Describe(Tag, "The chunks of a document as JSON lines", Audience.DocumentOwner)
            .Takes(Text("vectors", "true adds each chunk's vector."))
            .AnswersFile().Refuses(400, 401, 404);
        map.MapPost(Prefix + "/{id}/reprocess", callers.Guard(ReprocessAsync, Audience.DocumentOwner, Scope.Submit))
            .Describe(Tag, "Have a document worked on anew", Audience.DocumentOwner)
            .Answers<DocumentView>(202).Refuses(401, 403, 404, 409, 413, 422, 429, 503);
        map.MapDelete(Prefix + "/{id}", callers.Guard(DeleteAsync, Audience.DocumentOwner, Scope.Submit))
            .Describe(
                Tag, "Delete a document with everything of it, uploads included; a job that works on it is cancelled",
                Audience.DocumentOwner)
            .Refuses(401, 403, 404, 503);
    }

    static EndpointDocs.QueryParameter Number(string name, string description) => new(name, description, IsNumber: true);

    static EndpointDocs.QueryParameter Text(string name, string description) => new(name, description, IsNumber: false);

    async Task ListAsync(HttpContext context, Caller caller)
    {
        var query = context.Request.Query;
        JobSequence before = new(long.MaxValue);
        var after = query["after"].ToString();
        if (JobEndpoints.ReadNumber(query["limit"], PageDefault, 1, PageMax) is not { } limit
            || (after.Length > 0 && !cursors.TryRead(caller.User, after, out before)))
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest(
                $"limit is a whole number from 1 to {PageMax}, after the \"next\" of a page of your documents."));
            return;
        }

        var page = await documents.ListAsync(caller.User, before.Value, (int)limit);
        var next = page.Count == limit ? cursors.Write(caller.User, new(page[^1].Sequence)) : null;
        var (counts, most) = (await documents.CountsAsync(caller.User), quota());
        await Answers.JsonAsync(
            context, 200,
            new DocumentPage(
                await views.OfAsync(page), next,
                new(counts.Documents, most.DocumentsMax, counts.Chunks, most.ChunksMax, counts.Bytes)),
            DocumentJson.Wire.DocumentPage);
    }

    async Task GetAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is { } document)
            await Answers.JsonAsync(context, 200, await views.OfAsync(document), DocumentJson.Wire.DocumentView);
    }

    async Task SearchAsync(HttpContext context, Caller caller)
    {
        var text = context.Request.Query["q"].ToString().Trim();
        if (text.Length is 0 or > DocumentSearch.QueryLengthMax
            || JobEndpoints.ReadNumber(context.Request.Query["limit"], HitsDefault, 1, DocumentSearch.HitsMax) is not { } limit)
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest(
                $"q has 1 to {DocumentSearch.QueryLengthMax} characters, limit is a whole number from 1 to {DocumentSearch.HitsMax}."));
            return;
        }

        var found = await search.SearchAsync(caller.User, text, (int)limit, context.RequestAborted);
        await Answers.JsonAsync(context, 200, found, DocumentJson.Wire.SearchView);
    }

    async Task ChunksAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is not { } document)
            return;
        var query = context.Request.Query;
        if (JobEndpoints.ReadNumber(query["from"], 0, 0, int.MaxValue) is not { } from
            || JobEndpoints.ReadNumber(query["limit"], ChunksDefault, 1, ChunksMax) is not { } limit)
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest(
                $"from is a whole number from 0, limit one from 1 to {ChunksMax}."));
            return;
        }

        var chunks = await documents.ChunksAsync(caller.User, document.Id, (int)from, (int)limit);
        int? next = chunks.Count == limit && chunks[^1].Ordinal + 1 < document.Version!.Chunks ? chunks[^1].Ordinal + 1 : null;
        await Answers.JsonAsync(
            context, 200,
            new ChunkPage(
                [.. chunks.Select(chunk => new ChunkView(
                    chunk.Ordinal, chunk.Text, chunk.PageFrom, chunk.PageTo, chunk.CharFrom, chunk.CharTo, chunk.HeadingPath))],
                next),
            DocumentJson.Wire.ChunkPage);
    }

    async Task ReprocessAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is not { } document)
            return;
        if (await again.SubmitAsync(caller, document, context.RequestAborted) is { } problem)
            await Problems.WriteAsync(context, problem);
        else if (await FindAsync(context, caller) is { } assigned)
            await Answers.JsonAsync(context, 202, await views.OfAsync(assigned), DocumentJson.Wire.DocumentView);
    }

    async Task DeleteAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is not { } document)
            return;
        // Before the job is cancelled: what it still hands in then belongs to no document and is refused.
        await documents.DeleteAsync(caller.User, document.Id);
        Task erased;
        try
        {
            if (await views.OfAsync(document) is { State: JobStateNames.Pending or JobStateNames.Processing })
                await submitter.CancelAsync(caller.User, document.Job);
        }
        finally
        {
            // Also where whoever asked no longer waits.
            erased = erasure.EraseAsync();
        }

        await erased.WaitAsync(context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>The caller's document that the path names. Null means that it is none of theirs, and that this was answered.</summary>
    async ValueTask<DocumentRecord?> FindAsync(HttpContext context, Caller caller)
    {
        var text = JobEndpoints.IdOf(context);
        var document = DocumentId.TryParse(text, null, out var id) ? await documents.FindAsync(caller.User, id) : null;
        if (document is null)
            await Problems.WriteAsync(context, Problems.DocumentNotFound(text));
        return document;
    }
}
