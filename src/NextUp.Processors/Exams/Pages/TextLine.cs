using NextUp.Processors.Pdf;

namespace NextUp.Processors.Exams.Pages;

/// <summary>Words that stand beside each other, in the order in which they are read.</summary>
/// <param name="Margin">Where the column that the line is in begins, in points.</param>
public sealed record TextLine(int Page, IReadOnlyList<PdfWord> Words, double Margin, double PageWidth, double PageHeight)
{
    public double Left => Words[0].X0;

    public double Right => Words.Max(word => word.X1);

    public double Top => Words.Min(word => word.Y0);

    public double Bottom => Words.Max(word => word.Y1);

    /// <summary>The height of its tallest word.</summary>
    public double Height => Words.Max(word => word.Height);

    /// <summary>How far the line is indented in its column, as a share of the page's width.</summary>
    public double Indent => (Left - Margin) / PageWidth;

    public string Text { get; } = string.Join(' ', Words.Select(word => word.Text));
}
