namespace NextUp.Processors.Documents.Search;

/// <summary>Where a word stands: four bytes a chunk, 24 bits its slot and 8 how often.</summary>
struct Postings
{
    /// <summary>Slots of one index.</summary>
    public const int SlotsMax = 1 << 24;

    const int CountMax = byte.MaxValue;

    uint[]? _entries;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<uint> Entries => _entries.AsSpan(0, Length);

    public readonly int Bytes => (_entries?.Length ?? 0) * sizeof(uint);

    public static int Slot(uint entry) => (int)(entry >> 8);

    public static int Count(uint entry) => (int)(entry & CountMax);

    public void Add(int slot, int count)
    {
        _entries ??= new uint[2];
        if (Length == _entries.Length)
            Array.Resize(ref _entries, Length + Math.Max(2, Length / 2));
        _entries[Length++] = ((uint)slot << 8) | (uint)Math.Min(count, CountMax);
    }
}
