namespace NextUp.Processors.Exams.Pages;

/// <summary>A word as it stands on its page, in points from the page's upper left corner.</summary>
public sealed record PageWord(string Text, double Left, double Top, double Right, double Bottom)
{
    public double Height => Bottom - Top;

    public double Middle => (Top + Bottom) / 2;

    /// <summary>Text that runs up or down the margin: taller than wide although it has several letters.</summary>
    public bool IsTurned => Text.Length >= 3 && Right - Left < Height * 0.8;
}

/// <summary>The words of a page, in no particular order.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Width">In points, as <paramref name="Height"/>.</param>
/// <param name="IsRecognised">The words were read off an image, so single letters may be wrong.</param>
public sealed record ExamPage(
    int Number, double Width, double Height, IReadOnlyList<PageWord> Words, bool IsRecognised = false)
{
    public bool HasText => Words.Count > 0;
}

/// <summary>Words that stand beside each other, in the order in which they are read.</summary>
/// <param name="Margin">Where the column that the line is in begins, in points.</param>
public sealed record TextLine(int Page, IReadOnlyList<PageWord> Words, double Margin, double PageWidth, double PageHeight)
{
    public double Left => Words[0].Left;

    public double Right => Words.Max(word => word.Right);

    public double Top => Words.Min(word => word.Top);

    public double Bottom => Words.Max(word => word.Bottom);

    /// <summary>The height of its tallest word.</summary>
    public double Height => Words.Max(word => word.Height);

    /// <summary>How far the line is indented in its column, as a share of the page's width.</summary>
    public double Indent => (Left - Margin) / PageWidth;

    public string Text { get; } = string.Join(' ', Words.Select(word => word.Text));
}
