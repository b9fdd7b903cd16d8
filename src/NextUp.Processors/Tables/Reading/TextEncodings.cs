using System.Text;

namespace NextUp.Processors.Tables.Reading;

/// <summary>
/// Finds out how a text file is encoded: a byte order mark says so; many zero bytes on one side are UTF-16; what is valid
/// UTF-8 from beginning to end is UTF-8; everything else is taken for Windows-1252, which reads every byte.
/// </summary>
static class TextEncodings
{
    const int ChunkBytes = 64 * 1024;

    /// <summary>Of the first bytes, the share that must be zero on one side of each pair for UTF-16 without a mark.</summary>
    const double ZeroShare = 0.3;

    static TextEncodings() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The encoding of this name, or null where there is none.</summary>
    public static Encoding? Find(string name)
    {
        try
        {
            return name.ToUpperInvariant() is "UTF-8" or "UTF8" ? Utf8 : Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    static UTF8Encoding Utf8 { get; } = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Looks at the whole stream and puts it back to its beginning.</summary>
    public static string Sniff(Stream content)
    {
        content.Position = 0;
        var head = new byte[ChunkBytes];
        var length = content.ReadAtLeast(head, ChunkBytes, throwOnEndOfStream: false);
        var first = head.AsSpan(0, length);
        var name = ByMark(first) ?? ByZeros(first) ?? (IsUtf8(content) ? "utf-8" : "windows-1252");
        content.Position = 0;
        return name;
    }

    static string? ByMark(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? "utf-8"
        : head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) ? "utf-32"
        : head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? "utf-16"
        : head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? "utf-16BE" : null;

    static string? ByZeros(ReadOnlySpan<byte> head)
    {
        int even = 0, odd = 0;
        for (var i = 0; i + 1 < head.Length; i += 2)
        {
            even += head[i] == 0 ? 1 : 0;
            odd += head[i + 1] == 0 ? 1 : 0;
        }

        var pairs = head.Length / 2;
        return pairs == 0 ? null
            : odd > pairs * ZeroShare && even == 0 ? "utf-16"
            : even > pairs * ZeroShare && odd == 0 ? "utf-16BE" : null;
    }

    static bool IsUtf8(Stream content)
    {
        content.Position = 0;
        var decoder = new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder();
        var bytes = new byte[ChunkBytes];
        var letters = new char[ChunkBytes + 1];
        try
        {
            while (content.Read(bytes) is > 0 and var read)
                decoder.GetChars(bytes.AsSpan(0, read), letters, flush: false);
            decoder.GetChars([], letters, flush: true);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
