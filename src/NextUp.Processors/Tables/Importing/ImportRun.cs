using System.Text.Json;
using NextUp.Actors;
using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Processors.Tables.Reading;
using NextUp.Processors.Tables.Values;

namespace NextUp.Processors.Tables.Importing;

/// <summary>
/// Goes through the rows of a file and stores them batch by batch. A batch, what was found wrong in it, and the row that it
/// ends with are one transaction, so an attempt that follows a lost one goes on behind the last batch, and no row counts
/// twice.
/// </summary>
sealed class ImportRun(IRecordStore store, TableImport import, ImportPlan plan, TablesLimits limits) : IDisposable
{
    /// <summary>Characters of content after which a batch is stored, however few its rows.</summary>
    const int BatchLengthMax = 4 * 1024 * 1024;

    /// <summary>Rows after which the share of rejected ones says something.</summary>
    const long RowsBeforeShare = 200;

    readonly RowCheck _check = new(plan);
    readonly List<(long Row, long Line, string Cells, RowVerdict.Fit Fit)> _fits = [];
    readonly List<RejectedRow> _rejected = [];
    readonly List<RecordRow> _rows = [];
    readonly Dictionary<ValueMark, RowPlace> _here = [];
    readonly Dictionary<long, IReadOnlyList<ValueMark>> _marksOfRow = [];
    int _length;

    public ImportCounts Counts { get; private set; } = import.Counts;

    public void Dispose() => _check.Dispose();

    /// <summary>Null where all rows were gone through, else why the import is given up.</summary>
    /// <param name="told">Called after each batch with the share of the file that is read.</param>
    public async Task<string?> RunAsync(ITableSource source, Action<double> told, CancellationToken cancellationToken)
    {
        var (last, stored) = (import.Row, import.Row);
        while (source.Read())
        {
            // On the way to where an earlier attempt came to, nothing is awaited that would look.
            if (source.Row % 1_024 == 0)
                cancellationToken.ThrowIfCancellationRequested();
            if (source.Row < plan.Shape.FirstRow || source.Row <= import.Row)
                continue;
            last = source.Row;
            Take(source);
            if (Counts.Total > limits.RowsMax)
                return $"The file has more than {limits.RowsMax:N0} rows. Split it and send the parts.";
            if (_fits.Count + _rejected.Count < limits.BatchRows && _length < BatchLengthMax)
                continue;
            await StoreAsync(last, cancellationToken);
            stored = last;
            told(source.Share);
            if (WhyNotOn() is { } reason)
                return reason;
        }

        if (last > stored)
            await StoreAsync(last, cancellationToken);
        return WhyNotOn();
    }

    void Take(ITableSource source)
    {
        Counts = Counts with { Total = Counts.Total + 1 };
        switch (_check.Check(source))
        {
            case RowVerdict.Blank:
                Counts = Counts with { Blank = Counts.Blank + 1 };
                break;
            case RowVerdict.Wrong wrong:
                Reject(source.Row, source.Line, RowCheck.CellsOf(source, plan.Shape.Header.Count), wrong.Errors);
                break;
            case RowVerdict.Fit fit:
                // Its texts are needed where the row can still turn out to be a duplicate.
                var cells = fit.Key is null && fit.Uniques.Count == 0 ? "" : RowCheck.CellsOf(source, plan.Shape.Header.Count);
                _fits.Add((source.Row, source.Line, cells, fit));
                _length += fit.Content.Length + cells.Length;
                break;
        }
    }

    void Reject(long row, long line, string cells, IReadOnlyList<RowError> errors)
    {
        var told = JsonSerializer.Serialize(errors, ImportJson.Wire.IReadOnlyListRowError);
        _rejected.Add(new(row, line, cells, told));
        _length += cells.Length + told.Length;
        Counts = Counts with { Rejected = Counts.Rejected + 1 };
    }

    async Task StoreAsync(long upTo, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var marks = _fits.SelectMany(one => MarksOf(one.Fit)).Distinct().ToList();
        var found = marks.Count == 0 ? EmptyMarks : await store.FindMarksAsync(import.Number, marks);
        foreach (var (row, line, cells, fit) in _fits)
            Decide(row, line, cells, fit, found);

        Invariant.Holds(Counts.AddsUp);
        if (!await store.AppendAsync(new(import.Number, import.Attempt, [.. _rows], [.. _rejected], upTo, Counts)))
            throw new OperationCanceledException("The attempt is over: it was cancelled, timed out, or another has taken over.");
        _fits.Clear();
        _rejected.Clear();
        _rows.Clear();
        _here.Clear();
        _marksOfRow.Clear();
        _length = 0;
    }

    static readonly IReadOnlyDictionary<ValueMark, RowPlace> EmptyMarks = new Dictionary<ValueMark, RowPlace>();

    static IReadOnlyList<ValueMark> MarksOf(RowVerdict.Fit fit) =>
        fit.Key is { } key ? [key, .. fit.Uniques.Select(one => one.Mark)] : [.. fit.Uniques.Select(one => one.Mark)];

    /// <summary>Who has the mark: a row of this batch before whoever the store found.</summary>
    RowPlace? HolderOf(ValueMark mark, IReadOnlyDictionary<ValueMark, RowPlace> found) =>
        _here.TryGetValue(mark, out var here) ? here : found.TryGetValue(mark, out var place) ? place : null;

    void Decide(
        long row, long line, string cells, RowVerdict.Fit fit, IReadOnlyDictionary<ValueMark, RowPlace> found)
    {
        RowPlace? replaces = null;
        if (fit.Key is { } key && HolderOf(key, found) is { } same)
        {
            if (plan.Duplicates == DuplicateRule.Update)
            {
                replaces = same;
            }
            else
            {
                Duplicate(row, line, cells, RowCheck.ColumnName(_check.KeyColumn), "the key", same);
                return;
            }
        }

        foreach (var unique in fit.Uniques)
        {
            if (HolderOf(unique.Mark, found) is not { } other || other == replaces)
                continue;
            Duplicate(row, line, cells, unique.Column, unique.Shown, other);
            return;
        }

        var marks = MarksOf(fit);
        if (replaces is { } old && _marksOfRow.TryGetValue(old.Row, out var freed) && old.Import == import.Number)
        {
            foreach (var mark in freed)
                _here.Remove(mark);
        }

        foreach (var mark in marks)
            _here[mark] = new(import.Number, row);
        _marksOfRow[row] = marks;
        _rows.Add(new(row, fit.Content, marks, replaces));
        Counts = replaces is null ? Counts with { Inserted = Counts.Inserted + 1 } : Counts with { Updated = Counts.Updated + 1 };
    }

    void Duplicate(long row, long line, string cells, string column, string shown, RowPlace other)
    {
        if (plan.Duplicates == DuplicateRule.Skip)
        {
            Counts = Counts with { Duplicates = Counts.Duplicates + 1 };
            return;
        }

        var isOfFile = other.Import == import.Number;
        Reject(row, line, cells,
        [
            new(row, line, column, isOfFile ? RowErrorCodes.DuplicateInFile : RowErrorCodes.DuplicateStored,
                "a value that no other record has", shown,
                isOfFile ? $"Row {other.Row} has it already."
                    : "A record of the table has it already; duplicates=skip or update takes such rows."),
        ]);
    }

    string? WhyNotOn()
    {
        if (Counts.Rejected > limits.RejectedMax)
        {
            return $"More than {limits.RejectedMax:N0} rows were rejected. See the first of them and what they lack; is the "
                + "mapping right?";
        }

        return plan.StopAtErrorPercent is { } percent && Counts.Total >= RowsBeforeShare
            && Counts.Rejected * 100 > Counts.Total * percent
                ? $"{Counts.Rejected:N0} of {Counts.Total:N0} rows were rejected, more than the {percent} % that you allow." : null;
    }
}
