using System.Globalization;
using System.Text;
using NextUp.Processors.Tools;

namespace NextUp.Processors.Pdf;

/// <summary>
/// Reads the table of words that <c>pdftotext -tsv</c> and <c>tesseract tsv</c> write: a line each for a page, a flow, a
/// line and a word, with tabs between level, page, flow, block, line, word, left, top, width, height, confidence and text.
/// </summary>
static class WordTable
{
    const int LevelOfPage = 1, LevelOfWord = 5, Columns = 12;

    /// <summary>A word of a line that is longer is cut: what follows is no word.</summary>
    const int WordLengthMax = 4_000;

    /// <summary>Longer lines of the table are no words; they are read in bounded memory and left out.</summary>
    const int LineLengthMax = 64 << 10;

    /// <summary>Below this a recognised word is most often a stain; out of 100.</summary>
    const double ConfidenceMin = 20;

    /// <param name="scale">Turns the table's unit into points.</param>
    /// <param name="pageDone">Told each page's number when its first line is read.</param>
    public static async Task<List<PdfPage>> ReadAsync(
        Stream table, double scale, Action<int>? pageDone, CancellationToken cancellationToken)
    {
        List<PdfPage> pages = [];
        List<PdfWord> words = [];
        // Most words come many times.
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        using var reader = new StreamReader(table, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, 1 << 16);
        var lines = new BoundedLines(reader, LineLengthMax);
        while (await lines.NextAsync(cancellationToken) is { } line)
        {
            var cells = line.Split('\t', Columns);
            if (cells.Length < Columns || !int.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out var level))
                continue;
            if (level == LevelOfPage)
            {
                words = [];
                var number = Whole(cells[1]);
                pages.Add(new(number, Number(cells[8]) * scale, Number(cells[9]) * scale, words));
                pageDone?.Invoke(number);
            }
            else if (level == LevelOfWord && pages.Count > 0 && Word(cells, scale, known) is { } word)
                words.Add(word);
        }

        return pages;
    }

    static PdfWord? Word(string[] cells, double scale, Dictionary<string, string> known)
    {
        var text = Clean(cells[11]);
        if (text.Length == 0 || Number(cells[10]) < ConfidenceMin) return null;
        if (known.TryGetValue(text, out var same)) text = same;
        else known.Add(text, text);
        var (left, top) = (Number(cells[6]) * scale, Number(cells[7]) * scale);
        return new PdfWord(
            text, left, top, left + (Number(cells[8]) * scale), top + (Number(cells[9]) * scale),
            Whole(cells[2]), Whole(cells[3]), Whole(cells[4]));
    }

    static string Clean(string text)
    {
        if (text.Length > WordLengthMax) text = text[..WordLengthMax];
        if (!text.AsSpan().ContainsAnyInRange('\0', ' ') && !text.AsSpan().ContainsAnyInRange('\x7f', '\xa0')) return text;
        return string.Concat(text.Where(one => !char.IsControl(one) && !char.IsWhiteSpace(one)));
    }

    static int Whole(string cell) => int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? whole : 0;

    static double Number(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : 0;
}
