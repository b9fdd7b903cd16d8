using NextUp.Actors.Tables;
using NextUp.Processors.Tables.Profiles;
using NextUp.Processors.Tables.Reading;

namespace NextUp.Processors.Tables.Importing;

/// <summary>How one file is read and checked: settled once, stored with the import, and the same for every attempt.</summary>
/// <param name="Columns">Of the profile, in its order.</param>
/// <param name="Ignored">The file's columns that go nowhere.</param>
sealed record ImportPlan(
    string Table, ImportMode Mode, DuplicateRule Duplicates, TableShape Shape, IReadOnlyList<PlannedColumn> Columns,
    IReadOnlyList<string> Ignored, int? StopAtErrorPercent)
{
    /// <summary>The profile that the columns are of; null where they were made of the file.</summary>
    public string? Profile { get; init; }

    /// <summary>How the marks of its table are made, one of <see cref="RowMarks"/>; plans of old have none, which is 0.</summary>
    public int MarkLayout { get; init; }
}

/// <param name="Index">The file's column, from 0; null where the file has none, so that the default holds.</param>
/// <param name="Header">What the file calls it.</param>
/// <param name="Why">Why it was mapped so; null where it is not in the file.</param>
sealed record PlannedColumn(int? Index, string? Header, ColumnRule Rule, string? Why, double Likeness);

/// <summary>One thing that is wrong with a row.</summary>
/// <param name="Row">The row of the file, from 1, its header included.</param>
/// <param name="Line">The line on which it begins.</param>
/// <param name="Column">The file's column; null where the row as such is meant.</param>
/// <param name="Code">One of <see cref="Values.RowErrorCodes"/>.</param>
/// <param name="Found">What is there; masked where the column is sensitive.</param>
/// <param name="Hint">The way out.</param>
public sealed record RowError(long Row, long Line, string? Column, string Code, string Expected, string? Found, string? Hint);

/// <summary>What a job's view carries of an import.</summary>
sealed record ImportSummary(
    string Table, ImportMode Mode, long TotalRows, long ProcessedRecords, long Inserted, long Updated, long Duplicates,
    long Rejected, long Blank)
{
    public static ImportSummary Of(ImportPlan plan, ImportCounts counts) => new(
        plan.Table, plan.Mode, counts.Total, counts.Processed, counts.Inserted, counts.Updated, counts.Duplicates,
        counts.Rejected, counts.Blank);
}

/// <summary>The report file of an import.</summary>
/// <param name="Errors">The first ones; the rejected rows are all in the result.</param>
sealed record ImportReport(ImportSummary Summary, ImportPlan Plan, IReadOnlyList<RowError> Errors);
