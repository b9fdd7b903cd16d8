using System.Buffers.Binary;
using System.Text;

namespace NextUp.Processors.Files;

/// <summary>Bounds for files that are zip archives inside.</summary>
public sealed record ZipLimits
{
    public static readonly ZipLimits Default = new();

    public int EntriesMax { get; init; } = 10_000;

    /// <summary>All entries together, unpacked.</summary>
    public long BytesMax { get; init; } = 1L << 30;

    /// <summary>
    /// How many times smaller the packed file may be than what is in it. Office's own rarely pass 100; zip bombs are about 1,000.
    /// </summary>
    public int RatioMax { get; init; } = 300;

    /// <summary>Less than this unpacked hurts nobody, whatever its ratio.</summary>
    public long BytesAlways { get; init; } = 16L << 20;
}

/// <summary>
/// The list of a zip archive, read by itself and in bounded memory: it says what would be unpacked before anything is.
/// </summary>
public sealed class ZipDirectory
{
    const int EndLength = 22, HeaderLength = 46, CommentLengthMax = ushort.MaxValue;
    const uint EndMark = 0x06054b50, HeaderMark = 0x02014b50;

    readonly HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Entries by name.</summary>
    public IReadOnlySet<string> Names => names;

    /// <summary>All entries together, unpacked, as the list says.</summary>
    public long Bytes { get; private set; }

    /// <summary>The list of the archive; or what is wrong with it, in a sentence.</summary>
    public static (ZipDirectory? Directory, string? Problem) Read(Stream archive, ZipLimits limits)
    {
        var tail = new byte[(int)Math.Min(archive.Length, EndLength + CommentLengthMax)];
        archive.Position = archive.Length - tail.Length;
        archive.ReadExactly(tail);
        var end = EndOf(tail);
        if (end < 0) return (null, "It is a damaged or incomplete zip file. Save it anew, or upload it again.");
        var record = tail.AsSpan(end);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        if (count > limits.EntriesMax || offset == uint.MaxValue)
            return (null, $"It has too many parts: at most {limits.EntriesMax:N0} are read. Save it in a simpler form.");
        return new ZipDirectory().ReadEntries(archive, offset, count, limits);
    }

    static int EndOf(byte[] tail)
    {
        for (var at = tail.Length - EndLength; at >= 0; at--)
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) == EndMark) return at;
        return -1;
    }

    (ZipDirectory? Directory, string? Problem) ReadEntries(Stream archive, long offset, int count, ZipLimits limits)
    {
        var header = new byte[HeaderLength];
        archive.Position = offset;
        for (var i = 0; i < count; i++)
        {
            if (archive.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength
                || BinaryPrimitives.ReadUInt32LittleEndian(header) != HeaderMark)
                return (null, "It is a damaged zip file. Save it anew, or upload it again.");
            if ((header[8] & 1) != 0) return (null, "Its parts are protected with a password. Save it without one.");
            var (name, extra) = ReadName(archive, header);
            names.Add(name.Replace('\\', '/').TrimStart('/'));
            Bytes = Math.Min(long.MaxValue / 2, Bytes + UnpackedBytes(header, extra));
        }

        if (Bytes > limits.BytesMax)
            return (null, $"Unpacked it has {Bytes:N0} bytes, more than {limits.BytesMax:N0}. Split it.");
        if (Bytes > limits.BytesAlways && Bytes / Math.Max(1, archive.Length) >= limits.RatioMax)
        {
            return (null, $"Unpacked it is {Bytes / Math.Max(1, archive.Length):N0} times as large, which no document is; at most "
                + $"{limits.RatioMax} times is read.");
        }

        return (this, null);
    }

    static (string Name, byte[] Extra) ReadName(Stream archive, byte[] header)
    {
        var name = new byte[BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28))];
        var extra = new byte[BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(30))];
        archive.ReadAtLeast(name, name.Length, throwOnEndOfStream: false);
        archive.ReadAtLeast(extra, extra.Length, throwOnEndOfStream: false);
        archive.Position += BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(32));
        return (Encoding.UTF8.GetString(name), extra);
    }

    static long UnpackedBytes(byte[] header, byte[] extra)
    {
        var bytes = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(24));
        // The true size of what does not fit is the first number of the extra field 1 (zip64).
        if (bytes != uint.MaxValue) return bytes;
        for (var at = 0; at + 12 <= extra.Length; at += 4 + BinaryPrimitives.ReadUInt16LittleEndian(extra.AsSpan(at + 2)))
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra.AsSpan(at)) == 1)
                return Math.Max(0, BinaryPrimitives.ReadInt64LittleEndian(extra.AsSpan(at + 4)));
        return bytes;
    }
}
