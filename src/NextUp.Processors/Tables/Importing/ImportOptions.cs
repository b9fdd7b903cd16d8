using System.Text.Json;
using System.Text.Json.Serialization;
using NextUp.Processors.Tables.Profiles;
using NextUp.Processors.Tables.Reading;

namespace NextUp.Processors.Tables.Importing;

/// <summary>What becomes of a file in which some rows are wrong.</summary>
public enum ImportMode
{
    /// <summary>The rows that are right are stored, the others are listed.</summary>
    ValidRows = 0,

    /// <summary>All rows are stored, or none.</summary>
    AllOrNothing,

    /// <summary>Nothing is stored; the counts and errors are as if.</summary>
    DryRun,
}

/// <summary>What becomes of a row whose key is in the table, or earlier in the file, already.</summary>
public enum DuplicateRule
{
    /// <summary>It is passed over, and counted.</summary>
    Skip = 0,

    /// <summary>It is an error of the row.</summary>
    Reject,

    /// <summary>It takes the place of what is there.</summary>
    Update,
}

/// <summary>What the submitter of a table may choose; a JSON object in the job's options, every member optional.</summary>
public sealed record ImportOptions
{
    /// <summary>A profile of the user's own, by id or name.</summary>
    public string? Profile { get; init; }

    /// <summary>A profile for this file alone: its columns.</summary>
    public IReadOnlyList<ColumnRule>? Columns { get; init; }

    /// <summary>The table that the records go to; without it the profile's name, else the file's.</summary>
    public string? Table { get; init; }

    public ImportMode Mode { get; init; }

    public DuplicateRule Duplicates { get; init; }

    /// <summary>The file's column to the profile's; null is to be ignored. What is not named is proposed.</summary>
    public IReadOnlyDictionary<string, string?>? Mapping { get; init; }

    /// <summary>One character, or <c>tab</c>; found out without it.</summary>
    public string? Separator { get; init; }

    /// <summary>For example <c>windows-1252</c>; found out without it.</summary>
    public string? Encoding { get; init; }

    /// <summary>The row with the names, from 1; 0 where there is none. Found out without it.</summary>
    public int? HeaderRow { get; init; }

    /// <summary>The sheet of a workbook; without it the first that is shown and has a value.</summary>
    public string? Sheet { get; init; }

    /// <summary>How dates are written in columns that do not say it themselves.</summary>
    public DateOrder? Dates { get; init; }

    /// <summary><c>.</c> or <c>,</c> in columns that do not say it themselves.</summary>
    public string? DecimalMark { get; init; }

    /// <summary>The import is given up where more than this share of the rows, in percent, is rejected.</summary>
    public int? StopAtErrorPercent { get; init; }

    /// <summary>The options, or why they cannot be used.</summary>
    public static (ImportOptions? Options, string? Problem) Read(string? json)
    {
        ImportOptions? options;
        try
        {
            options = string.IsNullOrWhiteSpace(json) ? new() : JsonSerializer.Deserialize(json, ImportJson.Wire.ImportOptions) ?? new();
        }
        catch (JsonException error)
        {
            return (null, $"The options cannot be read: {error.Message}");
        }

        return options.Problem() is { } problem ? (null, problem) : (options, null);
    }

    string? Problem() =>
        Profile is not null && Columns is not null ? "Give a profile or columns, not both."
        : Columns is not null && new TableProfile { Name = "columns", Columns = Columns }.Problems() is [var first, ..] ? first
        : Table is { } table && (string.IsNullOrWhiteSpace(table) || table.Length > TableProfile.NameLengthMax
            || table.Any(char.IsControl))
            ? $"table must have 1 to {TableProfile.NameLengthMax} characters and no control characters."
        : Separator is not (null or "tab") && (Separator.Length != 1 || Separator[0] is '"' or '\r' or '\n')
            ? "separator must be one character, or \"tab\"."
        : Encoding is not null && TextEncodings.Find(Encoding) is null
            ? $"There is no encoding \"{Encoding}\"; for example utf-8 or windows-1252."
        : HeaderRow is < 0 or > TableLimits.SampleRowsMax ? $"headerRow must be 0 (none) to {TableLimits.SampleRowsMax}."
        : DecimalMark is not (null or "." or ",") ? "decimalMark must be \".\" or \",\"."
        : StopAtErrorPercent is < 0 or > 100 ? "stopAtErrorPercent must be 0 to 100." : null;

    /// <summary>The separator as a character; null where it is to be found out.</summary>
    internal char? SeparatorCharacter => Separator switch { null => null, "tab" => '\t', _ => Separator[0] };
}

/// <summary>How options, plans and errors are written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ImportOptions))]
[JsonSerializable(typeof(ImportPlan))]
[JsonSerializable(typeof(ImportSummary))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(IReadOnlyList<RowError>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
sealed partial class ImportJson : JsonSerializerContext
{
    public static ImportJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter<ColumnType>(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            new JsonStringEnumConverter<DateOrder>(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            new JsonStringEnumConverter<ImportMode>(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            new JsonStringEnumConverter<DuplicateRule>(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
        },
    });
}
