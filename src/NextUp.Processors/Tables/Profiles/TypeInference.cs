using NextUp.Processors.Tables.Reading;
using NextUp.Processors.Tables.Values;

namespace NextUp.Processors.Tables.Profiles;

/// <summary>
/// Finds the narrowest type that every value of a column has, taking one value after the other. Codes stay texts: figures
/// with a leading zero, of more than 15 places, or written as a power of ten. A date order or decimal mark is inferred
/// where the values leave one only.
/// </summary>
sealed class TypeInference
{
    /// <summary>A number with more figures is a code.</summary>
    const int FiguresMax = 15;

    static readonly ColumnRule AsIs = new() { Name = "value" };
    static readonly ColumnRule DayFirst = AsIs with { Dates = DateOrder.DayMonthYear };
    static readonly ColumnRule MonthFirst = AsIs with { Dates = DateOrder.MonthDayYear };

    bool _integer = true;
    bool _boolean = true;
    bool _day = true;
    bool _dayFirst = true;
    bool _monthFirst = true;
    bool _plainDates = true;
    bool _pointed = true;
    bool _commaed = true;
    bool _plainNumbers = true;
    bool _wholeDays = true;
    long _count;

    /// <summary>Values seen.</summary>
    public long Count => _count;

    public void Take(Cell cell)
    {
        if (cell.IsBlank || cell.Kind == CellKind.Error)
            return;
        _count++;
        var text = cell.Text.Trim();
        _boolean = _boolean && (cell.Kind == CellKind.Boolean || IsBooleanWord(text));
        TakeNumber(cell, text);
        TakeDate(cell, text);
    }

    /// <summary>The column's rule: its type, and how its dates and numbers are written.</summary>
    public ColumnRule Rule(string name)
    {
        var rule = new ColumnRule { Name = name };
        if (_count == 0)
            return rule;
        if (_boolean)
            return rule with { Type = ColumnType.Boolean };
        if (_plainNumbers || _pointed || _commaed)
        {
            var mark = _plainNumbers ? null : _pointed && _commaed ? null : _pointed ? "." : ",";
            if (_plainNumbers || mark is not null)
                return rule with { Type = _integer ? ColumnType.Integer : ColumnType.Decimal, DecimalMark = mark };
        }

        if (_day && (_plainDates || _dayFirst != _monthFirst))
        {
            return rule with
            {
                Type = _wholeDays ? ColumnType.Date : ColumnType.DateTime,
                Dates = _plainDates ? null : _dayFirst ? DateOrder.DayMonthYear : DateOrder.MonthDayYear,
            };
        }

        return rule;
    }

    static bool IsBooleanWord(string text) => text.ToUpperInvariant() is "TRUE" or "FALSE" or "YES" or "NO";

    void TakeNumber(Cell cell, string text)
    {
        if (!(_plainNumbers || _pointed || _commaed))
            return;
        if (cell.Kind is not (CellKind.Text or CellKind.Number) || IsCode(text))
        {
            _plainNumbers = _pointed = _commaed = false;
            return;
        }

        if (cell.Kind == CellKind.Number)
        {
            _integer = _integer && !text.Contains('.', StringComparison.Ordinal);
            return;
        }

        var plain = NumberText.Read(text, null, out var number) == NumberReading.Read;
        _plainNumbers = _plainNumbers && plain;
        var pointed = NumberText.Read(text, ".", out var asPointed) == NumberReading.Read;
        var commaed = NumberText.Read(text, ",", out var asCommaed) == NumberReading.Read;
        (_pointed, _commaed) = (_pointed && pointed, _commaed && commaed);
        var value = plain ? number : pointed ? asPointed : asCommaed;
        _integer = _integer && value == decimal.Truncate(value);
    }

    static bool IsCode(string text)
    {
        var bare = text.AsSpan().TrimStart("+-");
        var figures = 0;
        foreach (var letter in bare)
            figures += char.IsAsciiDigit(letter) ? 1 : 0;
        return figures > FiguresMax || text.StartsWith('+')
            || (bare.Length > 1 && bare[0] == '0' && char.IsAsciiDigit(bare[1]))
            || text.Contains('E', StringComparison.OrdinalIgnoreCase);
    }

    void TakeDate(Cell cell, string text)
    {
        if (!_day)
            return;
        if (cell.Kind == CellKind.Date)
        {
            _wholeDays = _wholeDays && text.Length <= 10;
            return;
        }

        if (cell.Kind != CellKind.Text)
        {
            _day = false;
            return;
        }

        _plainDates = _plainDates && DateText.Read(text, null, out _) == DateReading.Read;
        var dayFirst = DateText.Read(text, DayFirst.Dates, out var time) == DateReading.Read;
        var monthFirst = DateText.Read(text, MonthFirst.Dates, out var other) == DateReading.Read;
        (_dayFirst, _monthFirst) = (_dayFirst && dayFirst, _monthFirst && monthFirst);
        _wholeDays = _wholeDays && (dayFirst ? time : other).TimeOfDay == TimeSpan.Zero;
        _day = _plainDates || _dayFirst || _monthFirst;
    }
}
