using NextUp.Processors.Documents.Processing;

namespace NextUp.Server.Settings;

/// <summary>The section <c>documents</c>: how documents are made searchable, and how many one user may have.</summary>
sealed record DocumentSettings
{
    const int DocumentsCeiling = 1_000_000;
    const int ChunksCeiling = 4_000_000;
    const int ChunksAtOnceCeiling = 1_000;

    /// <summary>16 MiB and 64 GiB.</summary>
    const long MemoryFloor = 16L << 20, MemoryCeiling = 64L << 30;

    public DocumentOptions Work { get; init; } = new();

    /// <summary>Documents of one user. Defaults to 10,000.</summary>
    public int DocumentsPerUserMax { get; init; } = 10_000;

    /// <summary>Chunks of one user, of all documents. Defaults to 200,000, some 400 MB of disk.</summary>
    public int ChunksPerUserMax { get; init; } = 200_000;

    /// <summary>Memory for the indexes of those who searched last. Defaults to 512 MiB.</summary>
    public long SearchMemoryBytesMax { get; init; } = 512L << 20;

    public static DocumentSettings Read(SettingsSection section)
    {
        var settings = new DocumentSettings();
        return new()
        {
            Work = settings.Work with
            {
                ChunksMax = section.Int(
                    "chunksMax", settings.Work.ChunksMax, 1, ChunksCeiling,
                    "Chunks of one document, of some 1,000 characters each; longer documents fail and say so."),
                ChunksAtOnce = section.Int(
                    "chunksAtOnce", settings.Work.ChunksAtOnce, 1, ChunksAtOnceCeiling,
                    "Chunks embedded together, and stored as one checkpoint where a service makes the vectors."),
            },
            DocumentsPerUserMax = section.Int(
                "documentsPerUserMax", settings.DocumentsPerUserMax, 1, DocumentsCeiling, "Documents that one user may have."),
            ChunksPerUserMax = section.Int(
                "chunksPerUserMax", settings.ChunksPerUserMax, 1, ChunksCeiling,
                "Chunks that one user may have in all. Each takes some 2 KB of disk, and 1.5 KB of memory while its user searches."),
            SearchMemoryBytesMax = section.Bytes(
                "searchMemoryBytesMax", settings.SearchMemoryBytesMax, MemoryFloor, MemoryCeiling,
                "Memory for the indexes of the users who searched last. Another user's first search reads their chunks from the disk; "
                + "the index that is being searched is kept, however large."),
        };
    }
}
