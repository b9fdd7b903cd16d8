using System.IO.Compression;
using System.Text;

namespace NextUp.Processors.Files;

/// <summary>
/// Excel also saves a strict form of .xlsx that differs by the names of its vocabularies, and its readers see nothing in it.
/// This hands out such a file under the usual names.
/// </summary>
public static class StrictWorkbook
{
    const string Strict = "http://purl.oclc.org/ooxml/";

    /// <summary>The vocabularies are named in the first element of a part.</summary>
    const int HeadLength = 64 << 10;

    static readonly (string Strict, string Usual)[] Names =
    [
        (Strict + "spreadsheetml/main", "http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
        (Strict + "officeDocument/relationships", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    ];

    /// <summary>The same file where it is usual; else one in memory, packed, which the caller disposes of.</summary>
    /// <param name="file">An .xlsx within <see cref="ZipLimits"/>; its position is left at its beginning.</param>
    public static Stream AsUsual(Stream file)
    {
        using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        if (!IsStrict(archive))
        {
            file.Position = 0;
            return file;
        }

        var usual = new MemoryStream();
        using (var written = new ZipArchive(usual, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var part in archive.Entries) Copy(part, written.CreateEntry(part.FullName, CompressionLevel.Fastest));
        usual.Position = file.Position = 0;
        return usual;
    }

    static bool IsStrict(ZipArchive archive)
    {
        if (archive.GetEntry("xl/workbook.xml") is not { } workbook) return false;
        using var content = workbook.Open();
        return Encoding.Latin1.GetString(Head(content)).Contains(Strict, StringComparison.Ordinal);
    }

    static void Copy(ZipArchiveEntry part, ZipArchiveEntry written)
    {
        using var from = part.Open();
        using var to = written.Open();
        // Latin-1 keeps every byte as it is, whatever the part is written in.
        var head = Encoding.Latin1.GetString(Head(from));
        foreach (var (strict, usual) in Names) head = head.Replace(strict, usual, StringComparison.Ordinal);
        to.Write(Encoding.Latin1.GetBytes(head));
        from.CopyTo(to);
    }

    static byte[] Head(Stream content)
    {
        var head = new byte[HeadLength];
        return head[..content.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false)];
    }
}
