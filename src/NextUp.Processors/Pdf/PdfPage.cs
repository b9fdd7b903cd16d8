namespace NextUp.Processors.Pdf;

/// <summary>A word where it stands on its page, in points (1/72 inch) from the page's upper left corner.</summary>
/// <param name="Y0">The upper edge.</param>
/// <param name="Y1">The lower edge; Y1 - Y0 is about the size of its font.</param>
/// <param name="Flow">Words of one flow, such as a column, are read together.</param>
/// <param name="Block">Within the flow: lines that stand together.</param>
/// <param name="Line">Within the block.</param>
public readonly record struct PdfWord(
    string Text, double X0, double Y0, double X1, double Y1, int Flow, int Block, int Line)
{
    public double Height => Y1 - Y0;
}

/// <summary>The words of a page in reading order.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Width">In points.</param>
/// <param name="Height">In points.</param>
public sealed record PdfPage(int Number, double Width, double Height, IReadOnlyList<PdfWord> Words)
{
    public const double PointsPerInch = 72;

    /// <summary>The words were read off a picture of the page, so some may be wrong.</summary>
    public bool IsRecognised { get; init; }
}

/// <summary>What a PDF says of itself.</summary>
/// <param name="IsEncrypted">It is encrypted, though it opens without a password.</param>
public sealed record PdfFacts(int Pages, bool IsEncrypted, string? Title)
{
    /// <summary>The numbers of the pages that are shown turned by a quarter.</summary>
    public IReadOnlySet<int> OnTheirSide { get; init; } = new HashSet<int>();
}

/// <summary>Bounds for reading PDFs.</summary>
public sealed record PdfLimits
{
    public static readonly PdfLimits Default = new();

    public int PagesMax { get; init; } = 5_000;

    /// <summary>How long a document may take, and how much more for each page of it.</summary>
    public TimeSpan Wall { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan WallPerPage { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long drawing the picture of a page may take.</summary>
    public TimeSpan PictureWall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest picture of a page.</summary>
    public long PictureBytesMax { get; init; } = 64L << 20;

    /// <summary>A page as large as a hall is drawn coarser, so that no side has more pixels.</summary>
    public int PictureSidePixelsMax { get; init; } = 6_000;

    /// <summary>How long reading the words off the picture of one page may take.</summary>
    public TimeSpan RecognitionWall { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Pages of one document whose words are read off their pictures.</summary>
    public int RecognisedPagesMax { get; init; } = 300;

    /// <summary>In which languages words are read off pictures, as tesseract names them: "eng" or "eng+deu".</summary>
    public string Languages { get; init; } = "eng";

    public long MemoryBytesMax { get; init; } = 1L << 30;
}

public enum PictureColours
{
    All = 0,

    /// <summary>Enough to read words off it, and smaller.</summary>
    Grey = 1,
}

/// <summary>A drawn page.</summary>
/// <param name="Path">A PNG file.</param>
/// <param name="Dpi">Its pixels an inch.</param>
public sealed record PdfPicture(string Path, double Dpi);
