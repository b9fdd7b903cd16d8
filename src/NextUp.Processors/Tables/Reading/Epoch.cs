using System.IO.Compression;
using System.Xml;

namespace NextUp.Processors.Tables.Reading;

/// <summary>
/// From when a workbook counts days: 1900, or 1904 as old Macintoshes did. Cells with the format of a date are right either way;
/// the bare number of a day says nothing without it.
/// </summary>
static class Epoch
{
    const string Workbook = "xl/workbook.xml";

    const int ChunkBytes = 1 << 16;

    /// <summary>The record that says 1904, and the beginning of the one that always follows it in an .xls.</summary>
    static ReadOnlySpan<byte> Mark1904 => [0x22, 0x00, 0x02, 0x00, 0x01, 0x00, 0x0E, 0x00, 0x02, 0x00];

    /// <summary>Whether it is 1904; leaves the stream at its beginning.</summary>
    public static bool Is1904(Stream workbook)
    {
        var is1904 = UploadFormat.IsZip(workbook) ? OfZip(workbook) : Contains(workbook, Mark1904);
        workbook.Position = 0;
        return is1904;
    }

    static bool OfZip(Stream workbook)
    {
        using var zip = new ZipArchive(workbook, ZipArchiveMode.Read, leaveOpen: true);
        if (zip.Entries.FirstOrDefault(IsWorkbook) is not { } part)
            return false;
        using var content = part.Open();
        using var xml = XmlReader.Create(content, new()
        {
            DtdProcessing = DtdProcessing.Prohibit, MaxCharactersInDocument = UploadFormat.UnpackedBytesMax,
        });
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "workbookPr" })
                return xml.GetAttribute("date1904") is "1" or "true" or "on";
        }

        return false;
    }

    static bool IsWorkbook(ZipArchiveEntry part) =>
        part.FullName.Replace('\\', '/').TrimStart('/').Equals(Workbook, StringComparison.OrdinalIgnoreCase);

    static bool Contains(Stream file, ReadOnlySpan<byte> wanted)
    {
        file.Position = 0;
        var buffer = new byte[ChunkBytes];
        var kept = 0;
        while (file.Read(buffer, kept, buffer.Length - kept) is > 0 and var read)
        {
            var chunk = buffer.AsSpan(0, kept + read);
            if (chunk.IndexOf(wanted) >= 0)
                return true;
            kept = Math.Min(chunk.Length, wanted.Length - 1);
            chunk[^kept..].CopyTo(buffer);
        }

        return false;
    }
}
