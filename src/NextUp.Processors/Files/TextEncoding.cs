using System.Text;

namespace NextUp.Processors.Files;

/// <summary>
/// Finds out how a text is written: by its mark (BOM), else UTF-8 where every byte fits, else UTF-16 where every other byte
/// of its beginning is zero, else Windows' Western European, which leaves no byte without a meaning.
/// </summary>
public static class TextEncoding
{
    const int PartLength = 64 << 10;

    /// <summary>Above this share of zeros and control characters it is no text: one in this many.</summary>
    const int ControlsOneIn = 50;

    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>From here on pages and sheets can name any encoding of old.</summary>
    static TextEncoding() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Windows' Western European, a superset of Latin-1 for text.</summary>
    public static Encoding Western { get; } = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>How the text is written; null where it is none. A mark is left to the decoder to skip.</summary>
    /// <param name="file">Can seek; it is read through and left at its beginning.</param>
    public static Encoding? Of(Stream file)
    {
        file.Position = 0;
        try
        {
            var head = new byte[PartLength];
            var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            var start = head.AsSpan(0, length);
            if (Marked(start) is { } marked) return marked;
            if (Wide(start) is { } wide) return wide;
            if (!IsText(start)) return null;
            file.Position = 0;
            return IsUtf8(file) ? StrictUtf8 : Western;
        }
        finally
        {
            file.Position = 0;
        }
    }

    /// <summary>Reads the text as it is written; null where it is none.</summary>
    public static StreamReader? Open(Stream file) =>
        Of(file) is { } encoding ? new StreamReader(file, encoding, detectEncodingFromByteOrderMarks: true, PartLength) : null;

    static Encoding? Marked(ReadOnlySpan<byte> start) => start switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8,
        [0xFF, 0xFE, 0, 0, ..] => Encoding.UTF32,
        [0, 0, 0xFE, 0xFF, ..] => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        [0xFF, 0xFE, ..] => Encoding.Unicode,
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
        _ => null,
    };

    /// <summary>Most of what people write in UTF-16 has a zero in every other byte, spaces and line ends at least.</summary>
    static Encoding? Wide(ReadOnlySpan<byte> start)
    {
        if (start.Length < 4) return null;
        var (even, odd) = (0, 0);
        for (var i = 0; i < start.Length; i++)
        {
            if (start[i] != 0) continue;
            if (i % 2 == 0) even++;
            else odd++;
        }

        var units = start.Length / 2;
        if (odd > units / 10 && even < units / 100 + 1) return Encoding.Unicode;
        return even > units / 10 && odd < units / 100 + 1 ? Encoding.BigEndianUnicode : null;
    }

    static bool IsText(ReadOnlySpan<byte> start)
    {
        var controls = 0;
        foreach (var one in start)
            if (one < ' ' && one is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or 0x1B or 0x08)) controls++;
        return controls * ControlsOneIn <= start.Length;
    }

    static bool IsUtf8(Stream file)
    {
        var decoder = StrictUtf8.GetDecoder();
        var bytes = new byte[PartLength];
        var chars = new char[PartLength + 4];
        try
        {
            int read;
            while ((read = file.Read(bytes)) > 0) decoder.GetChars(bytes, 0, read, chars, 0, flush: false);
            decoder.GetChars([], 0, 0, chars, 0, flush: true);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
