using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NextUp.Actors.Tables;
using NextUp.Processors.Tables.Profiles;
using NextUp.Processors.Tables.Reading;
using NextUp.Processors.Tables.Values;

namespace NextUp.Processors.Tables.Importing;

/// <summary>What a row is, looked at by itself.</summary>
abstract record RowVerdict
{
    RowVerdict() { }

    public sealed record Blank : RowVerdict
    {
        public static readonly Blank Instance = new();
    }

    /// <param name="Key">The mark of its key; null where the table has none.</param>
    /// <param name="Uniques">Of each unique column with a value: the mark, the file's column and what to show.</param>
    public sealed record Fit(string Content, ValueMark? Key, IReadOnlyList<UniqueValue> Uniques) : RowVerdict;

    public sealed record Wrong(IReadOnlyList<RowError> Errors) : RowVerdict;
}

/// <summary>A value that no other record of the table may have.</summary>
readonly record struct UniqueValue(ValueMark Mark, string Column, string Shown);

/// <summary>Checks rows against a plan. Used by one thread at a time.</summary>
sealed class RowCheck : IDisposable
{
    /// <summary>What stands for a sensitive value.</summary>
    public const string Mask = "***";

    /// <summary>How much of a value an error shows, in characters.</summary>
    const int ShownMax = 80;

    /// <summary>Errors of one row that are told.</summary>
    const int ErrorsMax = 50;

    const char PartEnd = '\u001F';

    readonly ImportPlan _plan;
    readonly bool _isErrorFile;
    readonly bool _hasKey;
    readonly ArrayBufferWriter<byte> _buffer = new(1024);
    readonly Utf8JsonWriter _json;
    readonly StringBuilder _key = new();
    readonly RowMarks _marks;

    public RowCheck(ImportPlan plan)
    {
        _plan = plan;
        _marks = new(plan.MarkLayout);
        _isErrorFile = ImportPlanner.IsOfErrorFile(plan.Shape.Header, plan.Shape.Header.Count - 1);
        _hasKey = plan.Columns.Any(column => column.Rule.Key);
        _json = new(_buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    /// <summary>What an error says of the key: the first of its columns.</summary>
    public PlannedColumn KeyColumn => _plan.Columns.First(column => column.Rule.Key);

    public void Dispose() => _json.Dispose();

    public RowVerdict Check(ITableSource row)
    {
        var cells = row.Cells;
        if (row.Fault is null && IsBlank(cells))
            return RowVerdict.Blank.Instance;

        var errors = new List<RowError>(0);
        if (row.Fault is { } fault)
            errors.Add(new(row.Row, row.Line, null, RowErrorCodes.Quote, "quotes that open and close a whole value", null, fault));
        for (var i = _plan.Shape.Header.Count; i < cells.Count; i++)
        {
            if (cells[i].IsBlank)
                continue;
            errors.Add(new(
                row.Row, row.Line, null, RowErrorCodes.TooManyValues, $"{_plan.Shape.Header.Count} values, as the header has",
                $"{cells.Count} values", "Put a value that has the separator in it between quotes."));
            break;
        }

        return Check(row, cells, errors);
    }

    RowVerdict Check(ITableSource row, IReadOnlyList<Cell> cells, List<RowError> errors)
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _key.Clear();
        var uniques = new List<UniqueValue>(0);
        foreach (var column in _plan.Columns)
        {
            var cell = column.Index is { } index && index < cells.Count ? Unescaped(cells[index]) : Cell.Empty;
            switch (ValueReader.Read(cell, column.Rule))
            {
                case ValueReading.Fit { Text: var value }:
                    Write(column.Rule, value);
                    if (column.Rule.Key)
                        _key.Append(value).Append(PartEnd);
                    if (column.Rule.Unique)
                        uniques.Add(new(_marks.Of('u' + column.Rule.Name + PartEnd, value), ColumnName(column), Shown(column, cell)));
                    break;
                case ValueReading.Wrong wrong when errors.Count < ErrorsMax:
                    errors.Add(new(
                        row.Row, row.Line, ColumnName(column), wrong.Code, wrong.Expected,
                        cell.IsBlank ? null : Shown(column, cell), wrong.Hint));
                    break;
            }
        }

        _json.WriteEndObject();
        _json.Flush();
        return errors.Count > 0 ? new RowVerdict.Wrong(errors) : new RowVerdict.Fit(
            Encoding.UTF8.GetString(_buffer.WrittenSpan), _hasKey ? _marks.Of("k", _key.ToString()) : null, uniques);
    }

    /// <summary>The texts of a row as an error file has them again.</summary>
    public static string CellsOf(ITableSource row, int width) => JsonSerializer.Serialize(
        [.. row.Cells.Take(Math.Max(width, 0)).Select(cell => cell.Text)], ImportJson.Wire.IReadOnlyListString);

    public static string ColumnName(PlannedColumn column) => column.Header ?? column.Rule.Name;

    static string Shown(PlannedColumn column, Cell cell) =>
        column.Rule.Sensitive ? Mask : cell.Text.Length <= ShownMax ? cell.Text : cell.Text[..ShownMax] + "...";

    /// <summary>An error file keeps formulas from running by an apostrophe in front; it goes when the file comes back.</summary>
    Cell Unescaped(Cell cell) =>
        _isErrorFile && cell is { Kind: CellKind.Text, Text: ['\'', var next, ..] } && SafeCsv.IsFormulaStart(next)
            ? Cell.Of(cell.Text[1..]) : cell;

    static bool IsBlank(IReadOnlyList<Cell> cells)
    {
        for (var i = 0; i < cells.Count; i++)
        {
            if (!cells[i].IsBlank)
                return false;
        }

        return true;
    }

    void Write(ColumnRule rule, string value)
    {
        _json.WritePropertyName(rule.Name);
        switch (rule.Type)
        {
            case ColumnType.Integer or ColumnType.Decimal:
                _json.WriteRawValue(value, skipInputValidation: true);
                break;
            case ColumnType.Boolean:
                _json.WriteBooleanValue(value == "true");
                break;
            default:
                _json.WriteStringValue(value);
                break;
        }
    }
}
