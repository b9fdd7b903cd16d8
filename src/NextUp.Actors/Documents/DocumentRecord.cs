using NextUp.Actors.Jobs;
using NextUp.Actors.Users;

namespace NextUp.Actors.Documents;

/// <summary>Names a document for its whole life, over every job that works on it. It is the id of its first job.</summary>
public readonly record struct DocumentId(Guid Value) : IParsable<DocumentId>
{
    public static DocumentId Parse(string s, IFormatProvider? provider) => new(Guid.Parse(s));

    public static bool TryParse(string? s, IFormatProvider? provider, out DocumentId result)
    {
        var ok = Guid.TryParse(s, out var value);
        result = new(value);
        return ok;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>What became of the newest job of a document. The numbers are stored; they are never reused.</summary>
public enum DocumentState
{
    /// <summary>The job has not ended, or its result is not visible yet; the job itself says more.</summary>
    Open = 0,

    /// <summary>Its chunks can be searched.</summary>
    Completed = 1,

    Failed = 2,

    Cancelled = 3,
}

/// <summary>Which model made a vector. Vectors are compared only within one space.</summary>
/// <param name="Model">The name under which the model is asked for.</param>
/// <param name="Dimension">Numbers in a vector.</param>
public readonly record struct EmbeddingSpace(string Model, int Dimension);

/// <summary>A document as the store keeps it.</summary>
public sealed record DocumentRecord
{
    /// <summary>The order of announcement over the whole installation; never shown.</summary>
    public required long Sequence { get; init; }

    public required DocumentId Id { get; init; }

    public required UserId User { get; init; }

    /// <summary>Display name, without path parts.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes of the upload.</summary>
    public required long Size { get; init; }

    /// <summary>Of the upload, in hexadecimal.</summary>
    public required string Sha256 { get; init; }

    public required string ContentType { get; init; }

    /// <summary>The newest job over the document.</summary>
    public required JobId Job { get; init; }

    public DocumentState State { get; init; }

    /// <summary>Why the newest job did not complete, a sentence; also where an earlier version is still searched.</summary>
    public string? Error { get; init; }

    /// <summary>The version that is searched; null where there is none yet.</summary>
    public DocumentVersion? Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the newest settled job began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the newest settled job ended.</summary>
    public DateTimeOffset? ProcessedAt { get; init; }
}

/// <summary>What a job made of a document.</summary>
/// <param name="Number">1, 2, 3 ... within the document; a number is never used twice.</param>
/// <param name="Space">The space that every vector of it lies in.</param>
/// <param name="Chunks">Chunks, each with its vector.</param>
/// <param name="Pages">Null where the format has no pages.</param>
/// <param name="Language">As an ISO 639-1 code; null where it was not recognised.</param>
/// <param name="Warnings">Sentences for the user.</param>
public sealed record DocumentVersion(
    int Number, EmbeddingSpace Space, int Chunks, int? Pages, string? Language, IReadOnlyList<string> Warnings);

/// <summary>A piece of a document's text that is found as one.</summary>
/// <param name="Ordinal">0, 1, 2 ... in reading order.</param>
/// <param name="PageFrom">The first page it stands on, from 1; null where the format has none.</param>
/// <param name="CharFrom">Where it begins in the document's text, in characters.</param>
/// <param name="HeadingPath">The headings above it, outermost first, with " > " between; empty without.</param>
public sealed record DocumentChunk(
    int Ordinal, string Text, int? PageFrom, int? PageTo, int CharFrom, int CharTo, string HeadingPath);

/// <summary>A chunk with its vector, as it is kept.</summary>
public readonly record struct EmbeddedChunk(DocumentChunk Chunk, PackedVector Vector);

/// <summary>A vector in a byte a number: the number is the byte times <paramref name="Scale"/>.</summary>
public readonly record struct PackedVector(ReadOnlyMemory<sbyte> Values, float Scale);
