using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Processors.Documents.Embedding;

namespace NextUp.Processors.Documents.Processing;

/// <summary>
/// The vectors of a document, batch by batch. What a service was paid for is stored at once, under a fingerprint of the
/// model and the texts, so that a later attempt takes it from there, and only there where it is the same.
/// </summary>
sealed class VectorSteps(IJobRun run, IEmbedder embedder, int batchSize)
{
    const int DigestBytes = 32;

    int _batch;
    EmbeddingSpace? _space;

    /// <summary>Of the vectors so far.</summary>
    public EmbeddingSpace Space => _space ?? throw new InvalidOperationException("There are no vectors yet.");

    public async Task<IReadOnlyList<PackedVector>> NextAsync(IReadOnlyList<DocumentChunk> chunks, CancellationToken cancellationToken)
    {
        var name = $"vectors-{batchSize}-{_batch++}";
        var isKept = embedder is not LexicalStaticModel;
        var digest = isKept ? Digest(chunks) : [];
        if (isKept && await run.LoadCheckpointAsync(name, cancellationToken) is { } stored
            && Read(stored, digest, chunks.Count) is { } kept)
            return kept;

        var vectors = await embedder.EmbedAsync([.. chunks.Select(TextOf)], EmbeddingUse.Document, cancellationToken);
        Check(vectors, chunks.Count);
        PackedVector[] packed = [.. vectors.Select(vector => VectorMath.Pack(vector))];
        if (isKept)
            await run.SaveCheckpointAsync(name, Write(packed, digest), cancellationToken);
        return packed;
    }

    /// <summary>What is embedded: the headings say what a chunk is about that does not say it itself.</summary>
    public static string TextOf(DocumentChunk chunk) =>
        chunk.HeadingPath.Length == 0 ? chunk.Text : $"{chunk.HeadingPath}\n{chunk.Text}";

    void Check(IReadOnlyList<float[]> vectors, int expected)
    {
        EmbeddingCheck.Whole(embedder.Model, vectors, expected, _space?.Dimension);
        _space ??= new(embedder.Model, vectors[0].Length);
    }

    byte[] Digest(IReadOnlyList<DocumentChunk> chunks)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(embedder.Model + "\n"));
        foreach (var chunk in chunks)
            hash.AppendData(Encoding.UTF8.GetBytes(TextOf(chunk) + "\0"));
        return hash.GetHashAndReset();
    }

    static byte[] Write(PackedVector[] vectors, byte[] digest)
    {
        var dimension = vectors[0].Values.Length;
        var content = new byte[DigestBytes + sizeof(int) + (vectors.Length * (sizeof(float) + dimension))];
        digest.CopyTo(content, 0);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(DigestBytes), dimension);
        var at = DigestBytes + sizeof(int);
        foreach (var vector in vectors)
        {
            BinaryPrimitives.WriteSingleLittleEndian(content.AsSpan(at), vector.Scale);
            MemoryMarshal.AsBytes(vector.Values.Span).CopyTo(content.AsSpan(at + sizeof(float)));
            at += sizeof(float) + dimension;
        }

        return content;
    }

    PackedVector[]? Read(byte[] content, byte[] digest, int count)
    {
        if (!content.AsSpan(0, DigestBytes).SequenceEqual(digest))
            return null;
        var dimension = BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(DigestBytes));
        if (_space is { } space && space.Dimension != dimension)
            return null;
        _space ??= new(embedder.Model, dimension);
        var vectors = new PackedVector[count];
        var at = DigestBytes + sizeof(int);
        for (var i = 0; i < count; i++)
        {
            var values = MemoryMarshal.Cast<byte, sbyte>(content.AsSpan(at + sizeof(float), dimension)).ToArray();
            vectors[i] = new(values, BinaryPrimitives.ReadSingleLittleEndian(content.AsSpan(at)));
            at += sizeof(float) + dimension;
        }

        return vectors;
    }
}
