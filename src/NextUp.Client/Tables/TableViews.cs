using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using NextUp.Client.Wire;

namespace NextUp.Client.Tables;

/// <summary>One column of a profile.</summary>
/// <param name="Name">Its name in the records.</param>
/// <param name="Aliases">Other names that files have for it.</param>
/// <param name="Type">text, integer, decimal, boolean, date or dateTime.</param>
/// <param name="Required">A row without a value is rejected.</param>
/// <param name="Unique">No two records have the same value.</param>
/// <param name="Key">Records are the same where their keys are.</param>
/// <param name="Pattern">A regular expression that the whole value must match.</param>
/// <param name="Allowed">The values that there are; any where it is empty.</param>
/// <param name="Min">The least value; of texts the least number of characters.</param>
/// <param name="Max">The greatest value; of texts the greatest number of characters.</param>
/// <param name="Default">What a row without a value gets.</param>
/// <param name="Sensitive">Values are not shown in errors.</param>
/// <param name="Dates">dayMonthYear, monthDayYear or yearMonthDay; without it an ambiguous date is refused.</param>
/// <param name="DecimalMark"><c>.</c> or <c>,</c>; without it an ambiguous number is refused.</param>
public sealed record TableColumn(
    string Name, IReadOnlyList<string>? Aliases = null, string Type = "text", bool Required = false, bool Unique = false,
    bool Key = false, string? Pattern = null, IReadOnlyList<string>? Allowed = null, string? Min = null, string? Max = null,
    string? Default = null, bool Sensitive = false, string? Dates = null, string? DecimalMark = null);

/// <summary>A profile as it is sent.</summary>
public sealed record ProfileWish(string Name, IReadOnlyList<TableColumn> Columns);

/// <summary>A profile of the caller's own.</summary>
public sealed record ProfileView(string Id, string Name, IReadOnlyList<TableColumn> Columns, DateTimeOffset ChangedAt);

/// <summary>The caller's profiles, by name.</summary>
public sealed record ProfileList(IReadOnlyList<ProfileView> Profiles);

/// <summary>One of the caller's tables.</summary>
/// <param name="Imports">Imports whose records are in it.</param>
/// <param name="Columns">The columns of its records, in their order.</param>
public sealed record TableView(string Name, long Records, int Imports, DateTimeOffset ChangedAt, IReadOnlyList<string> Columns);

/// <summary>The caller's tables, by name.</summary>
public sealed record TableList(IReadOnlyList<TableView> Tables);

/// <summary>What became of an import's rows; <see cref="Total"/> is the sum of all others but <see cref="Processed"/>.</summary>
/// <param name="Processed">Rows stored: inserted and updated.</param>
public sealed record ImportCountsView(
    long Total, long Inserted, long Updated, long Duplicates, long Rejected, long Blank, long Processed);

/// <summary>One import.</summary>
/// <param name="Id">The id of its job.</param>
/// <param name="State">processing, stored, dropped (its job failed, was cancelled or was a dry run) or undone.</param>
/// <param name="Mode">validRows, allOrNothing or dryRun.</param>
/// <param name="Counts">As if, where it was dropped.</param>
public sealed record ImportView(
    string Id, string Table, string FileName, string State, string Mode, string? Profile, DateTimeOffset BegunAt,
    DateTimeOffset? SettledAt, ImportCountsView Counts);

/// <summary>Newest first.</summary>
/// <param name="Next">Pass it as <c>after</c> to read on; null at the end.</param>
public sealed record ImportPage(IReadOnlyList<ImportView> Imports, string? Next);

/// <summary>One thing that is wrong with a row.</summary>
/// <param name="Row">The row of the file, from 1, the header included.</param>
/// <param name="Line">The line on which it begins.</param>
/// <param name="Column">The file's column; null where the row as such is meant.</param>
/// <param name="Code">A word that is never renamed: required, type, ambiguous, pattern, not-allowed, too-small ...</param>
/// <param name="Found">What is there; *** where the column is sensitive.</param>
/// <param name="Hint">The way out.</param>
public sealed record RowErrorView(
    long Row, long Line, string? Column, string Code, string Expected, string? Found, string? Hint);

/// <summary>By row.</summary>
/// <param name="Next">Pass it as <c>after</c> to read on; null at the end.</param>
public sealed record RowErrorPage(IReadOnlyList<RowErrorView> Errors, long? Next);

/// <summary>One record.</summary>
/// <param name="Import">The import that brought it.</param>
/// <param name="Row">The row of that file.</param>
/// <param name="Values">By column; a column without a value is left out.</param>
public sealed record RecordView(string Import, long Row, JsonElement Values);

/// <summary>In the order of their imports. A page may be short, or empty, while more follow where a filter was given.</summary>
/// <param name="Next">Pass it as <c>after</c> to read on; null at the end.</param>
public sealed record RecordPage(IReadOnlyList<RecordView> Records, string? Next);

/// <summary>A column of a file, and where it goes.</summary>
/// <param name="Header">What the file calls it; null where the file does not have it.</param>
/// <param name="Why">name, alias, similar or said; null where the file does not have it.</param>
/// <param name="Likeness">0 to 1.</param>
/// <param name="Rule">The column of the profile, or what the file's values look like.</param>
public sealed record PreviewColumn(string? Header, string? Why, double Likeness, TableColumn Rule);

/// <summary>One of the first rows.</summary>
public sealed record PreviewRow(long Row, long Line, IReadOnlyList<string> Cells, IReadOnlyList<RowErrorView> Errors);

/// <summary>What an import of the file would do, by its first rows.</summary>
/// <param name="Encoding">Of a separated file.</param>
/// <param name="Separator">Of a separated file.</param>
/// <param name="Sheet">Of a workbook: the sheet that is read, of <paramref name="Sheets"/>.</param>
/// <param name="HeaderRow">The row with the names; 0 where there is none.</param>
/// <param name="Ignored">Columns that go nowhere.</param>
/// <param name="Rows">The first ones.</param>
/// <param name="Looked">Rows that were looked at.</param>
/// <param name="IsWhole">Whether these are all rows of the file.</param>
/// <param name="Wrong">Of the rows looked at, those with an error.</param>
/// <param name="Errors">The first errors.</param>
public sealed record TablePreview(
    string FileName, string? Encoding, string? Separator, string? Sheet, IReadOnlyList<string> Sheets, long HeaderRow,
    IReadOnlyList<string> Header, string Table, string? Profile, IReadOnlyList<PreviewColumn> Columns,
    IReadOnlyList<string> Ignored, IReadOnlyList<PreviewRow> Rows, long Looked, bool IsWhole, long Wrong,
    IReadOnlyList<RowErrorView> Errors);

/// <summary>The states of <see cref="ImportView.State"/>. They are never renamed.</summary>
public static class ImportStateNames
{
    public const string Processing = "processing";
    public const string Stored = "stored";
    public const string Dropped = "dropped";
    public const string Undone = "undone";
}

/// <summary>How all of these are written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(ProfileWish))]
[JsonSerializable(typeof(ProfileView))]
[JsonSerializable(typeof(ProfileList))]
[JsonSerializable(typeof(TableList))]
[JsonSerializable(typeof(ImportView))]
[JsonSerializable(typeof(ImportPage))]
[JsonSerializable(typeof(RowErrorPage))]
[JsonSerializable(typeof(RecordPage))]
[JsonSerializable(typeof(TablePreview))]
public sealed partial class TablesJson : JsonSerializerContext
{
    /// <summary>As <c>Default</c>, but letters outside ASCII are written as they are, as in <see cref="WireJson.Wire"/>.</summary>
    public static TablesJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new UtcTimeConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
