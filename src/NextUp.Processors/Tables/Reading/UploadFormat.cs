using System.IO.Compression;
using System.Text;

namespace NextUp.Processors.Tables.Reading;

/// <summary>What kind of file it is, by its content.</summary>
abstract record UploadFormat
{
    UploadFormat() { }

    public sealed record Separated : UploadFormat;

    /// <summary>A workbook of Excel: xls or xlsx.</summary>
    public sealed record Workbook : UploadFormat;

    /// <param name="Reason">One sentence: what it is, and the way out.</param>
    public sealed record Refused(string Reason) : UploadFormat;

    const int HeadBytes = 4096;

    /// <summary>Entries of a zip file that are looked at.</summary>
    const int EntriesMax = 10_000;

    /// <summary>All of a workbook, unpacked, in bytes: 1 GiB.</summary>
    public const long UnpackedBytesMax = 1L << 30;

    /// <summary>How many times larger than its packed size a part may be; text packs to a twentieth, a bomb to a thousandth.</summary>
    const int RatioMax = 200;

    /// <summary>A part below this many bytes may be packed as well as it likes.</summary>
    const long RatioFreeBytes = 16 * 1024 * 1024;

    static ReadOnlySpan<byte> OleMark => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    /// <summary>Looks at the stream, which can seek; leaves it at its beginning.</summary>
    public static UploadFormat Of(string fileName, Stream content)
    {
        content.Position = 0;
        var head = new byte[HeadBytes];
        var first = head.AsSpan(0, content.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false));
        var format = first.IsEmpty ? new Refused($"\"{fileName}\" is empty. Save the table again, with its header and rows.")
            : first.StartsWith("PK"u8) ? OfZip(fileName, content)
            : first.StartsWith(OleMark) ? OfOle(fileName, content)
            : IsEarlyExcel(first) ? new Workbook()
            : OfText(fileName, first);
        content.Position = 0;
        return format;
    }

    /// <summary>Whether the stream begins as a zip file does; leaves it at its beginning.</summary>
    public static bool IsZip(Stream content)
    {
        content.Position = 0;
        Span<byte> head = stackalloc byte[2];
        var isZip = content.ReadAtLeast(head, 2, throwOnEndOfStream: false) == 2 && head.SequenceEqual("PK"u8);
        content.Position = 0;
        return isZip;
    }

    static UploadFormat OfZip(string fileName, Stream content)
    {
        try
        {
            content.Position = 0;
            using var zip = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Count > EntriesMax)
                return new Refused($"\"{fileName}\" has {zip.Entries.Count:N0} parts; a workbook has less than {EntriesMax:N0}.");
            var names = zip.Entries.Select(entry => entry.FullName.Replace('\\', '/').TrimStart('/').ToUpperInvariant()).ToHashSet();
            if (names.Contains("XL/WORKBOOK.BIN"))
                return new Refused($"\"{fileName}\" is a binary workbook (xlsb). Save it as xlsx or CSV.");
            if (names.Contains("MIMETYPE") || names.Contains("CONTENT.XML"))
                return new Refused($"\"{fileName}\" is an OpenDocument file (ods). Save it as xlsx or CSV.");
            if (!names.Any(name => name.StartsWith("XL/", StringComparison.Ordinal) || name.EndsWith("/WORKBOOK.XML",
                StringComparison.Ordinal)
                || name is "WORKBOOK.XML"))
            {
                return new Refused(names.Contains("WORD/DOCUMENT.XML")
                    ? $"\"{fileName}\" is a Word document. Put the table into a workbook, or save it as CSV."
                    : $"\"{fileName}\" is a zip file without a workbook. Unpack it and send the tables.");
            }

            return Bomb(fileName, zip) is { } bomb ? new Refused(bomb) : new Workbook();
        }
        catch (InvalidDataException)
        {
            return new Refused($"\"{fileName}\" looks like a workbook but is damaged. Open it and save it again.");
        }
    }

    /// <summary>By what the directory says; the reading itself has limits of its own.</summary>
    static string? Bomb(string fileName, ZipArchive zip)
    {
        var whole = 0L;
        foreach (var entry in zip.Entries)
        {
            whole += entry.Length;
            if (whole > UnpackedBytesMax
                || (entry.Length > RatioFreeBytes && entry.Length / RatioMax > entry.CompressedLength))
            {
                return $"\"{fileName}\" unpacks to far more than a table holds. Save it as CSV and send that.";
            }
        }

        return null;
    }

    /// <summary>
    /// An OLE container has a directory of 128-byte entries that begin with their name in UTF-16, on boundaries of 128 bytes.
    /// </summary>
    static UploadFormat OfOle(string fileName, Stream content)
    {
        content.Position = 512;
        var buffer = new byte[64 * 1024];
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) is > 0 and var read)
        {
            for (var at = 0; at + 128 <= read; at += 128)
            {
                var length = buffer[at + 64] | (buffer[at + 65] << 8);
                if (length is >= 4 and <= 64 && length % 2 == 0 && buffer[at + 66] is 1 or 2 or 5)
                    names.Add(Encoding.Unicode.GetString(buffer, at, length - 2));
            }
        }

        return names.Contains("EncryptedPackage")
            ? new Refused($"\"{fileName}\" is protected with a password. Save it without one and send it again.")
            : names.Contains("WordDocument") || names.Contains("PowerPoint Document")
                ? new Refused($"\"{fileName}\" is no workbook. Put the table into one, or save it as CSV.")
                : new Workbook();
    }

    /// <summary>Excel 2 to 4 wrote no container: a file is one stream that begins with BOF.</summary>
    static bool IsEarlyExcel(ReadOnlySpan<byte> head) =>
        head.Length > 8 && head[0] == 0x09 && head[1] is 0x00 or 0x02 or 0x04 or 0x08 && head[3] == 0 && head[2] is >= 4 and <= 16;

    static UploadFormat OfText(string fileName, ReadOnlySpan<byte> head)
    {
        var text = Encoding.UTF8.GetString(head).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (text.StartsWith("<html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<!doctype html",
            StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<table", StringComparison.OrdinalIgnoreCase))
        {
            return new Refused(
                $"\"{fileName}\" is a web page, whatever its name says. Open it in a spreadsheet and save it as xlsx or CSV.");
        }

        if (text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase))
            return new Refused($"\"{fileName}\" is XML. Open it in a spreadsheet and save it as xlsx or CSV.");
        if (head.StartsWith("%PDF-"u8))
            return new Refused($"\"{fileName}\" is a PDF. Send the table as CSV or Excel.");
        if (text.StartsWith("{\\rtf", StringComparison.Ordinal))
            return new Refused($"\"{fileName}\" is a text document (RTF). Send the table as CSV or Excel.");
        return IsBinary(head)
            ? new Refused($"\"{fileName}\" is neither text nor a workbook. Send the table as CSV, xlsx or xls.")
            : new Separated();
    }

    /// <summary>So many zero bytes in even and in odd places are no text in any encoding.</summary>
    const int ZerosMin = 3;

    /// <summary>Control characters that no text has; zero bytes are UTF-16 where they are on one side only.</summary>
    static bool IsBinary(ReadOnlySpan<byte> head)
    {
        if (head is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            return false;
        int strange = 0, even = 0, odd = 0;
        for (var i = 0; i < head.Length; i++)
        {
            if (head[i] == 0)
                _ = i % 2 == 0 ? even++ : odd++;
            else if (head[i] < 32 && head[i] is not (9 or 10 or 13 or 12 or 27 or 26))
                strange++;
        }

        // A stray zero in a text is a fault of its value, found where it stands.
        return strange > head.Length / 50 || (even >= ZerosMin && odd >= ZerosMin);
    }
}
