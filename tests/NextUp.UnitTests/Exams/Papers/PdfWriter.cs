using System.Globalization;
using System.Text;

namespace NextUp.UnitTests.Exams.Papers;

/// <summary>
/// Writes PDFs small enough to be understood: pages with lines of Helvetica at any place, rules, and nothing else. Places are
/// in points from the upper left corner, as readers of pages count.
/// </summary>
sealed class PdfWriter(double width = 595, double height = 842)
{
    /// <summary>Widths of the letters from space to tilde, in thousandths of the font's size (Helvetica's own metrics).</summary>
    static readonly int[] s_widths =
    [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556,
        556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778,
        722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222,
        500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ];

    /// <summary>A page that lies on its side is turned by a quarter when it is shown, as scanners and sheets do it.</summary>
    sealed record Sheet(double Width, double Height, bool IsOnItsSide)
    {
        public StringBuilder Shown { get; } = new();
    }

    readonly List<Sheet> _pages = [];

    public double Width => width;

    public double Height => height;

    public int Pages => _pages.Count;

    public static double WidthOf(string text, double size) => text.Sum(letter =>
        letter is >= ' ' and <= '~' ? s_widths[letter - ' '] : 556) * size / 1000;

    public void NewPage() => NewPage(width, height);

    /// <summary>A page of a size of its own, as it is shown.</summary>
    public void NewPage(double shownWidth, double shownHeight, bool isOnItsSide = false) =>
        _pages.Add(new(shownWidth, shownHeight, isOnItsSide));

    /// <param name="y">Of the line's base.</param>
    /// <param name="page">From 1; null is the last.</param>
    public void Text(double x, double y, string text, double size = 11, bool isTurned = false, int? page = null)
    {
        var shown = new StringBuilder();
        foreach (var letter in text)
        {
            if (letter is '(' or ')' or '\\')
                shown.Append('\\');
            shown.Append(letter <= 255 ? letter : '?');
        }

        var sheet = _pages[(page ?? Pages) - 1];
        var place = sheet.IsOnItsSide ? $"0 1 -1 0 {N(y)} {N(x)}"
            : isTurned ? $"0 1 -1 0 {N(x)} {N(sheet.Height - y)}" : $"1 0 0 1 {N(x)} {N(sheet.Height - y)}";
        sheet.Shown.Append(CultureInfo.InvariantCulture, $"BT /F1 {N(size)} Tf {place} Tm ({shown}) Tj ET\n");
    }

    /// <summary>Text that ends at a place.</summary>
    public void TextTo(double right, double y, string text, double size = 11) => Text(right - WidthOf(text, size), y, text, size);

    public void TextCentred(double y, string text, double size = 11, int? page = null) =>
        Text((width - WidthOf(text, size)) / 2, y, text, size, page: page);

    public void Rule(double fromX, double fromY, double toX, double toY) => _pages[^1].Shown.Append(
        CultureInfo.InvariantCulture, $"{N(fromX)} {N(height - fromY)} m {N(toX)} {N(height - toY)} l S\n");

    public byte[] ToBytes()
    {
        var pdf = new List<byte>();
        var places = new List<int>();
        Put("%PDF-1.4\n");
        Object("<< /Type /Catalog /Pages 2 0 R >>");
        var kids = string.Join(' ', Enumerable.Range(0, Pages).Select(page => $"{4 + page * 2} 0 R"));
        Object($"<< /Type /Pages /Kids [{kids}] /Count {Pages} >>");
        Object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
        for (var i = 0; i < Pages; i++)
        {
            var sheet = _pages[i];
            var box = sheet.IsOnItsSide ? $"{N(sheet.Height)} {N(sheet.Width)}] /Rotate 90" : $"{N(sheet.Width)} {N(sheet.Height)}]";
            Object(
                $"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {box} "
                + $"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + i * 2} 0 R >>");
            Object($"<< /Length {sheet.Shown.Length} >>\nstream\n{sheet.Shown}endstream");
        }

        var table = pdf.Count;
        Put($"xref\n0 {places.Count + 1}\n0000000000 65535 f \n");
        foreach (var place in places)
            Put($"{place:0000000000} 00000 n \n");
        Put($"trailer\n<< /Size {places.Count + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return [.. pdf];

        void Put(string text) => pdf.AddRange(Encoding.Latin1.GetBytes(text));

        void Object(string content)
        {
            places.Add(pdf.Count);
            Put($"{places.Count} 0 obj\n{content}\nendobj\n");
        }
    }

    static string N(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
