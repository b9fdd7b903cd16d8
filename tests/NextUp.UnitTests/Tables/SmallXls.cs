using System.Buffers.Binary;
using System.Text;

namespace NextUp.UnitTests.Tables;

/// <summary>An .xls of Excel 97 with no more in it than readers need, in its container or as the bare stream.</summary>
static class SmallXls
{
    const int Sector = 512, Mini = 64;

    public static byte[] Label(int row, int column, string text) =>
        Record(0x0204, [.. Place(row, column), .. Word(text.Length), 0, .. Encoding.Latin1.GetBytes(text)]);

    public static byte[] Number(int row, int column, double value) =>
        Record(0x0203, [.. Place(row, column), .. BitConverter.GetBytes(value)]);

    /// <summary>An error that was typed or pasted.</summary>
    public static byte[] Error(int row, int column, byte code) => Record(0x0205, [.. Place(row, column), code, 1]);

    public static byte[] Truth(int row, int column, bool value) =>
        Record(0x0205, [.. Place(row, column), value ? (byte)1 : (byte)0, 0]);

    /// <summary>A formula (1/0) and what it came to: 1 a truth value, 2 an error.</summary>
    public static byte[] Formula(int row, int column, byte kind, byte value) => Record(
        0x0006,
        [.. Place(row, column), kind, 0, value, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 7, 0, 0x1E, 1, 0, 0x1E, 0, 0, 0x06]);

    /// <summary>A chart, which lies in its sheet and has cells of its own.</summary>
    public static byte[] Chart(params byte[][] cells) => [.. Begin(0x20), .. cells.SelectMany(cell => cell), .. End];

    /// <param name="protection">Records that come first, where the key of an encryption stands.</param>
    public static byte[] Records(byte[] protection, params byte[][][] sheets)
    {
        byte[] Bound(int number, int at) => Record(0x0085, [.. BitConverter.GetBytes(at), 0, 0, 2, 0, (byte)'S', (byte)('1' + number)]);
        var first = Begin(0x05).Length + protection.Length + (sheets.Length * Bound(0, 0).Length) + End.Length;
        var parts = sheets.Select(cells => (byte[])[.. Begin(0x10), .. Dimensions, .. cells.SelectMany(cell => cell), .. End]).ToList();
        List<byte> all = [.. Begin(0x05), .. protection];
        for (var i = 0; i < parts.Count; i++)
            all.AddRange(Bound(i, first + parts.Take(i).Sum(part => part.Length)));
        all.AddRange(End);
        foreach (var part in parts)
            all.AddRange(part);
        return [.. all];
    }

    /// <summary>The container: sectors of 512 bytes, those of a stream below 4,096 bytes in sectors of 64.</summary>
    public static byte[] Of(params byte[][][] sheets) => Contain(Records([], sheets));

    public static byte[] Contain(byte[] stream)
    {
        var isSmall = stream.Length < 4096;
        var body = Padded(stream, Sector);
        var bodySectors = body.Length / Sector;
        // Sectors: the allocations, the directory, those of small streams, then the stream itself.
        var allocations = new List<uint>();
        var allocationSectors = ((bodySectors + 10) / 128) + 1;
        var (directory, small, data) = (allocationSectors, allocationSectors + 1, allocationSectors + 2);
        allocations.AddRange(Enumerable.Repeat(0xFFFF_FFFDu, allocationSectors));
        allocations.AddRange([0xFFFF_FFFE, 0xFFFF_FFFE]);
        for (var i = 0; i < bodySectors; i++)
            allocations.Add(i == bodySectors - 1 ? 0xFFFF_FFFE : (uint)(data + i + 1));
        var minis = Enumerable.Range(1, body.Length / Mini).Select(i => i * Mini >= stream.Length ? 0xFFFF_FFFE : (uint)i);

        var header = new byte[Sector];
        ((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]).CopyTo(header);
        ((ReadOnlySpan<byte>)[0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0]).CopyTo(header.AsSpan(24));
        void Set(int at, long value) => BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(at), (uint)value);
        Set(44, allocationSectors);
        Set(48, directory);
        Set(56, 4096);
        Set(60, isSmall ? small : 0xFFFF_FFFE);
        Set(64, isSmall ? 1 : 0);
        Set(68, 0xFFFF_FFFE);
        for (var i = 0; i < 109; i++)
            Set(76 + (i * 4), i < allocationSectors ? i : 0xFFFF_FFFF);
        return
        [
            .. header,
            .. Numbers(allocations, allocationSectors * 128),
            .. Padded(
                [.. Entry("Root Entry", 5, 1, isSmall ? data : 0xFFFF_FFFE, isSmall ? body.Length : 0),
                 .. Entry("Workbook", 2, 0xFFFF_FFFF, isSmall ? 0 : data, stream.Length)], Sector),
            .. Numbers(minis, 128),
            .. body,
        ];
    }

    static byte[] Dimensions => Record(0x0200, [0, 0, 0, 0, 0x00, 0x10, 0, 0, 0, 0, 8, 0, 0, 0]);

    static byte[] End => Record(0x000A, []);

    static byte[] Begin(ushort kind) => Record(0x0809, [0, 6, .. Word(kind), 0xBB, 0x0D, 0xCC, 0x07, 0, 0, 0, 0, 6, 0, 0, 0]);

    public static byte[] Record(ushort id, byte[] body) => [.. Word(id), .. Word(body.Length), .. body];

    static byte[] Place(int row, int column) => [.. Word(row), .. Word(column), 0, 0];

    static byte[] Word(int value) => BitConverter.GetBytes((ushort)value);

    static byte[] Padded(byte[] bytes, int to) => [.. bytes, .. new byte[(to - (bytes.Length % to)) % to]];

    static IEnumerable<byte> Numbers(IEnumerable<uint> numbers, int count) =>
        numbers.Concat(Enumerable.Repeat(0xFFFF_FFFFu, count)).Take(count).SelectMany(BitConverter.GetBytes);

    static byte[] Entry(string name, byte type, uint child, long first, long length)
    {
        var entry = new byte[128];
        Encoding.Unicode.GetBytes(name).CopyTo(entry, 0);
        entry[64] = (byte)((name.Length + 1) * 2);
        (entry[66], entry[67]) = (type, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(68), 0xFFFF_FFFF);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(72), 0xFFFF_FFFF);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(76), child);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(116), (uint)first);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(120), (uint)length);
        return entry;
    }
}
