using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using NextUp.Actors.Documents;

namespace NextUp.Processors.Documents.Results;

/// <summary>The first line of a file of chunks.</summary>
/// <param name="Format">Always <see cref="ChunkFile.Format"/>.</param>
/// <param name="Name">The document's name.</param>
/// <param name="Chunks">How many lines follow.</param>
/// <param name="Pages">Null where the document has no pages.</param>
/// <param name="Language">ISO 639-1; null where it was not recognised.</param>
/// <param name="Model">The model that made the vectors.</param>
/// <param name="Dimension">Numbers in each.</param>
public sealed record ChunkFileHeader(
    string Format, string Name, int Chunks, int? Pages, string? Language, string Model, int Dimension,
    IReadOnlyList<string> Warnings);

/// <summary>A further line: a chunk.</summary>
/// <param name="PageFrom">From 1; null where the document has no pages.</param>
/// <param name="Headings">Those above it, outermost first, with " > " between.</param>
/// <param name="Scale">The vector's numbers are its bytes, signed, times this; null where vectors are left out.</param>
public sealed record ChunkLine(
    int Ordinal, string Text, int? PageFrom, int? PageTo, int CharFrom, int CharTo, string Headings,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] float? Scale = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] byte[]? Vector = null)
{
    public static ChunkLine Of(DocumentChunk chunk, PackedVector? vector) => new(
        chunk.Ordinal, chunk.Text, chunk.PageFrom, chunk.PageTo, chunk.CharFrom, chunk.CharTo, chunk.HeadingPath, vector?.Scale,
        vector is { } packed ? System.Runtime.InteropServices.MemoryMarshal.AsBytes(packed.Values.Span).ToArray() : null);

    [JsonIgnore]
    public DocumentChunk Chunk => new(Ordinal, Text, PageFrom, PageTo, CharFrom, CharTo, Headings);
}

/// <summary>
/// What a document became, as JSON lines: a header, then a line a chunk. It is what a worker hands back, what the server
/// takes in, and what a user downloads.
/// </summary>
public static class ChunkFile
{
    public const string Format = "nextup-chunks-1";

    public const string ContentType = "application/jsonl";

    /// <summary>The longest line: a chunk's text and its vector, with room to spare.</summary>
    public const int LineBytesMax = 1024 * 1024;

    public static void Write(Stream file, ChunkFileHeader header) => Write(file, header, ChunkFileJson.Wire.ChunkFileHeader);

    public static void Write(Stream file, ChunkLine line) => Write(file, line, ChunkFileJson.Wire.ChunkLine);

    static void Write<T>(Stream file, T line, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        JsonSerializer.Serialize(file, line, type);
        file.WriteByte((byte)'\n');
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ChunkFileHeader))]
[JsonSerializable(typeof(ChunkLine))]
sealed partial class ChunkFileJson : JsonSerializerContext
{
    public static ChunkFileJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = false,
    });
}
