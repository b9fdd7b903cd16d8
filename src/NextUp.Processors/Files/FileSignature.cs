using System.Text;

namespace NextUp.Processors.Files;

/// <summary>Says what a file is from its bytes. Reads little, never unpacks anything, and holds nothing.</summary>
public static class FileSignature
{
    const int HeadLength = 4 << 10;

    /// <summary>Programs write things before the mark of a PDF; viewers look for it this far, and so does poppler.</summary>
    const int PdfMarkWithin = 1 << 10;

    static readonly string[] HtmlStarts =
        ["<!doctype html", "<html", "<head", "<body", "<meta", "<title", "<div", "<table", "<p>", "<h1", "<script", "<style"];

    /// <summary>What the file is; for archives also what is wrong with them, in a sentence.</summary>
    /// <param name="file">Can seek; its position is left anywhere.</param>
    public static (FileContent Content, string? Problem) Of(Stream file, ZipLimits? limits = null)
    {
        if (file.Length == 0) return (FileContent.Empty, null);
        var head = new byte[(int)Math.Min(HeadLength, file.Length)];
        file.Position = 0;
        file.ReadExactly(head);
        ReadOnlySpan<byte> bytes = head;
        if (bytes[..Math.Min(PdfMarkWithin, bytes.Length)].IndexOf("%PDF-"u8) >= 0) return (FileContent.Pdf, null);
        if (bytes.StartsWith("PK\u0003\u0004"u8) || bytes.StartsWith("PK\u0005\u0006"u8)) return OfZip(file, limits ?? ZipLimits.Default);
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]))
            return (OleDirectory.ContentOf(file), null);
        if (IsOldSheet(bytes)) return (FileContent.Xls, null);
        if (bytes.StartsWith("{\\rtf"u8)) return (FileContent.Rtf, null);
        if (IsPicture(bytes)) return (FileContent.Picture, null);
        if (IsHtml(bytes)) return (FileContent.Html, null);
        return (TextEncoding.Of(file) is null ? FileContent.Unknown : FileContent.Text, null);
    }

    static (FileContent Content, string? Problem) OfZip(Stream file, ZipLimits limits)
    {
        var (directory, problem) = ZipDirectory.Read(file, limits);
        if (directory is null) return (FileContent.OtherZip, problem);
        var names = directory.Names;
        if (names.Contains("word/document.xml") || HasPart("word/document")) return (FileContent.Docx, null);
        if (names.Contains("ppt/presentation.xml")) return (FileContent.Pptx, null);
        if (names.Contains("xl/workbook.bin")) return (FileContent.Xlsb, null);
        if (names.Contains("xl/workbook.xml")) return (FileContent.Xlsx, null);
        if (names.Contains("META-INF/container.xml")) return (FileContent.Epub, null);
        if (names.Contains("META-INF/manifest.xml") && names.Contains("content.xml")) return (FileContent.OpenDocument, null);
        if (names.Contains("[Content_Types].xml") && names.FirstOrDefault(IsWorkbook) is not null) return (FileContent.Xlsx, null);
        return (FileContent.OtherZip, null);

        // Word names later versions of its main part document2.xml and so on.
        bool HasPart(string start) => names.Any(name =>
            name.StartsWith(start, StringComparison.OrdinalIgnoreCase) && name.EndsWith(".xml", StringComparison.OrdinalIgnoreCase));

        static bool IsWorkbook(string name) => name.EndsWith("workbook.xml", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Excel until version 4 wrote its records without a container around them.</summary>
    static bool IsOldSheet(ReadOnlySpan<byte> bytes) =>
        bytes.Length > 8 && bytes[0] == 0x09 && bytes[1] is 0x00 or 0x02 or 0x04 or 0x08 && bytes[2] is 4 or 6 or 8 or 16 && bytes[3] == 0;

    static bool IsPicture(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G'])
        || bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])
        || bytes.StartsWith("GIF8"u8)
        || bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8)
        || (bytes.StartsWith("BM"u8) && bytes.Length > 10 && bytes[6] == 0 && bytes[7] == 0)
        || (bytes.StartsWith("RIFF"u8) && bytes.Length > 12 && bytes[8..].StartsWith("WEBP"u8));

    static bool IsHtml(ReadOnlySpan<byte> bytes)
    {
        // The zeros are those of UTF-16, the signs at the beginning those of a mark of UTF-8.
        var text = Encoding.Latin1.GetString(bytes).Replace("\0", "", StringComparison.Ordinal)
            .TrimStart('\u00ef', '\u00bb', '\u00bf', '\u00ff', '\u00fe', ' ', '\t', '\r', '\n');
        // In front of the first element there may be a declaration and comments.
        while (text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<!--", StringComparison.Ordinal))
        {
            var (mark, length) = text[1] == '?' ? ("?>", 2) : ("-->", 3);
            var end = text.IndexOf(mark, StringComparison.Ordinal);
            if (end < 0) return false;
            text = text[(end + length)..].TrimStart();
        }

        return Array.Exists(HtmlStarts, start => text.StartsWith(start, StringComparison.OrdinalIgnoreCase));
    }
}
