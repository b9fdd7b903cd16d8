using System.Text;
using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Actors.Users;
using NextUp.Client.Tables;
using NextUp.Client.Wire;
using NextUp.Processors.Tables.Importing;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Tables;

/// <summary><c>/api/v1/tables</c> and its records: listed by key, filtered, exported, deleted with their table.</summary>
sealed class RecordEndpoints(IRecordStore store, TableLookup lookup, Callers callers)
{
    public const int PageDefault = 100;

    public const int PageMax = 1_000;

    /// <summary>Records that one question looks at; a page may end there while more follow.</summary>
    public const int LookedMax = 20_000;

    const string Tag = "Tables";

    /// <summary>What is asked for.</summary>
    sealed record Question(string Table, JobId? Import, IReadOnlyList<RecordFilter> Filters);

    public void Map(IEndpointRouteBuilder map)
    {
        map.MapGet("/api/v1/tables", callers.Guard(TablesAsync))
            .Describe(Tag, "Your tables", Audience.Caller).Answers<TableList>(200).Refuses(401);
        map.MapDelete("/api/v1/tables/{table}", callers.Guard(DeleteAsync))
            .Describe(Tag, "Delete a table with all its records", Audience.Caller).Refuses(401, 403, 404, 409, 503);
        Describe(map.MapGet("/api/v1/tables/records", callers.Guard(ListAsync)), "Records of a table")
            .Takes(new EndpointDocs.QueryParameter("limit",
                $"Records on the page, 1 to {PageMax}; {PageDefault} where it is left out.", IsNumber: true))
            .Takes(new EndpointDocs.QueryParameter("after", "The \"next\" of the page before.", IsNumber: false))
            .Answers<RecordPage>(200).Refuses(400, 401, 404);
        Describe(map.MapGet("/api/v1/tables/records/export", callers.Guard(ExportAsync)), "All records of a table, as a download")
            .Takes(new EndpointDocs.QueryParameter("format", "csv or jsonl; csv where it is left out.", IsNumber: false))
            .AnswersFile().Refuses(400, 401, 404);
    }

    static EndpointDocs.RouteHandlerOrEndpoint Describe(IEndpointConventionBuilder endpoint, string summary) =>
        endpoint.Describe(Tag, summary, Audience.Caller)
            .Takes(new EndpointDocs.QueryParameter("table", "The table's name.", IsNumber: false))
            .Takes(new EndpointDocs.QueryParameter("import", "Only what this import brought.", IsNumber: false))
            .Takes(new EndpointDocs.QueryParameter("filter",
                "column:op:value; may be given more than once, and all must hold.", IsNumber: false));

    async Task TablesAsync(HttpContext context, Caller caller)
    {
        var tables = new List<TableView>();
        foreach (var table in await store.TablesAsync(caller.User))
        {
            tables.Add(new(
                table.Name, table.Records, table.Imports, table.ChangedAt, await lookup.ColumnsAsync(caller.User, table.Name)));
        }

        await Answers.JsonAsync(context, 200, new TableList(tables), TablesJson.Wire.TableList);
    }

    async Task DeleteAsync(HttpContext context, Caller caller)
    {
        var name = context.Request.RouteValues["table"] as string ?? "";
        switch (await store.DeleteTableAsync(caller.User, name))
        {
            case UndoAnswer.Undone:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            case UndoAnswer.TableBusy:
                await Problems.WriteAsync(context, Problems.TableBusy());
                return;
            default:
                await Problems.WriteAsync(context, Problems.TableNotFound(name));
                return;
        }
    }

    async Task ListAsync(HttpContext context, Caller caller)
    {
        if (JobEndpoints.ReadNumber(context.Request.Query["limit"], PageDefault, 1, PageMax) is not { } limit)
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest($"limit is a whole number from 1 to {PageMax}."));
            return;
        }

        if (await ReadAsync(context, caller) is not { } question)
            return;
        RowPlace? after = null;
        if (context.Request.Query["after"].ToString() is { Length: > 0 } text)
        {
            after = await PlaceAsync(caller.User, text);
            if (after is null)
            {
                await Problems.WriteAsync(context, Problems.InvalidRequest(
                    "after is not the \"next\" of a page of your records. Leave it out to begin with the first."));
                return;
            }
        }

        var (records, next) = await PageAsync(caller.User, question, after, (int)limit);
        var page = new RecordPage([.. records.Select(ViewOf)], next);
        await Answers.JsonAsync(context, 200, page, TablesJson.Wire.RecordPage);
    }

    /// <summary>Looks on until the page is full, or as many records as one question may were looked at.</summary>
    async Task<(List<StoredRecord> Records, string? Next)> PageAsync(
        UserId user, Question question, RowPlace? after, int limit)
    {
        var found = new List<StoredRecord>();
        for (var looked = 0; looked < LookedMax;)
        {
            var size = question.Filters.Count == 0 ? limit - found.Count : PageMax;
            var some = await store.RecordsAsync(user, question.Table, question.Import, after, size);
            foreach (var record in some)
            {
                if (!Holds(question, record))
                    continue;
                found.Add(record);
                if (found.Count == limit)
                    return (found, NextOf(record));
            }

            if (some.Count < size)
                return (found, null);
            looked += some.Count;
            after = some[^1].Place;
            if (looked >= LookedMax)
                return (found, NextOf(some[^1]));
        }

        return (found, null);
    }

    async Task ExportAsync(HttpContext context, Caller caller)
    {
        var format = context.Request.Query["format"].ToString();
        if (format is not ("" or "csv" or "jsonl"))
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest("format is csv or jsonl."));
            return;
        }

        if (await ReadAsync(context, caller) is not { } question)
            return;
        var isCsv = format != "jsonl";
        context.Response.ContentType = isCsv ? SafeCsv.ContentType : "application/x-ndjson";
        context.Response.Headers.ContentDisposition = FileNames.Attachment(
            $"{FileNames.Clean(question.Table)}.{(isCsv ? "csv" : "jsonl")}");
        if (HttpMethods.IsHead(context.Request.Method))
            return;

        var columns = isCsv ? await lookup.ColumnsAsync(caller.User, question.Table) : [];
        var text = new StringBuilder(isCsv ? SafeCsv.ByteOrderMark : "");
        if (isCsv)
            SafeCsv.AppendRow(text, columns);
        RowPlace? after = null;
        while (await store.RecordsAsync(caller.User, question.Table, question.Import, after, PageMax) is { Count: > 0 } some)
        {
            foreach (var record in some.Where(one => Holds(question, one)))
            {
                if (isCsv)
                    AppendCsv(text, columns, record);
                else
                    text.Append(record.Content).Append('\n');
            }

            await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
            text.Clear();
            after = some[^1].Place;
        }

        await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }

    static void AppendCsv(StringBuilder text, IReadOnlyList<string> columns, StoredRecord record)
    {
        using var values = JsonDocument.Parse(record.Content);
        SafeCsv.AppendRow(text, columns.Select(column =>
            !values.RootElement.TryGetProperty(column, out var value) ? ""
            : value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()));
    }

    static bool Holds(Question question, StoredRecord record)
    {
        if (question.Filters.Count == 0)
            return true;
        using var values = JsonDocument.Parse(record.Content);
        return question.Filters.All(filter => filter.Holds(values.RootElement));
    }

    /// <summary>What the query asks for. Null means that it cannot be answered, and that this was said.</summary>
    async ValueTask<Question?> ReadAsync(HttpContext context, Caller caller)
    {
        var query = context.Request.Query;
        var table = query["table"].ToString();
        var tables = await store.TablesAsync(caller.User);
        if (tables.All(one => one.Name != table))
        {
            await Problems.WriteAsync(context, table.Length == 0
                ? Problems.InvalidRequest("table is missing: say whose records; GET /api/v1/tables lists yours.")
                : Problems.TableNotFound(table));
            return null;
        }

        JobId? import = null;
        if (query["import"].ToString() is { Length: > 0 } text)
        {
            if (!JobId.TryParse(text, null, out var id) || await store.FindImportAsync(caller.User, id) is null)
            {
                await Problems.WriteAsync(context, Problems.ImportNotFound(text));
                return null;
            }

            import = id;
        }

        var filters = query["filter"].Select(one => RecordFilter.Parse(one ?? "")).ToList();
        if (filters.Count > RecordFilter.CountMax || filters.Contains(null))
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest(RecordFilter.Rule));
            return null;
        }

        return new Question(table, import, filters!);
    }

    static RecordView ViewOf(StoredRecord record)
    {
        using var values = JsonDocument.Parse(record.Content);
        return new(record.Job.ToString(), record.Place.Row, values.RootElement.Clone());
    }

    /// <summary>The import by its job, since its own number would tell how much everyone imports.</summary>
    static string NextOf(StoredRecord record) => $"{record.Job}:{record.Place.Row}";

    async ValueTask<RowPlace?> PlaceAsync(UserId user, string text)
    {
        var cut = text.IndexOf(':', StringComparison.Ordinal);
        return cut > 0 && JobId.TryParse(text[..cut], null, out var job) && long.TryParse(text[(cut + 1)..], out var row)
            && await store.FindImportAsync(user, job) is { } import ? new RowPlace(import.Number, row) : null;
    }
}
