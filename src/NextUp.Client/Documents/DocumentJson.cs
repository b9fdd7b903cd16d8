using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using NextUp.Client.Wire;

namespace NextUp.Client.Documents;

/// <summary>How the records about documents are written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(DocumentView))]
[JsonSerializable(typeof(DocumentPage))]
[JsonSerializable(typeof(ChunkPage))]
[JsonSerializable(typeof(SearchView))]
public sealed partial class DocumentJson : JsonSerializerContext
{
    /// <summary>The context to use; see <see cref="WireJson.Wire"/>.</summary>
    public static DocumentJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new UtcTimeConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
