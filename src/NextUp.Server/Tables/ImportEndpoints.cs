using System.Diagnostics;
using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Client.Tables;
using NextUp.Processors.Tables.Importing;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Tables;

/// <summary><c>/api/v1/tables/imports</c>: the caller's imports, what was wrong with their rows, and taking one back.</summary>
sealed class ImportEndpoints(IRecordStore store, TableLookup lookup, Callers callers, Action purge, TimeProvider clock)
{
    public const int PageDefault = 50;

    public const int PageMax = 200;

    /// <summary>Rejected rows whose errors are on a page.</summary>
    const int ErrorRowsPage = 200;

    const int RejectedPage = 1_000;

    const string Tag = "Tables";

    public void Map(IEndpointRouteBuilder map)
    {
        const string One = "/api/v1/tables/imports/{id}";
        map.MapGet("/api/v1/tables/imports", callers.Guard(ListAsync))
            .Describe(Tag, "Your imports, newest first", Audience.Caller)
            .Takes(new EndpointDocs.QueryParameter("table", "Only those into this table.", IsNumber: false))
            .Takes(new EndpointDocs.QueryParameter("limit", "Imports on the page, 1 to 200; 50 where it is left out.", IsNumber: true))
            .Takes(new EndpointDocs.QueryParameter("after", "The \"next\" of the page before.", IsNumber: false))
            .Answers<ImportPage>(200).Refuses(400, 401);
        map.MapGet(One, callers.Guard(GetAsync, Audience.JobOwner))
            .Describe(Tag, "An import: its state and counts", Audience.JobOwner)
            .Answers<ImportView>(200).Refuses(401, 404);
        map.MapPost(One + "/undo", callers.Guard(UndoAsync, Audience.JobOwner, Scope.Cancel))
            .Describe(Tag, "Take an import back; what its rows took the place of is back", Audience.JobOwner)
            .Answers<ImportView>(200).Refuses(401, 403, 404, 409, 503);
        map.MapGet(One + "/errors", callers.Guard(ErrorsAsync, Audience.JobOwner))
            .Describe(Tag, "What was wrong, row by row", Audience.JobOwner)
            .Takes(new EndpointDocs.QueryParameter("after", "The \"next\" of the page before.", IsNumber: true))
            .Answers<RowErrorPage>(200).Refuses(400, 401, 404);
        map.MapGet(One + "/rejected", callers.Guard(RejectedAsync, Audience.JobOwner))
            .Describe(Tag, "The rejected rows as they were, each with its reason, as CSV", Audience.JobOwner)
            .AnswersFile().Refuses(401, 404);
    }

    async Task ListAsync(HttpContext context, Caller caller)
    {
        var query = context.Request.Query;
        if (JobEndpoints.ReadNumber(query["limit"], PageDefault, 1, PageMax) is not { } limit)
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest($"limit is a whole number from 1 to {PageMax}."));
            return;
        }

        ImportNumber? before = null;
        if (query["after"].ToString() is { Length: > 0 } after)
        {
            var last = JobId.TryParse(after, null, out var id) ? await store.FindImportAsync(caller.User, id) : null;
            if (last is null)
            {
                await Problems.WriteAsync(context, Problems.InvalidRequest(
                    "after is not the \"next\" of a page of your imports. Leave it out to begin with the newest."));
                return;
            }

            before = last.Number;
        }

        var table = query["table"].ToString() is { Length: > 0 } named ? named : null;
        var found = await store.ImportsAsync(caller.User, table, before, (int)limit);
        var page = new ImportPage(
            [.. found.Select(TableLookup.ViewOf)], found.Count == limit ? found[^1].Job.ToString() : null);
        await Answers.JsonAsync(context, 200, page, TablesJson.Wire.ImportPage);
    }

    async Task GetAsync(HttpContext context, Caller caller)
    {
        if (await lookup.FindAsync(context, caller) is { } import)
            await Answers.JsonAsync(context, 200, TableLookup.ViewOf(import), TablesJson.Wire.ImportView);
    }

    async Task UndoAsync(HttpContext context, Caller caller)
    {
        if (await lookup.FindAsync(context, caller) is not { } import)
            return;

        switch (await store.UndoAsync(caller.User, import.Job, clock.GetUtcNow()))
        {
            case UndoAnswer.Undone:
                purge();
                var now = await store.FindImportAsync(caller.User, import.Job) ?? import;
                await Answers.JsonAsync(context, 200, TableLookup.ViewOf(now), TablesJson.Wire.ImportView);
                return;
            case UndoAnswer.NotFound:
                await Problems.WriteAsync(context, Problems.ImportNotFound(import.Job.ToString()));
                return;
            case UndoAnswer.NotStored notStored:
                await Problems.WriteAsync(context, Problems.ImportNotStored(TableLookup.StateOf(notStored.State)));
                return;
            case UndoAnswer.TableBusy:
                await Problems.WriteAsync(context, Problems.TableBusy());
                return;
            case var unknown:
                throw new UnreachableException($"{unknown}");
        }
    }

    async Task ErrorsAsync(HttpContext context, Caller caller)
    {
        if (await lookup.FindAsync(context, caller) is not { } import)
            return;
        if (JobEndpoints.ReadNumber(context.Request.Query["after"], 0, 0, long.MaxValue) is not { } after)
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest("after is a whole number from 0."));
            return;
        }

        var rows = await store.RejectedAsync(caller.User, import.Job, after, ErrorRowsPage);
        var page = new RowErrorPage(
            [.. rows.SelectMany(RejectedFile.ErrorsOf).Select(ViewOf)], rows.Count == ErrorRowsPage ? rows[^1].Row : null);
        await Answers.JsonAsync(context, 200, page, TablesJson.Wire.RowErrorPage);
    }

    public static RowErrorView ViewOf(RowError error) =>
        new(error.Row, error.Line, error.Column, error.Code, error.Expected, error.Found, error.Hint);

    async Task RejectedAsync(HttpContext context, Caller caller)
    {
        if (await lookup.FindAsync(context, caller) is not { } import)
            return;

        var header = JsonSerializer.Deserialize<List<string>>(import.Header) ?? [];
        var response = context.Response;
        response.ContentType = SafeCsv.ContentType;
        response.Headers.ContentDisposition = FileNames.Attachment(
            Path.GetFileNameWithoutExtension(import.FileName) + "-rejected.csv");
        if (HttpMethods.IsHead(context.Request.Method))
            return;

        await using var body = new StreamWriter(response.Body, new System.Text.UTF8Encoding(false), leaveOpen: true);
        await RejectedFile.WriteAsync(
            body, header, after => store.RejectedAsync(caller.User, import.Job, after, RejectedPage), context.RequestAborted);
    }
}
