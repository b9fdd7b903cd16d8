using NextUp.Actors.Store;
using NextUp.Client.Tables;
using NextUp.Client.Wire;
using NextUp.Processors.Tables.Importing;
using NextUp.Processors.Tables.Reading;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Tables;

/// <summary>
/// <c>POST /api/v1/tables/preview</c>: how a file would be read, where its columns go, and what is wrong with its first rows.
/// It makes no job and keeps nothing.
/// </summary>
sealed class TablePreviewEndpoint(
    IRecordStore store, IWorkbookReader workbooks, UploadReader uploads, IFileStore files, Callers callers, string workFolder)
{
    /// <summary>Previews at once; each may hold a workbook open in a process of its own.</summary>
    const int AtOnceMax = 2;

    static readonly UploadForm Form = UploadForm.Single with { Kind = TablesProcessor.TablesKind };

    static readonly SemaphoreSlim s_free = new(AtOnceMax);

    public void Map(IEndpointRouteBuilder map) =>
        map.MapPost("/api/v1/tables/preview", callers.Guard(PreviewAsync, Audience.Caller, Scope.Submit))
            .Describe("Tables", "See how a table would be read and mapped, without importing it", Audience.Caller)
            .TakesForm(("options", "As for an import of the kind tables."), ("file", "One file."))
            .Answers<TablePreview>(200).Refuses(400, 401, 403, 413, 415, 422);

    async Task PreviewAsync(HttpContext context, Caller caller)
    {
        switch (await uploads.ReadAsync(context, Form))
        {
            case UploadAnswer.Refused refused:
                await Problems.WriteAsync(context, refused.Problem);
                return;
            case UploadAnswer.Whole { Files: [Upload.Refused refused] }:
                await Problems.WriteAsync(context, refused.Problem);
                return;
            case var whole:
                var all = ((UploadAnswer.Whole)whole).Files;
                await s_free.WaitAsync(context.RequestAborted);
                try
                {
                    var (preview, problem) = await OfAsync(caller, (Upload.Fit)all[0], context.RequestAborted);
                    await (preview is not null
                        ? Answers.JsonAsync(context, 200, preview, TablesJson.Wire.TablePreview)
                        : Problems.WriteAsync(context, problem!));
                }
                finally
                {
                    s_free.Release();
                    uploads.Discard(all);
                }

                return;
        }
    }

    async Task<(TablePreview? Preview, Problem? Problem)> OfAsync(
        Caller caller, Upload.Fit upload, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(workFolder, $"preview-{Guid.NewGuid():N}");
        try
        {
            await using var content = files.Open(upload.File);
            var answer = await ImportPreview.OfAsync(
                store, workbooks, caller.User, upload.FileName, content, upload.Options,
                () => Directory.CreateDirectory(folder).FullName, cancellationToken);
            return answer switch
            {
                PreviewReading.Seen seen => (ViewOf(upload.FileName, seen), null),
                _ => (null, Problems.UnfitUpload(((PreviewReading.Unfit)answer).Reason)),
            };
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    static TablePreview ViewOf(string fileName, PreviewReading.Seen seen) => new(
        fileName, seen.Encoding, seen.Separator, seen.Sheet, seen.Sheets, seen.HeaderRow, seen.Header, seen.Table, seen.Profile,
        [.. seen.Columns.Select(column => new PreviewColumn(column.Header, column.Why, column.Likeness, RuleOf(column.RuleJson)))],
        seen.Ignored,
        [.. seen.Rows.Select(row => new PreviewRow(row.Row, row.Line, row.Cells, [.. row.Errors.Select(ImportEndpoints.ViewOf)]))],
        seen.Looked, seen.IsWhole, seen.Wrong, [.. seen.Errors.Select(ImportEndpoints.ViewOf)]);

    static TableColumn RuleOf(string json) =>
        System.Text.Json.JsonSerializer.Deserialize($$"""{"name":"","columns":[{{json}}]}""", TablesJson.Wire.ProfileWish)!.Columns[0];
}
