using System.Buffers.Binary;

namespace NextUp.Processors.Exams.Containers;

/// <summary>What a file of a paper is, by its first bytes and never by its name.</summary>
public abstract record PartContent
{
    /// <summary>Bytes that are looked at.</summary>
    public const int StartBytes = 64 * 1024;

    /// <summary>A4 in inches; a picture of a page says nothing dependable of its size on paper.</summary>
    const double PageWidthInches = 8.27;

    PartContent() { }

    public sealed record Pdf : PartContent;

    /// <param name="ContentType"><c>image/png</c> or <c>image/jpeg</c>.</param>
    public sealed record Picture(string ContentType, string Extension, int Width, int Height) : PartContent
    {
        public double Dpi => Math.Max(Math.Min(Width, Height) / PageWidthInches, 1);
    }

    public sealed record Other : PartContent;

    public static PartContent Of(ReadOnlySpan<byte> start)
    {
        if (start[..Math.Min(start.Length, 1024)].IndexOf("%PDF-"u8) >= 0)
            return new Pdf();
        if (start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]) && start.Length >= 24)
        {
            return new Picture(
                "image/png", ".png", BinaryPrimitives.ReadInt32BigEndian(start[16..]), BinaryPrimitives.ReadInt32BigEndian(start[20..]));
        }

        return start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) && JpegSize(start) is { } size
            ? new Picture("image/jpeg", ".jpg", size.Width, size.Height) : new Other();
    }

    /// <summary>From the frame header, which follows tables and comments.</summary>
    static (int Width, int Height)? JpegSize(ReadOnlySpan<byte> start)
    {
        for (var at = 2; at + 9 < start.Length && start[at] == 0xFF;)
        {
            var marker = start[at + 1];
            if (marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC)
            {
                return (BinaryPrimitives.ReadUInt16BigEndian(start[(at + 7)..]),
                    BinaryPrimitives.ReadUInt16BigEndian(start[(at + 5)..]));
            }

            at += marker == 0xFF ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(start[(at + 2)..]);
        }

        return null;
    }
}
