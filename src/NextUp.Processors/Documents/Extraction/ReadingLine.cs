using System.Text.Json;
using System.Text.Json.Serialization;

namespace NextUp.Processors.Documents.Extraction;

/// <summary>
/// A line of what the reading process says: a block, how far it is, or how it ended. The last line says that it is the last,
/// so that what a crash cuts off is never taken for a whole document.
/// </summary>
sealed record ReadingLine
{
    public TextBlock? Block { get; init; }

    public ReadingProgress? Progress { get; init; }

    public string? Title { get; init; }

    public string? Refused { get; init; }

    public bool IsLast { get; init; }
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ReadingLine))]
sealed partial class ReadingJson : JsonSerializerContext;
