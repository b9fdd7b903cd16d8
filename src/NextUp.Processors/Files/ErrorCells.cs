using System.IO.Compression;

namespace NextUp.Processors.Files;

/// <summary>
/// The reader of workbooks shows the cell of a formula that failed as empty. This hands out an .xlsx in which such cells are
/// texts (#REF!), so that they are not taken for values that are not there. Those of an .xls are in <see cref="XlsErrors"/>.
/// </summary>
static class ErrorCells
{
    const int ChunkBytes = 1 << 16;

    static ReadOnlySpan<byte> OfError => " t=\"e\""u8;

    static ReadOnlySpan<byte> OfText => " t=\"str\""u8;

    /// <param name="file">An .xlsx.</param>
    /// <summary>The same stream where there are none; else one in memory, packed.</summary>
    public static Stream AsText(Stream file)
    {
        using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        if (!archive.Entries.Any(part => IsSheet(part) && Copy(part, null) > 0))
        {
            file.Position = 0;
            return file;
        }

        var texts = new MemoryStream();
        using (var written = new ZipArchive(texts, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var part in archive.Entries)
            {
                using var to = written.CreateEntry(part.FullName, CompressionLevel.Fastest).Open();
                if (IsSheet(part))
                    Copy(part, to);
                else
                    CopyAsIs(part, to);
            }
        }

        texts.Position = 0;
        return texts;
    }

    static bool IsSheet(ZipArchiveEntry part) =>
        part.FullName.StartsWith("xl/worksheets/", StringComparison.OrdinalIgnoreCase)
        && part.FullName.EndsWith(".xml", StringComparison.OrdinalIgnoreCase);

    static void CopyAsIs(ZipArchiveEntry part, Stream to)
    {
        using var from = part.Open();
        from.CopyTo(to);
    }

    /// <summary>Copies with the cells turned into texts, or only counts them; the count.</summary>
    static int Copy(ZipArchiveEntry part, Stream? to)
    {
        using var from = part.Open();
        var buffer = new byte[ChunkBytes];
        var (kept, count) = (0, 0);
        while (true)
        {
            var read = from.Read(buffer, kept, buffer.Length - kept);
            var chunk = buffer.AsSpan(0, kept + read);
            while (chunk.IndexOf(OfError) is >= 0 and var at)
            {
                to?.Write(chunk[..at]);
                to?.Write(OfText);
                chunk = chunk[(at + OfError.Length)..];
                count++;
            }

            // What may be the beginning of one that the next chunk ends is kept.
            kept = read == 0 ? 0 : Math.Min(chunk.Length, OfError.Length - 1);
            to?.Write(chunk[..^kept]);
            chunk[^kept..].CopyTo(buffer);
            if (read == 0)
                return count;
        }
    }
}
