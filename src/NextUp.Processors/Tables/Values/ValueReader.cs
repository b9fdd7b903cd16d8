using System.Globalization;
using NextUp.Processors.Tables.Profiles;
using NextUp.Processors.Tables.Reading;

namespace NextUp.Processors.Tables.Values;

/// <summary>What became of a cell under its column's rule.</summary>
abstract record ValueReading
{
    ValueReading() { }

    /// <param name="Text">The value in the one form that the records have: 1234.5, true, 2024-01-31, 2024-01-31T08:00:00.</param>
    public sealed record Fit(string Text) : ValueReading;

    /// <summary>There is no value, and none is needed.</summary>
    public sealed record None : ValueReading
    {
        public static readonly None Instance = new();
    }

    /// <param name="Code">One of <see cref="RowErrorCodes"/>.</param>
    /// <param name="Expected">What would be right.</param>
    /// <param name="Hint">The way out, a sentence; null where what is expected says it.</param>
    public sealed record Wrong(string Code, string Expected, string? Hint = null) : ValueReading;
}

/// <summary>The codes of what can be wrong with a row. They are never renamed.</summary>
public static class RowErrorCodes
{
    public const string Required = "required";
    public const string Type = "type";
    public const string Ambiguous = "ambiguous";
    public const string Pattern = "pattern";
    public const string NotAllowed = "not-allowed";
    public const string TooSmall = "too-small";
    public const string TooLarge = "too-large";
    public const string CellError = "cell-error";
    public const string ControlCharacter = "control-character";
    public const string Quote = "quote";
    public const string TooManyValues = "too-many-values";
    public const string DuplicateInFile = "duplicate-in-file";
    public const string DuplicateStored = "duplicate-stored";
}

/// <summary>Reads cells under a column's rule. Nothing is guessed: what has two readings is refused.</summary>
static class ValueReader
{
    /// <summary>The days that serial numbers of a sheet stand for begin here; the 60th, 1900-02-29, was none.</summary>
    static readonly DateTime SerialZero = new(1899, 12, 30);

    /// <summary>By so much a day's number is smaller where days are counted from 1904.</summary>
    const decimal DaysTo1904 = 1_462;

    /// <summary>The serial number of 9999-12-31.</summary>
    const decimal SerialMax = 2_958_465;

    static readonly HashSet<string> Yes = new(StringComparer.OrdinalIgnoreCase) { "true", "yes", "y", "1", "on", "x",
        "ja", "wahr", "oui", "vrai", "si", "sí" };

    static readonly HashSet<string> No = new(StringComparer.OrdinalIgnoreCase) { "false", "no", "n", "0", "off",
        "nein", "falsch", "non", "faux" };

    public static ValueReading Read(Cell cell, ColumnRule rule)
    {
        if (cell.Kind == CellKind.Error)
            return new ValueReading.Wrong(RowErrorCodes.CellError, ColumnCheck.NameOf(rule.Type),
                "The formula of this cell failed; correct it in the sheet.");
        if (cell.IsBlank)
        {
            return rule.Default is { } value ? Checked(ReadPlain(value, rule), rule)
                : rule.Required || rule.Key ? new ValueReading.Wrong(RowErrorCodes.Required,
                    $"a {ColumnCheck.NameOf(rule.Type)}", "Fill it in, or give the column a default.")
                : ValueReading.None.Instance;
        }

        if (cell.Text.Contains('\0', StringComparison.Ordinal))
            return new ValueReading.Wrong(RowErrorCodes.ControlCharacter, "text without NUL characters", "Take the NUL character out.");
        return Checked(OfCell(cell, rule), rule);
    }

    /// <summary>A text under the column's type alone.</summary>
    public static ValueReading ReadPlain(string text, ColumnRule rule) => rule.Type switch
    {
        ColumnType.Integer or ColumnType.Decimal => Number(text, rule, rule.DecimalMark),
        ColumnType.Boolean => Yes.Contains(text.Trim()) ? new ValueReading.Fit("true")
            : No.Contains(text.Trim()) ? new ValueReading.Fit("false")
            : new ValueReading.Wrong(RowErrorCodes.Type, "yes or no, true or false, 1 or 0"),
        ColumnType.Date or ColumnType.DateTime => Date(text, rule),
        _ => new ValueReading.Fit(text),
    };

    static ValueReading OfCell(Cell cell, ColumnRule rule)
    {
        switch (cell.Kind, rule.Type)
        {
            case (CellKind.Number, ColumnType.Integer or ColumnType.Decimal):
                return Number(cell.Text, rule, ".");
            case (CellKind.Number, ColumnType.Date or ColumnType.DateTime):
                return Serial(cell, rule);
            case (CellKind.Date, ColumnType.Integer or ColumnType.Decimal or ColumnType.Boolean):
                return new ValueReading.Wrong(RowErrorCodes.Type, ColumnCheck.NameOf(rule.Type),
                    "The cell is formatted as a date; give it the format of a number.");
            default:
                return ReadPlain(cell.Text, rule);
        }
    }

    static ValueReading Number(string text, ColumnRule rule, string? mark)
    {
        switch (NumberText.Read(text, mark, out var number))
        {
            case NumberReading.Ambiguous:
                return new ValueReading.Wrong(
                    RowErrorCodes.Ambiguous, "a number with one reading",
                    "Say with decimalMark whether the comma parts decimals (\",\") or thousands (\".\").");
            case NumberReading.NotANumber:
                return new ValueReading.Wrong(
                    RowErrorCodes.Type, ColumnCheck.NameOf(rule.Type),
                    text.Contains('E', StringComparison.OrdinalIgnoreCase) && double.TryParse(text, out _)
                        ? "Written as a power of ten, figures are lost: format the column as text, or as a number, in the "
                            + "spreadsheet." : null);
            default:
                var plain = Plain(number);
                return rule.Type == ColumnType.Integer && plain.Contains('.', StringComparison.Ordinal)
                    ? new ValueReading.Wrong(RowErrorCodes.Type, "whole number") : new ValueReading.Fit(plain);
        }
    }

    static ValueReading Date(string text, ColumnRule rule)
    {
        switch (DateText.Read(text, rule.Dates, out var time))
        {
            case DateReading.Ambiguous:
                return new ValueReading.Wrong(
                    RowErrorCodes.Ambiguous, "a date with one reading",
                    "Say with dates whether it is dayMonthYear, monthDayYear or yearMonthDay, or write it as 2025-04-03.");
            case DateReading.NotADate:
                return new ValueReading.Wrong(RowErrorCodes.Type, ColumnCheck.NameOf(rule.Type), "Write it as in 2025-04-03.");
            default:
                return Day(time, rule);
        }
    }

    static ValueReading Day(DateTime time, ColumnRule rule) =>
        rule.Type == ColumnType.DateTime ? new ValueReading.Fit(time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture))
        : time.TimeOfDay == TimeSpan.Zero ? new ValueReading.Fit(time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
        : new ValueReading.Wrong(RowErrorCodes.Type, "date without a time of day", "Take the time off, or make the column a dateTime.");

    /// <summary>A cell with the number of a day and no format of a date: taken where the column says that it is a date.</summary>
    static ValueReading Serial(Cell cell, ColumnRule rule) =>
        decimal.TryParse(cell.Text, CultureInfo.InvariantCulture, out var given)
            && (cell.CountsFrom1904 ? given + DaysTo1904 : given) is >= 61 and <= SerialMax and var serial
            ? Day(SerialZero.AddSeconds((double)Math.Round(serial * 86_400)), rule)
            : new ValueReading.Wrong(RowErrorCodes.Type, ColumnCheck.NameOf(rule.Type),
                "Give the cell the format of a date in the sheet.");

    static ValueReading Checked(ValueReading reading, ColumnRule rule)
    {
        if (reading is not ValueReading.Fit { Text: var value })
            return reading;
        if (rule.Allowed.Count > 0 && !rule.Allowed.Contains(value, StringComparer.Ordinal))
            return new ValueReading.Wrong(RowErrorCodes.NotAllowed, "one of " + string.Join(", ", rule.Allowed.Take(20)));
        if (rule.Pattern is { } pattern && !Matches(pattern, value))
            return new ValueReading.Wrong(RowErrorCodes.Pattern, "a value of the form " + pattern);
        if (rule.Min is { } min && Compare(rule, value, min) < 0)
            return new ValueReading.Wrong(RowErrorCodes.TooSmall, rule.Type == ColumnType.Text
                ? $"at least {min} characters" : $"at least {min}");
        return rule.Max is { } max && Compare(rule, value, max) > 0
            ? new ValueReading.Wrong(RowErrorCodes.TooLarge, rule.Type == ColumnType.Text ? $"at most {max} characters" : $"at most {max}")
            : reading;
    }

    static bool Matches(string pattern, string value)
    {
        try
        {
            return ColumnCheck.Compiled(pattern).IsMatch(value);
        }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            // A value that keeps the expression busy for so long is none that was meant.
            return false;
        }
    }

    static int Compare(ColumnRule rule, string value, string bound) => rule.Type switch
    {
        ColumnType.Text => value.Length.CompareTo(int.Parse(bound, CultureInfo.InvariantCulture)),
        ColumnType.Integer or ColumnType.Decimal =>
            decimal.Parse(value, CultureInfo.InvariantCulture).CompareTo(BoundNumber(bound, rule)),
        _ => string.CompareOrdinal(value, ReadPlain(bound, rule) is ValueReading.Fit fit ? fit.Text : bound),
    };

    static decimal BoundNumber(string bound, ColumnRule rule) =>
        NumberText.Read(bound, rule.DecimalMark, out var number) == NumberReading.Read ? number : 0;

    /// <summary>Without zeros that say nothing, so that equal numbers are equal texts.</summary>
    static string Plain(decimal number)
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        if (text.Contains('.', StringComparison.Ordinal))
            text = text.TrimEnd('0').TrimEnd('.');
        return text is "-0" or "" ? "0" : text;
    }
}
