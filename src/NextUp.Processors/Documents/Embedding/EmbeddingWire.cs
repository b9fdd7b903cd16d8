using System.Text.Json;
using System.Text.Json.Serialization;

namespace NextUp.Processors.Documents.Embedding;

/// <summary>The call as it goes over the wire.</summary>
static class EmbeddingWire
{
    public static byte[] Request(string model, IReadOnlyList<string> texts) =>
        JsonSerializer.SerializeToUtf8Bytes(new EmbeddingsRequest(model, texts), EmbeddingWireJson.Default.EmbeddingsRequest);

    /// <summary>The vectors in the order of the texts: by their index, where the service gives one.</summary>
    /// <exception cref="JsonException">It is no answer, or a part of one.</exception>
    public static IReadOnlyList<float[]> Vectors(byte[] body)
    {
        var answer = JsonSerializer.Deserialize(body, EmbeddingWireJson.Default.EmbeddingsAnswer);
        if (answer?.Data is not { } data || data.Any(item => item?.Embedding is null))
            throw new JsonException("There is no \"data\" with an \"embedding\" each.");
        if (data.Select(item => item.Index).Distinct().Count() == data.Count)
            return [.. data.OrderBy(item => item.Index).Select(item => item.Embedding!)];
        return data.All(item => item.Index == 0)
            ? [.. data.Select(item => item.Embedding!)]
            : throw new JsonException("Several vectors have the same \"index\".");
    }

    /// <summary>What a refusal says of itself, in the shapes that services use.</summary>
    public static (string? Code, string? Reason) Error(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("error", out var error))
                return (null, TextOf(root, "message") ?? TextOf(root, "detail"));
            return error.ValueKind == JsonValueKind.String
                ? (null, error.GetString()) : (TextOf(error, "code") ?? TextOf(error, "type"), TextOf(error, "message"));
        }
        catch (JsonException)
        {
            return default;
        }
    }

    static string? TextOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

sealed record EmbeddingsRequest(
    [property: JsonPropertyName("model")] string Model, [property: JsonPropertyName("input")] IReadOnlyList<string> Input,
    [property: JsonPropertyName("encoding_format")] string EncodingFormat = "float");

sealed record EmbeddingsAnswer([property: JsonPropertyName("data")] IReadOnlyList<EmbeddingItem>? Data);

sealed record EmbeddingItem(
    [property: JsonPropertyName("embedding")] float[]? Embedding, [property: JsonPropertyName("index")] int Index = 0);

[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(EmbeddingsRequest))]
[JsonSerializable(typeof(EmbeddingsAnswer))]
sealed partial class EmbeddingWireJson : JsonSerializerContext;
