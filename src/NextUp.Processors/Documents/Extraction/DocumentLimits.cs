using NextUp.Processors.Files;
using NextUp.Processors.Pdf;

namespace NextUp.Processors.Documents.Extraction;

/// <summary>Bounds for reading documents.</summary>
public sealed record DocumentLimits
{
    public static readonly DocumentLimits Default = new();

    /// <summary>Characters of a document's text.</summary>
    public int TextCharsMax { get; init; } = 120_000_000;

    /// <summary>A longer paragraph is taken as several.</summary>
    public int BlockCharsMax { get; init; } = 16_384;

    /// <summary>How long reading an Office file may take.</summary>
    public TimeSpan Wall { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Memory that the process may take which reads an Office file.</summary>
    public long MemoryBytesMax { get; init; } = 768L << 20;

    public ZipLimits Zip { get; init; } = ZipLimits.Default;

    public PdfLimits Pdf { get; init; } = PdfLimits.Default;
}
