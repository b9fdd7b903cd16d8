using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace NextUp.Processors.Bibtex.Text;

/// <summary>
/// The bytes of a .bib file and what they say. The original bytes are kept, because a file goes out again with nothing
/// changed but what was put in; so every place in <see cref="Text"/> can be turned back into a place in the bytes.
/// </summary>
/// <remarks>
/// The encoding is found in this order: a byte order mark; the pattern of zero bytes of UTF-16 without a mark; strict
/// UTF-8; the header that JabRef writes (<c>% Encoding: Cp1252</c>); else windows-1252, which reads anything, with a
/// warning. A file of plain ASCII that declares an encoding keeps it, so that what is put in stays readable to who
/// declared it.
/// </remarks>
public sealed partial class BibText
{
    /// <summary>How far into a file an encoding header or the pattern of UTF-16 is looked for, in bytes.</summary>
    public const int HeaderBytesMax = 4096;

    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly Encoding encoding;
    readonly int markLength;

    /// <summary>Bytes of one char where all have the same, else 0.</summary>
    readonly int charBytes;

    static BibText() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    BibText(ReadOnlyMemory<byte> bytes, string text, Encoding encoding, int markLength, int charBytes, string? warning)
    {
        Bytes = bytes;
        Text = text;
        this.encoding = encoding;
        this.markLength = markLength;
        this.charBytes = charBytes;
        Warning = warning;
    }

    /// <summary>The file as it was given.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The file's characters, without a byte order mark.</summary>
    public string Text { get; }

    /// <summary>The encoding's usual name, for example <c>utf-8</c>.</summary>
    public string EncodingName => encoding.WebName;

    /// <summary>A sentence for the person who sent the file where the encoding had to be guessed, else null.</summary>
    public string? Warning { get; }

    /// <summary>Reads any bytes; nothing is refused here (see <see cref="BibUpload"/> for that).</summary>
    public static BibText Decode(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.StartsWith("\uFEFF"u8) && Utf8.IsValid(span))
            return new(bytes, Encoding.UTF8.GetString(span[3..]), StrictUtf8, 3, AsciiWidth(span[3..]), null);
        if (span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return DecodeUtf16(bytes, 2, bigEndian: false, null);
        if (span.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return DecodeUtf16(bytes, 2, bigEndian: true, null);
        if (Utf16WithoutMark(span) is { } bigEndian)
            return DecodeUtf16(bytes, 0, bigEndian,
                "The file is UTF-16 without a byte order mark; it was read as such.");

        var declared = Declared(span);
        if (Utf8.IsValid(span))
        {
            var width = AsciiWidth(span);
            if (width == 1 && declared is { IsSingleByte: true })
                return new(bytes, Encoding.UTF8.GetString(span), declared, 0, 1, null);
            return new(bytes, Encoding.UTF8.GetString(span), StrictUtf8, 0, width, null);
        }

        if (declared is not null && Faithful(declared, bytes) is { } text)
            return new(bytes, text, declared, 0, declared.IsSingleByte ? 1 : 0, null);

        // One byte is one char here, whatever the byte, so every place can be turned back.
        var western = Strict(1252);
        return new(bytes, Encoding.GetEncoding(1252).GetString(span), western, 0, 1,
            "The file is not UTF-8 and names no encoding that fits; it was read as windows-1252.");
    }

    /// <summary>Where in the bytes the first char is.</summary>
    internal int FirstByte => markLength;

    /// <summary>
    /// How many bytes the chars from <paramref name="start"/> to <paramref name="end"/> are in the original.
    /// </summary>
    internal int ByteCount(int start, int end) =>
        charBytes > 0 ? (end - start) * charBytes : encoding.GetByteCount(Text.AsSpan(start, end - start));

    /// <summary>Writes text in the file's encoding; what the encoding lacks is written as LaTeX.</summary>
    internal byte[] Encode(string text)
    {
        if (encoding is UTF8Encoding || Ascii.IsValid(text) && charBytes == 1)
            return Encoding.UTF8.GetBytes(text);
        try
        {
            return encoding.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            return encoding.GetBytes(Representable(text));
        }
    }

    string Representable(string text)
    {
        var written = new StringBuilder(text.Length + 16);
        Span<char> one = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            var units = one[..rune.EncodeToUtf16(one)];
            try
            {
                encoding.GetByteCount(units);
                written.Append(units);
            }
            catch (EncoderFallbackException)
            {
                written.Append(LatexEscape.Ascii(rune));
            }
        }

        return written.ToString();
    }

    static int AsciiWidth(ReadOnlySpan<byte> bytes) => Ascii.IsValid(bytes) ? 1 : 0;

    // Units are copied as they are: a decoder would replace half a surrogate pair, and its place would be lost.
    static BibText DecodeUtf16(ReadOnlyMemory<byte> bytes, int markLength, bool bigEndian, string? warning)
    {
        var body = bytes.Span[markLength..];
        var text = string.Create(body.Length / 2, (bytes, markLength, bigEndian), static (chars, from) =>
        {
            var units = MemoryMarshal.Cast<byte, ushort>(from.bytes.Span[from.markLength..]);
            for (var i = 0; i < chars.Length; i++)
            {
                var unit = units[i];
                var swap = from.bigEndian == BitConverter.IsLittleEndian;
                chars[i] = (char)(swap ? (ushort)((unit >> 8) | (unit << 8)) : unit);
            }
        });
        if (body.Length % 2 != 0)
            warning = "The file is UTF-16 with an odd number of bytes; the last byte was kept as it is.";
        return new(bytes, text, new UnicodeEncoding(bigEndian, byteOrderMark: false), markLength, 2, warning);
    }

    /// <summary>True for big-endian, false for little-endian, null where the bytes are not UTF-16.</summary>
    static bool? Utf16WithoutMark(ReadOnlySpan<byte> bytes)
    {
        var pairs = Math.Min(bytes.Length, HeaderBytesMax) / 2;
        if (pairs < 4) return null;
        int evenZeros = 0, oddZeros = 0;
        for (var i = 0; i < pairs; i++)
        {
            if (bytes[2 * i] == 0) evenZeros++;
            if (bytes[2 * i + 1] == 0) oddZeros++;
        }

        // The signs of BibTeX itself are ASCII, so most pairs have one zero, and nearly always on the same side.
        if (oddZeros * 10 > pairs * 6 && evenZeros * 20 < pairs) return false;
        if (evenZeros * 10 > pairs * 6 && oddZeros * 20 < pairs) return true;
        return null;
    }

    static Encoding? Declared(ReadOnlySpan<byte> bytes)
    {
        var head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, HeaderBytesMax)]);
        var match = EncodingHeader().Match(head);
        if (!match.Success) return null;
        var name = match.Groups["name"].Value.Replace("ISO8859_", "ISO-8859-", StringComparison.OrdinalIgnoreCase);
        if (name.Equals("MacRoman", StringComparison.OrdinalIgnoreCase)) name = "macintosh";
        try
        {
            var found = name.StartsWith("cp", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(name.AsSpan(2), out var page)
                ? Strict(page)
                : Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            return found.GetByteCount("@") == 1 && found is not UTF8Encoding ? found : null;
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    static Encoding Strict(int page) =>
        Encoding.GetEncoding(page, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);

    /// <summary>
    /// The text, where the encoding reads the bytes and would write the very same ones again; else null.
    /// </summary>
    static string? Faithful(Encoding encoding, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var text = encoding.GetString(bytes.Span);
            return encoding.GetBytes(text).AsSpan().SequenceEqual(bytes.Span) ? text : null;
        }
        catch (Exception misfit) when (misfit is DecoderFallbackException or EncoderFallbackException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^%?[ \t]*Encoding:[ \t]*(?<name>[A-Za-z0-9_\-]+)",
        RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex EncodingHeader();
}
