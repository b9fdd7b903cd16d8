using System.Globalization;
using ExcelDataReader;
using ExcelDataReader.Exceptions;
using NextUp.Processors.Documents.Extraction;
using NextUp.Processors.Files;

namespace NextUp.Processors.Documents.Office;

/// <summary>Every sheet of an Excel file: its name as a heading, its rows as rows.</summary>
static class SheetReading
{
    /// <summary>Excel's own most; what says that it has more is damaged.</summary>
    const int ColumnsMax = 16_384;

    /// <param name="sheetDone">Told how many sheets are done, and of how many.</param>
    public static void Read(DocumentFormat format, Stream file, BlockWriter blocks, Action<int, int> sheetDone)
    {
        try
        {
            using var usual = format == DocumentFormat.Xlsx ? ErrorCells.AsText(StrictWorkbook.AsUsual(file)) : file;
            // Asked for first: the reader's own settings want the encodings of old to be known.
            var fallback = TextEncoding.Western;
            using var reader = ExcelReaderFactory.CreateReader(
                usual, new ExcelReaderConfiguration { FallbackEncoding = fallback, LeaveOpen = true });
            // Behind the reader, which says it when a password is asked for.
            var errors = format == DocumentFormat.Xlsx ? XlsErrors.None : XlsErrors.Of(file);
            if (errors.AreHidden)
                throw new UnreadableDocumentException(XlsErrors.HiddenSentence);
            var sheet = 0;
            do
            {
                var shown = errors.OfSheet(sheet);
                blocks.Page = ++sheet;
                ReadSheet(reader, blocks, shown);
                sheetDone(sheet, Math.Max(sheet, reader.ResultsCount));
            }
            while (reader.NextResult());
        }
        catch (InvalidPasswordException)
        {
            throw new UnreadableDocumentException("It is protected with a password. Save it without one and upload it again.");
        }
        catch (Exception broken) when (broken is ExcelReaderException or InvalidDataException)
        {
            throw new UnreadableDocumentException(
                $"It is damaged ({broken.Message.TrimEnd('.')}). Open it in Excel and save it anew.");
        }
    }

    static void ReadSheet(IExcelDataReader reader, BlockWriter blocks, XlsErrors.Sheet errors)
    {
        List<string> cells = [];
        var isFirst = true;
        for (var row = 0; reader.Read(); row++)
        {
            cells.Clear();
            var width = Math.Min(Math.Max(reader.FieldCount, errors.WidthOf(row)), ColumnsMax);
            for (var i = 0; i < width; i++) cells.Add(errors.At(row, i) ?? Text(reader, i));
            if (!cells.Exists(cell => cell.Length > 0)) continue;
            // A sheet without rows has no heading either: a name alone is no text.
            if (isFirst) blocks.Heading(reader.Name, 1);
            isFirst = false;
            blocks.Row(cells);
        }
    }

    static string Text(IExcelDataReader reader, int column) => reader.GetValue(column) switch
    {
        null => "",
        string text => text,
        double number => number.ToString("0.###############", CultureInfo.InvariantCulture),
        DateTime { TimeOfDay.Ticks: 0 } day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime moment => moment.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        bool truth => truth ? "TRUE" : "FALSE",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        var other => other.ToString() ?? "",
    };
}
