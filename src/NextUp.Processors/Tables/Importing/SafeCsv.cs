using System.Buffers;
using System.Text;

namespace NextUp.Processors.Tables.Importing;

/// <summary>
/// Writes CSV that a spreadsheet may open: what it would take for a formula gets an apostrophe in front. Numbers with a sign
/// are none.
/// </summary>
public static class SafeCsv
{
    public const string ContentType = "text/csv; charset=utf-8";

    /// <summary>Without it spreadsheets take the letters for those of their own country.</summary>
    public const string ByteOrderMark = "\uFEFF";

    static readonly SearchValues<char> Quoted = SearchValues.Create(",;\t\"\r\n");

    static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789.,");

    public static bool IsFormulaStart(char first) => first is '=' or '+' or '-' or '@' or '\t' or '\r';

    /// <summary>Appends a row with its end.</summary>
    public static StringBuilder AppendRow(StringBuilder text, IEnumerable<string> values)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(values);
        var isFirst = true;
        foreach (var value in values)
        {
            if (!isFirst)
                text.Append(',');
            isFirst = false;
            Append(text, value);
        }

        return text.Append("\r\n");
    }

    static void Append(StringBuilder text, string value)
    {
        var isFormula = value.Length > 0 && IsFormulaStart(value[0])
            && !(value.Length > 1 && char.IsAsciiDigit(value[1]) && value.AsSpan(1).IndexOfAnyExcept(OfNumbers) < 0);
        if (!isFormula && value.AsSpan().IndexOfAny(Quoted) < 0)
        {
            text.Append(value);
            return;
        }

        text.Append('"');
        if (isFormula)
            text.Append('\'');
        text.Append(value.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }
}
