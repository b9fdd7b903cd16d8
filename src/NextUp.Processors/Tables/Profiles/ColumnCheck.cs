using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using NextUp.Processors.Tables.Values;

namespace NextUp.Processors.Tables.Profiles;

/// <summary>What a column's own rule may say.</summary>
static class ColumnCheck
{
    /// <summary>The longest expression, in characters.</summary>
    public const int PatternLengthMax = 1_000;

    /// <summary>How long one value may keep an expression busy; it cannot backtrack, so this is generous.</summary>
    static readonly TimeSpan PatternDurationMax = TimeSpan.FromMilliseconds(250);

    /// <summary>Expressions kept compiled.</summary>
    const int PatternsMax = 1_000;

    static readonly ConcurrentDictionary<string, Regex> Patterns = new(StringComparer.Ordinal);

    public static IEnumerable<string> Problems(ColumnRule column)
    {
        var name = column.Name;
        if (string.IsNullOrWhiteSpace(name) || name.Length > Reading.ShapeSniff.NameLengthMax || name.Any(char.IsControl))
            yield return $"A column's name must have 1 to {Reading.ShapeSniff.NameLengthMax} characters and no control characters.";
        if (column.Aliases.Count > TableProfile.WordsMax || column.Allowed.Count > TableProfile.WordsMax)
            yield return $"\"{name}\" may have {TableProfile.WordsMax} aliases and allowed values.";
        if (column.Pattern is { } pattern && Problem(pattern) is { } wrong)
            yield return $"\"{name}\" has a pattern that cannot be used: {wrong}";
        if (column.DecimalMark is not (null or "." or ","))
            yield return $"\"{name}\" has the decimalMark \"{column.DecimalMark}\"; it must be \".\" or \",\".";
        foreach (var (what, bound) in new[] { ("min", column.Min), ("max", column.Max) })
        {
            if (bound is not null && !IsBound(column, bound))
            {
                var wanted = NameOf(column.Type == ColumnType.Text ? ColumnType.Integer : column.Type);
                yield return $"\"{name}\" has the {what} \"{bound}\", which is no {wanted}.";
            }
        }

        if (column.Default is { } value && ValueReader.Read(new(Reading.CellKind.Text, value),
            column with { Default = null }) is not ValueReading.Fit)
            yield return $"\"{name}\" has the default \"{value}\", which its own rule rejects.";
    }

    /// <summary>The expression, which the whole value must match.</summary>
    public static Regex Compiled(string pattern)
    {
        if (Patterns.Count > PatternsMax)
            Patterns.Clear();
        return Patterns.GetOrAdd(pattern, static text => new Regex(
            $@"\A(?:{text})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, PatternDurationMax));
    }

    public static string NameOf(ColumnType type) => type switch
    {
        ColumnType.Integer => "whole number",
        ColumnType.Decimal => "number",
        ColumnType.Boolean => "yes or no",
        ColumnType.Date => "date",
        ColumnType.DateTime => "date with time",
        _ => "text",
    };

    static bool IsBound(ColumnRule column, string bound) => column.Type switch
    {
        ColumnType.Text => int.TryParse(bound, out var length) && length >= 0,
        ColumnType.Boolean => false,
        _ => ValueReader.ReadPlain(bound, column) is ValueReading.Fit,
    };

    static string? Problem(string pattern)
    {
        if (pattern.Length > PatternLengthMax)
            return $"it has more than {PatternLengthMax} characters.";
        try
        {
            Compiled(pattern);
            return null;
        }
        catch (ArgumentException error)
        {
            return error.Message;
        }
        catch (NotSupportedException)
        {
            return "it looks ahead, behind or back, which is not offered here.";
        }
    }
}
