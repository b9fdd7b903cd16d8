using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NextUp.Processors.Tables.Profiles;

/// <summary>What the values of a column are.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "They are the words of the people who write profiles.")] // as it says
public enum ColumnType
{
    Text = 0,
    Integer,
    Decimal,
    Boolean,

    /// <summary>A day.</summary>
    Date,

    /// <summary>A day and a time of it.</summary>
    DateTime,
}

/// <summary>In which order a date is written where its figures do not say it.</summary>
public enum DateOrder
{
    DayMonthYear = 0,
    MonthDayYear,
    YearMonthDay,
}

/// <summary>One column of a profile.</summary>
public sealed record ColumnRule
{
    /// <summary>The column's name in the records; 1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Other names that files have for it.</summary>
    public IReadOnlyList<string> Aliases { get => field ?? []; init; }

    public ColumnType Type { get; init; }

    /// <summary>A row without a value is rejected.</summary>
    public bool Required { get; init; }

    /// <summary>No two records of the table have the same value.</summary>
    public bool Unique { get; init; }

    /// <summary>Records are the same where their keys are; of several key columns together.</summary>
    public bool Key { get; init; }

    /// <summary>A regular expression that the whole value must match.</summary>
    public string? Pattern { get; init; }

    /// <summary>The values that there are; any where it is empty.</summary>
    public IReadOnlyList<string> Allowed { get => field ?? []; init; }

    /// <summary>The least value; of texts the least number of characters.</summary>
    public string? Min { get; init; }

    /// <summary>The greatest value; of texts the greatest number of characters.</summary>
    public string? Max { get; init; }

    /// <summary>What a row without a value gets.</summary>
    public string? Default { get; init; }

    /// <summary>Values are not shown in errors.</summary>
    public bool Sensitive { get; init; }

    /// <summary>How dates are written in it; without it an ambiguous one is refused.</summary>
    public DateOrder? Dates { get; init; }

    /// <summary><c>.</c> or <c>,</c>; without it a number such as 1,234 is refused as ambiguous.</summary>
    public string? DecimalMark { get; init; }
}

/// <summary>What a user's table looks like.</summary>
public sealed record TableProfile
{
    /// <summary>The profile's name, which is that of its table, too; 1 to 100 characters.</summary>
    public required string Name { get; init; }

    public required IReadOnlyList<ColumnRule> Columns { get; init; }

    /// <summary>The longest name of a profile or table, in characters.</summary>
    public const int NameLengthMax = 100;

    /// <summary>The most aliases or allowed values of a column.</summary>
    public const int WordsMax = 1_000;

    /// <summary>What is wrong with it, a sentence each; empty where nothing is.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > NameLengthMax || Name.Any(char.IsControl))
            problems.Add($"name must have 1 to {NameLengthMax} characters and no control characters.");
        if (Columns.Count is 0 or > Reading.TableLimits.ColumnsMax)
            problems.Add($"columns must have 1 to {Reading.TableLimits.ColumnsMax} entries.");
        if (Columns.GroupBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            problems.Add($"There are two columns \"{twice.Key}\": give one another name.");
        problems.AddRange(Columns.SelectMany(ColumnCheck.Problems));
        return problems;
    }
}

/// <summary>How profiles are written and read: camelCase, unknown members refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TableProfile))]
[JsonSerializable(typeof(IReadOnlyList<ColumnRule>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
public sealed partial class ProfileJson : JsonSerializerContext
{
    /// <summary>As <c>Default</c>, but letters outside ASCII and names of enums are written as people write them.</summary>
    public static ProfileJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter<ColumnType>(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            new JsonStringEnumConverter<DateOrder>(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
        },
    });
}
