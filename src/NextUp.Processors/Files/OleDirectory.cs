using System.Buffers.Binary;
using System.Text;

namespace NextUp.Processors.Files;

/// <summary>The names in Microsoft's old container (compound file binary), enough to say what is in it.</summary>
static class OleDirectory
{
    const int HeaderLength = 512, EntryLength = 128, NameBytesMax = 64, AllocationsInHeader = 109;

    /// <summary>What identifies a file stands in the first entries; a container may have very many.</summary>
    const int SectorsMax = 64;

    public static FileContent ContentOf(Stream container)
    {
        var names = Names(container);
        if (names.Contains("EncryptedPackage")) return FileContent.ProtectedOffice;
        if (names.Contains("Workbook") || names.Contains("Book")) return FileContent.Xls;
        if (names.Contains("WordDocument")) return FileContent.Doc;
        return names.Contains("PowerPoint Document") ? FileContent.Ppt : FileContent.OtherContainer;
    }

    static HashSet<string> Names(Stream container)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        var header = new byte[HeaderLength];
        container.Position = 0;
        if (container.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength) return names;
        var shift = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(30));
        if (shift is not (9 or 12)) return names;
        var sector = new byte[1 << shift];
        var number = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(48));
        for (var i = 0; i < SectorsMax && Read(container, number, sector); i++)
        {
            for (var at = 0; at < sector.Length; at += EntryLength)
            {
                var bytes = BinaryPrimitives.ReadUInt16LittleEndian(sector.AsSpan(at + NameBytesMax));
                if (bytes is > 2 and <= NameBytesMax)
                    names.Add(Encoding.Unicode.GetString(sector, at, bytes - 2));
            }

            number = Following(container, header, number, sector.Length);
        }

        return names;
    }

    /// <summary>The sector that follows in the chain, by the table of allocations.</summary>
    static uint Following(Stream container, byte[] header, uint number, int sectorLength)
    {
        var perSector = (uint)sectorLength / 4;
        if (number / perSector >= AllocationsInHeader) return uint.MaxValue;
        var table = new byte[sectorLength];
        var of = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(76 + (int)(number / perSector * 4)));
        return Read(container, of, table)
            ? BinaryPrimitives.ReadUInt32LittleEndian(table.AsSpan((int)(number % perSector * 4))) : uint.MaxValue;
    }

    static bool Read(Stream container, uint number, byte[] sector)
    {
        var position = (number + 1L) * sector.Length;
        if (position >= container.Length) return false;
        container.Position = position;
        Array.Clear(sector);
        return container.ReadAtLeast(sector, sector.Length, throwOnEndOfStream: false) > 0;
    }
}
