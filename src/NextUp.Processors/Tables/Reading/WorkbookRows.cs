using System.Globalization;
using System.Text.Json;
using ExcelDataReader;
using NextUp.Processors.Files;

namespace NextUp.Processors.Tables.Reading;

/// <summary>
/// Writes the rows of a workbook's sheet as lines of JSON. It runs in a process of its own, under limits: a workbook from
/// people may be made to harm. What <see cref="SheetReader"/> reads is the other end.
/// </summary>
/// <remarks>
/// The first line names the sheets, then comes a line for each row with a value, and a last line that says that it was all.
/// A cell is null, a text, <c>{"n": "1.5"}</c>, <c>{"d": "2024-01-31"}</c>, <c>{"b": true}</c> or <c>{"e": "#REF!"}</c>; in
/// a workbook that counts days from 1904 a number is <c>{"m": "1.5"}</c>.
/// </remarks>
public static class WorkbookRows
{
    /// <summary>How the process ends where the file cannot be read; the standard error says why in a sentence.</summary>
    public const int ExitUnreadable = 3;

    /// <summary>What a sheet shows where a formula failed.</summary>
    static readonly HashSet<string> ErrorNames =
        new(StringComparer.Ordinal) { "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!" };

    /// <param name="sheet">The sheet's name; null is the first that is shown and has a value, else the first.</param>
    /// <returns>Null where all was written, else a sentence that says why the file cannot be read.</returns>
    public static string? Write(Stream workbook, Stream rows, string? sheet)
    {
        System.Text.Encoding.RegisterProvider(System.Text.CodePagesEncodingProvider.Instance);
        try
        {
            var numbers = Epoch.Is1904(workbook) ? "m"u8 : "n"u8;
            var isZip = UploadFormat.IsZip(workbook);
            var usual = isZip ? ErrorCells.AsText(StrictWorkbook.AsUsual(workbook)) : workbook;
            using var reader = ExcelReaderFactory.CreateReader(usual, new() { LeaveOpen = true });
            // Behind the reader, which says it when a password is asked for.
            var errors = isZip ? XlsErrors.None : XlsErrors.Of(workbook);
            if (errors.AreHidden)
                return XlsErrors.HiddenSentence;
            var names = SheetsOf(reader);
            var chosen = Choose(reader, names, sheet, errors);
            if (chosen < 0)
            {
                return $"There is no sheet \"{sheet}\". There is {string.Join(", ", names.Select(one => $"\"{one.Name}\""))}.";
            }

            WriteSheet(reader, rows, names, chosen, numbers, errors.OfSheet(chosen));
            return null;
        }
        catch (ExcelDataReader.Exceptions.InvalidPasswordException)
        {
            return "The workbook is protected with a password. Save it without one and send it again.";
        }
        catch (OutOfMemoryException)
        {
            return "The workbook needs more memory than a file may take. Save the sheet as CSV and send that.";
        }
#pragma warning disable CA1031 // The reader throws what it likes on damaged files; each such file is damaged, and says so.
        catch (Exception error) when (error is not IOException { Source: "System.Private.CoreLib" })
#pragma warning restore CA1031
        {
            return $"The workbook is damaged or of a kind that cannot be read ({error.GetType().Name}). Open it in a "
                + "spreadsheet and save it again, as xlsx or CSV.";
        }
    }

    static List<(string Name, bool IsShown)> SheetsOf(IExcelDataReader reader)
    {
        var sheets = new List<(string, bool)>();
        do
            sheets.Add((reader.Name ?? "", reader.VisibleState is null or "visible"));
        while (reader.NextResult());
        reader.Reset();
        return sheets;
    }

    static int Choose(
        IExcelDataReader reader, List<(string Name, bool IsShown)> sheets, string? wanted, XlsErrors errors)
    {
        if (wanted is not null)
        {
            var exact = sheets.FindIndex(one => one.Name == wanted);
            return exact >= 0 ? exact : sheets.FindIndex(one => string.Equals(one.Name, wanted, StringComparison.OrdinalIgnoreCase));
        }

        var chosen = -1;
        for (var at = 0; at < sheets.Count && chosen < 0; at++)
        {
            if (sheets[at].IsShown && (HasValue(reader) || !errors.OfSheet(at).IsEmpty))
                chosen = at;
            reader.NextResult();
        }

        reader.Reset();
        return Math.Max(chosen, 0);
    }

    static bool HasValue(IExcelDataReader reader)
    {
        while (reader.Read())
        {
            for (var i = 0; i < reader.FieldCount; i++)
            {
                if (reader.GetValue(i) is not null)
                    return true;
            }
        }

        return false;
    }

    static void WriteSheet(
        IExcelDataReader reader, Stream rows, List<(string Name, bool IsShown)> sheets, int chosen, ReadOnlySpan<byte> numbers,
        XlsErrors.Sheet errors)
    {
        using var json = new Utf8JsonWriter(rows, new JsonWriterOptions { SkipValidation = true });
        void EndLine()
        {
            json.Flush();
            rows.WriteByte((byte)'\n');
            json.Reset();
        }

        json.WriteStartObject();
        json.WriteString("sheet", sheets[chosen].Name);
        json.WriteStartArray("sheets");
        foreach (var (name, isShown) in sheets.Where(one => one.IsShown || one == sheets[chosen]))
            json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteEndObject();
        EndLine();
        for (var skip = 0; skip < chosen; skip++)
            reader.NextResult();
        var written = 0;
        for (var row = 1; reader.Read(); row++)
        {
            var width = Math.Max(WidthOf(reader), Math.Min(errors.WidthOf(row - 1), TableLimits.ColumnsMax));
            if (width == 0)
                continue;
            json.WriteStartArray();
            json.WriteNumberValue(row);
            for (var i = 0; i < width; i++)
            {
                if (errors.At(row - 1, i) is { } error)
                    Tagged(json, "e"u8, error);
                else
                    WriteCell(json, reader, i, numbers);
            }

            json.WriteEndArray();
            EndLine();
            written++;
        }

        json.WriteStartObject();
        json.WriteNumber("rows", written);
        json.WriteEndObject();
        EndLine();
    }

    static int WidthOf(IExcelDataReader reader)
    {
        var width = Math.Min(reader.FieldCount, TableLimits.ColumnsMax);
        while (width > 0 && reader.GetValue(width - 1) is null)
            width--;
        return width;
    }

    static void WriteCell(Utf8JsonWriter json, IExcelDataReader reader, int i, ReadOnlySpan<byte> numbers)
    {
        switch (reader.GetValue(i))
        {
            case null:
                json.WriteNullValue();
                break;
            case string text when ErrorNames.Contains(text):
                Tagged(json, "e"u8, text);
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool truth:
                json.WriteStartObject();
                json.WriteBoolean("b"u8, truth);
                json.WriteEndObject();
                break;
            case DateTime time:
                Tagged(json, "d"u8, time.ToString(
                    time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
                break;
            case TimeSpan span:
                json.WriteStringValue(span.ToString("c", CultureInfo.InvariantCulture));
                break;
            case var number:
                Tagged(json, numbers, Number(Convert.ToDouble(number, CultureInfo.InvariantCulture), reader.GetNumberFormatString(i)));
                break;
        }
    }

    static void Tagged(Utf8JsonWriter json, ReadOnlySpan<byte> tag, string value)
    {
        json.WriteStartObject();
        json.WriteString(tag, value);
        json.WriteEndObject();
    }

    /// <summary>A format of zeros only is how a sheet keeps leading zeros of a code.</summary>
    static string Number(double value, string? format)
    {
        var text = value == Math.Truncate(value) && Math.Abs(value) < 1e15
            ? value.ToString("F0", CultureInfo.InvariantCulture) : value.ToString("R", CultureInfo.InvariantCulture);
        return format is { Length: > 1 and <= 20 } && format.AsSpan().TrimStart('0').IsEmpty && value >= 0
            ? text.PadLeft(format.Length, '0') : text;
    }
}
