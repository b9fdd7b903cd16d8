using System.Buffers.Binary;
using System.Text;

namespace NextUp.Processors.Files;

/// <summary>
/// The streams of Microsoft's old container (compound file binary, [MS-CFB]). Whatever its tables say, no chain is followed
/// further than the file has sectors.
/// </summary>
static class OleStreams
{
    const int HeaderLength = 512, EntryLength = 128, NameBytesMax = 64, AllocationsInHeader = 109, MiniLength = 64;

    const uint LastSector = 0xFFFF_FFFA;

    static ReadOnlySpan<byte> Mark => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    public static bool IsContainer(Stream file)
    {
        Span<byte> head = stackalloc byte[Mark.Length];
        file.Position = 0;
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual(Mark);
    }

    /// <summary>The stream of the first of the names that there is; null where there is none.</summary>
    /// <exception cref="InvalidDataException">The container is damaged.</exception>
    public static SectorChain? Find(Stream container, params ReadOnlySpan<string> names)
    {
        var file = new Container(container);
        var entries = file.Entries();
        foreach (var name in names)
        {
            if (entries.Find(entry => entry.IsStream && name.Equals(entry.Name, StringComparison.OrdinalIgnoreCase)) is { } found)
                return file.StreamOf(found, entries);
        }

        return null;
    }

    sealed record Entry(string Name, bool IsStream, bool IsRoot, uint First, long Length);

    sealed class Container
    {
        readonly Stream _file;
        readonly byte[] _header = new byte[HeaderLength];
        readonly int _sectorLength;
        readonly SectorChain _allocations;

        public Container(Stream file)
        {
            _file = file;
            file.Position = 0;
            var shift = file.ReadAtLeast(_header, HeaderLength, throwOnEndOfStream: false) < HeaderLength
                ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(_header.AsSpan(30));
            _sectorLength = shift is 9 or 12 ? 1 << shift : throw Damaged();
            var starts = AllocationSectors().ConvertAll(StartOf);
            _allocations = new(file, starts, _sectorLength, (long)starts.Count * _sectorLength);
        }

        int SectorsMax => (int)Math.Min(int.MaxValue, _file.Length / _sectorLength);

        public List<Entry> Entries()
        {
            var entries = new List<Entry>();
            var directory = Chain(Number(48), _allocations, StartOf, _sectorLength, long.MaxValue);
            for (var at = 0L; at < directory.Length; at += EntryLength)
            {
                var entry = directory.At(at, EntryLength);
                if (entry.Length < EntryLength)
                    break;
                var bytes = BinaryPrimitives.ReadUInt16LittleEndian(entry[NameBytesMax..]);
                if (bytes is not (> 2 and <= NameBytesMax))
                    continue;
                // The upper half of the length is anything in files of old.
                entries.Add(new(
                    Encoding.Unicode.GetString(entry[..(bytes - 2)]), entry[66] == 2, entry[66] == 5,
                    BinaryPrimitives.ReadUInt32LittleEndian(entry[116..]), BinaryPrimitives.ReadUInt32LittleEndian(entry[120..])));
            }

            return entries;
        }

        public SectorChain StreamOf(Entry entry, List<Entry> entries)
        {
            if (entry.Length >= Number(56))
                return Chain(entry.First, _allocations, StartOf, _sectorLength, entry.Length);
            var root = entries.Find(one => one.IsRoot) ?? throw Damaged();
            var shelf = Follow(root.First, _allocations, SectorsMax).ConvertAll(StartOf);
            var small = Chain(Number(60), _allocations, StartOf, _sectorLength, long.MaxValue);
            return Chain(
                entry.First, small,
                number => (long)number * MiniLength / _sectorLength is var sector && sector < shelf.Count
                    ? shelf[(int)sector] + ((long)number * MiniLength % _sectorLength) : throw Damaged(),
                MiniLength, entry.Length);
        }

        /// <summary>The sectors of the table of allocations: the first are named in the header, the others in a chain.</summary>
        List<uint> AllocationSectors()
        {
            var sectors = new List<uint>();
            for (var i = 0; i < AllocationsInHeader; i++)
                Add(Number(76 + (i * 4)));
            var more = Number(68);
            var sector = new byte[_sectorLength];
            for (var i = 0; i < SectorsMax && more < LastSector; i++)
            {
                _file.Position = StartOf(more);
                _file.ReadAtLeast(sector, _sectorLength, throwOnEndOfStream: false);
                for (var at = 0; at < _sectorLength - 4; at += 4)
                    Add(BinaryPrimitives.ReadUInt32LittleEndian(sector.AsSpan(at)));
                more = BinaryPrimitives.ReadUInt32LittleEndian(sector.AsSpan(_sectorLength - 4));
            }

            return sectors;

            void Add(uint number)
            {
                if (number < LastSector && sectors.Count <= SectorsMax)
                    sectors.Add(number);
            }
        }

        SectorChain Chain(uint first, SectorChain table, Converter<uint, long> startOf, int sectorLength, long length)
        {
            var most = length == long.MaxValue ? SectorsMax : (int)Math.Min((length / sectorLength) + 1, _file.Length / sectorLength);
            return new(_file, Follow(first, table, most).ConvertAll(startOf), sectorLength, length);
        }

        static List<uint> Follow(uint first, SectorChain table, int most)
        {
            var sectors = new List<uint>();
            for (var number = first; number < LastSector && sectors.Count < most;)
            {
                sectors.Add(number);
                var next = table.At(number * 4L, 4);
                number = next.Length == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(next) : uint.MaxValue;
            }

            return sectors;
        }

        uint Number(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(at));

        long StartOf(uint sector) => (sector + 1L) * _sectorLength;

        static InvalidDataException Damaged() => new("The container of the workbook is damaged.");
    }
}
