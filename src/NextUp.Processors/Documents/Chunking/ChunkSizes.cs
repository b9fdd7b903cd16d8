namespace NextUp.Processors.Documents.Chunking;

/// <summary>How long chunks are, in chars.</summary>
public sealed record ChunkSizes
{
    public static readonly ChunkSizes Default = new();

    /// <summary>From this length on a chunk ends where a block does.</summary>
    public int Enough { get; init; } = 800;

    /// <summary>Beyond this length nothing is added to what is enough.</summary>
    public int Full { get; init; } = 1_200;

    /// <summary>No chunk is longer.</summary>
    public int Max { get; init; } = 2_000;

    /// <summary>From this length on a chunk ends where a heading follows.</summary>
    public int SectionMin { get; init; } = 400;

    /// <summary>A shorter end of the document joins the chunk before it, where there is room.</summary>
    public int TailMin { get; init; } = 200;

    /// <summary>A sentence up to this length is said again at the beginning of the chunk that follows.</summary>
    public int OverlapMax { get; init; } = 150;
}
