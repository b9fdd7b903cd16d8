using System.Text.Json;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Processors.Tables.Profiles;
using NextUp.Processors.Tables.Reading;

namespace NextUp.Processors.Tables.Importing;

/// <summary>What a preview shows.</summary>
public abstract record PreviewReading
{
    PreviewReading() { }

    /// <param name="Looked">Rows that were looked at.</param>
    /// <param name="IsWhole">Whether these are all.</param>
    /// <param name="Wrong">Of these, rows with an error.</param>
    public sealed record Seen(
        string? Encoding, string? Separator, string? Sheet, IReadOnlyList<string> Sheets, long HeaderRow,
        IReadOnlyList<string> Header, string Table, string? Profile, IReadOnlyList<SeenColumn> Columns,
        IReadOnlyList<string> Ignored, IReadOnlyList<SeenRow> Rows, long Looked, bool IsWhole, long Wrong,
        IReadOnlyList<RowError> Errors) : PreviewReading;

    /// <param name="Reason">One sentence: what is wrong, and the way out.</param>
    public sealed record Unfit(string Reason) : PreviewReading;
}

/// <param name="RuleJson">The column's rule as JSON.</param>
public sealed record SeenColumn(string? Header, string? Why, double Likeness, string RuleJson);

public sealed record SeenRow(long Row, long Line, IReadOnlyList<string> Cells, IReadOnlyList<RowError> Errors);

/// <summary>Looks at a file's first rows as an import would.</summary>
public static class ImportPreview
{
    /// <summary>Rows that are shown.</summary>
    public const int RowsMax = 20;

    /// <summary>Errors that are shown.</summary>
    public const int ErrorsMax = 100;

    /// <summary>Columns whose cells are shown.</summary>
    public const int ColumnsMax = 200;

    /// <summary>How much of a cell is shown, in characters.</summary>
    const int CellLengthMax = 200;

    public static async Task<PreviewReading> OfAsync(
        IRecordStore store, IWorkbookReader workbooks, UserId user, string fileName, Stream content, string? given,
        Func<string> workspace, CancellationToken cancellationToken)
    {
        var (options, problem) = ImportOptions.Read(given);
        if (options is null)
            return new PreviewReading.Unfit(problem!);
        var wishes = new ReadingWishes(options.Encoding, options.SeparatorCharacter, options.HeaderRow, options.Sheet);
        var opened = await TableFile.OpenAsync(fileName, content, wishes, workbooks, workspace, cancellationToken);
        if (opened is OpenedFile.Refused refused)
            return new PreviewReading.Unfit(refused.Reason);

        using var file = ((OpenedFile.Opened)opened).File;
        var planned = await new ImportPlanner(store).PlanAsync(user, fileName, options, file, wholeFile: false, cancellationToken);
        try
        {
            return planned is PlanAnswer.Refused unfit
                ? new PreviewReading.Unfit(unfit.Reason) : Look(file, ((PlanAnswer.Planned)planned).Plan);
        }
        catch (UnreadableTableException error)
        {
            return new PreviewReading.Unfit(error.Message);
        }
    }

    static PreviewReading.Seen Look(TableFile file, ImportPlan plan)
    {
        using var check = new RowCheck(plan);
        using var source = file.NewSource(plan.Shape);
        var (rows, errors) = (new List<SeenRow>(), new List<RowError>());
        long looked = 0, wrong = 0;
        var isWhole = false;
        while (looked < TableLimits.SampleRowsMax)
        {
            if (!source.Read())
            {
                isWhole = true;
                break;
            }

            if (source.Row < plan.Shape.FirstRow)
                continue;
            looked++;
            var verdict = check.Check(source);
            var own = verdict is RowVerdict.Wrong found ? found.Errors : [];
            wrong += own.Count > 0 ? 1 : 0;
            errors.AddRange(own.Take(ErrorsMax - errors.Count));
            if (rows.Count < RowsMax)
                rows.Add(new(source.Row, source.Line, [.. source.Cells.Take(ColumnsMax).Select(Shown)], own));
        }

        var shape = plan.Shape;
        return new PreviewReading.Seen(
            shape.Encoding, shape.Separator, shape.Sheet, file.Sheets, shape.HeaderRow, shape.Header, plan.Table, plan.Profile,
            [.. plan.Columns.Select(ViewOf)], plan.Ignored, rows, looked, isWhole, wrong, errors);
    }

    static SeenColumn ViewOf(PlannedColumn column) => new(
        column.Header, column.Why, column.Likeness, JsonSerializer.Serialize(column.Rule, ProfileJson.Wire.ColumnRule));

    static string Shown(Cell cell) => cell.Text.Length <= CellLengthMax ? cell.Text : cell.Text[..CellLengthMax] + "...";
}
