using System.Text;
using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Actors.Users;
using NextUp.Processors.Tables.Reading;

namespace NextUp.Processors.Tables.Importing;

/// <summary>
/// Imports a table, separated or a workbook, as records of its user.
/// </summary>
/// <remarks>
/// The rows lie aside while the job works, and become records when its end is stored; see <see cref="IRecordStore"/>. The job
/// hands back the rejected rows as they were, each with its reason, and a report. It works only where the records are: on
/// the server itself.
/// </remarks>
public sealed class TablesProcessor(IRecordStore store, IWorkbookReader workbooks, TablesLimits limits) : IJobProcessor
{
    /// <summary>The kind of job.</summary>
    public static readonly JobKind TablesKind = new("tables");

    /// <summary>Row errors in the report; all of them are with the import.</summary>
    const int ReportErrorsMax = 1_000;

    /// <summary>Rejected rows that are read from the store at once.</summary>
    const int RejectedPage = 1_000;

    /// <summary>What of the whole is done when the last row was read; the rest is making the files.</summary>
    const int PercentOfRows = 97;

    static readonly TimeSpan BusyDelay = TimeSpan.FromSeconds(5);

    readonly ImportPlanner _planner = new(store);

    public JobKind Kind => TablesKind;

    public ValueTask<UploadVerdict> CheckAsync(string fileName, Stream content, CancellationToken cancellationToken) =>
        ValueTask.FromResult<UploadVerdict>(UploadFormat.Of(fileName, content) is UploadFormat.Refused refused
            ? new UploadVerdict.Unfit(refused.Reason) : new UploadVerdict.Fit(null));

    public async Task<JobOutcome> RunAsync(IJobRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var (options, problem) = ImportOptions.Read(run.Options);
        if (options is null)
            return new JobOutcome.GiveUp(problem!);

        run.Report(new(0, null, 0, 0, "Reading the file"));
        await using var content = await run.OpenInputAsync(cancellationToken);
        var known = await store.FindImportAsync(run.User, run.Job);
        var plan = known?.State == ImportState.Aside ? JsonSerializer.Deserialize(known.Plan, ImportJson.Wire.ImportPlan) : null;
        var wishes = plan is null
            ? new ReadingWishes(options.Encoding, options.SeparatorCharacter, options.HeaderRow, options.Sheet)
            : new(plan.Shape.Encoding, plan.Shape.Separator?[0], (int)plan.Shape.HeaderRow, plan.Shape.Sheet);
        switch (await TableFile.OpenAsync(run.FileName, content, wishes, workbooks, () => run.Workspace, cancellationToken))
        {
            case OpenedFile.Refused refused:
                return new JobOutcome.GiveUp(refused.Reason);
            case var opened:
                using (var file = ((OpenedFile.Opened)opened).File)
                {
                    return await ImportAsync(run, options, plan, file, cancellationToken);
                }
        }
    }

    async Task<JobOutcome> ImportAsync(
        IJobRun run, ImportOptions options, ImportPlan? plan, TableFile file, CancellationToken cancellationToken)
    {
        try
        {
            if (plan is null)
            {
                switch (await _planner.PlanAsync(run.User, run.FileName, options, file, wholeFile: true, cancellationToken))
                {
                    case PlanAnswer.Refused refused:
                        return new JobOutcome.GiveUp(refused.Reason);
                    case var planned:
                        plan = ((PlanAnswer.Planned)planned).Plan;
                        plan = plan with { MarkLayout = await MarkLayoutAsync(run.User, plan.Table) };
                        break;
                }
            }

            switch (await store.BeginAsync(Sketch(run, plan)))
            {
                case ImportBeginAnswer.TableBusy:
                    return new JobOutcome.Retry($"Another import into \"{plan.Table}\" is not finished yet.", BusyDelay);
                case ImportBeginAnswer.Over:
                    throw new OperationCanceledException("The attempt is over: another has taken over.");
                case var begun:
                    return await ImportAsync(run, options, plan, file, ((ImportBeginAnswer.Begun)begun).Import, cancellationToken);
            }
        }
        catch (UnreadableTableException error)
        {
            return new JobOutcome.GiveUp(error.Message);
        }
    }

    async Task<JobOutcome> ImportAsync(
        IJobRun run, ImportOptions options, ImportPlan plan, TableFile file, TableImport import,
        CancellationToken cancellationToken)
    {
        if (import.Row > 0)
            run.Log($"An earlier attempt came to row {import.Row}; this one goes on behind it.");
        else
            run.Log(Words(plan));
        using var work = new ImportRun(store, import, plan, limits);
        using (var source = file.NewSource(plan.Shape))
        {
            var stopped = await work.RunAsync(
                source, share => run.Report(Progress(work.Counts, (int)(share * PercentOfRows))), cancellationToken);
            if (stopped is not null)
                return new JobOutcome.GiveUp(stopped + " Nothing was stored.");
        }

        var counts = work.Counts;
        run.Report(Progress(counts, PercentOfRows) with { Total = Number(counts.Total), Step = "Writing the results" });
        if (WhyNothing(plan, counts) is { } reason)
            return new JobOutcome.GiveUp(reason);

        await _planner.RememberAsync(run.User, options, plan.Shape, run.Clock.GetUtcNow(), limits.RememberedPerUserMax);
        var files = await FilesAsync(run, plan, import, counts, cancellationToken);
        run.Report(new(Number(counts.Total), Number(counts.Total), Number(counts.Rejected), 100, "Done"));
        return new JobOutcome.Done(
            JsonSerializer.Serialize(ImportSummary.Of(plan, counts), ImportJson.Wire.ImportSummary), files);
    }

    /// <summary>That of the imports before into the table; the newest one's is that of all.</summary>
    async Task<int> MarkLayoutAsync(UserId user, string table) =>
        await store.ImportsAsync(user, table, null, 1) is [var last, ..]
            ? JsonSerializer.Deserialize(last.Plan, ImportJson.Wire.ImportPlan)!.MarkLayout : RowMarks.NearLayout;

    static string? WhyNothing(ImportPlan plan, ImportCounts counts) =>
        counts.Total == counts.Blank ? "The file has a header and no rows below it. Fill some in."
        : plan.Mode == ImportMode.AllOrNothing && counts.Rejected > 0
            ? $"{counts.Rejected:N0} of {counts.Total:N0} rows are wrong, and it was to be all or nothing: nothing was stored. "
                + "Correct these rows, or import with mode=validRows."
        : plan.Mode != ImportMode.DryRun && counts.Processed == 0 && counts.Duplicates == 0
            ? $"None of the {counts.Rejected:N0} rows is right, so nothing was stored. Look at their errors; is the mapping right?"
        : null;

    static TableImport Sketch(IJobRun run, ImportPlan plan) => new()
    {
        Number = default,
        Job = run.Job,
        User = run.User,
        Table = plan.Table,
        FileName = run.FileName,
        State = ImportState.Aside,
        Attempt = run.Attempt,
        BegunAt = run.Clock.GetUtcNow(),
        Plan = JsonSerializer.Serialize(plan, ImportJson.Wire.ImportPlan),
        Header = JsonSerializer.Serialize(plan.Shape.Header, ImportJson.Wire.IReadOnlyListString),
        Stores = plan.Mode != ImportMode.DryRun,
    };

    static string Words(ImportPlan plan)
    {
        var how = plan.Shape.Sheet is { } sheet ? $"sheet \"{sheet}\""
            : $"{plan.Shape.Encoding}, parted by {SeparatorSniff.NameOf(plan.Shape.Separator![0])}";
        var header = plan.Shape.HeaderRow == 0 ? "no header" : $"header in row {plan.Shape.HeaderRow}";
        var ignored = plan.Ignored.Count == 0 ? "" : $"; ignored: {string.Join(", ", plan.Ignored.Take(20))}";
        return $"Read as {how}, {header}, {plan.Columns.Count(one => one.Index is not null)} columns{ignored}.";
    }

    async Task<IReadOnlyList<ResultFile>> FilesAsync(
        IJobRun run, ImportPlan plan, TableImport import, ImportCounts counts, CancellationToken cancellationToken)
    {
        var stem = Path.GetFileNameWithoutExtension(run.FileName);
        var path = Path.Combine(run.Workspace, "rejected.csv");
        List<RowError> errors = [];
        await using (var rejected = new StreamWriter(path, append: false, new UTF8Encoding(false)))
            await RejectedFile.WriteAsync(rejected, plan.Shape.Header, NextAsync, cancellationToken);
        var report = new ImportReport(ImportSummary.Of(plan, counts), plan, errors);
        return
        [
            new(FileRole.Result, $"{stem}{ImportPlanner.RejectedSuffix}.csv", SafeCsv.ContentType) { Path = path },
            new(FileRole.Report, $"{stem}-import.json", "application/json")
            {
                Content = JsonSerializer.SerializeToUtf8Bytes(report, ImportJson.Wire.ImportReport),
            },
        ];

        async Task<IReadOnlyList<RejectedRow>> NextAsync(long after)
        {
            var page = await store.RejectedAsync(import.Number, after, RejectedPage);
            foreach (var row in page.TakeWhile(_ => errors.Count < ReportErrorsMax))
                errors.AddRange(RejectedFile.ErrorsOf(row));
            return page;
        }
    }

    static JobProgress Progress(ImportCounts counts, int percent) =>
        new(Number(counts.Total), null, Number(counts.Rejected), percent, "Importing rows");

    static int Number(long count) => (int)Math.Min(count, int.MaxValue);
}
