using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using NextUp.Client.Wire;

namespace NextUp.Server.Papers;

/// <summary>What the contract's front end sends: the pages as base64, with or without <c>data:image/...;base64,</c>.</summary>
sealed record ContractSubmission
{
    public string? ExamPaperId { get; init; }

    [JsonConverter(typeof(PicturesConverter))]
    public IReadOnlyList<byte[]>? Base64Images { get; init; }

    public string? SyllabusId { get; init; }

    public bool? HasInsert { get; init; }

    public int? Priority { get; init; }
}

/// <param name="EstimatedTime">Seconds until it is done.</param>
sealed record ContractCreated(bool Success, string JobId, string Message, int EstimatedTime);

sealed record ContractProcessed(bool Success, string? JobId, string Message);

sealed record ContractRefusal(string Error, string Details, bool Success = false);

/// <summary>A job as a row of the contract's table.</summary>
sealed record ContractRow
{
    public required string Id { get; init; }

    public string JobType { get; init; } = "process_exam_paper";

    public required string Status { get; init; }

    public required int Priority { get; init; }

    public required string ExamPaperId { get; init; }

    public required int ProgressPercentage { get; init; }

    public required string CurrentStep { get; init; }

    public ContractResult? Result { get; init; }

    public string? ErrorMessage { get; init; }

    public required int RetryCount { get; init; }

    public required int MaxRetries { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string CreatedBy { get; init; }
}

/// <summary>The result in a row; its names are the front end's own.</summary>
sealed record ContractResult(
    [property: JsonPropertyName("success")] bool Success,
    [property: JsonPropertyName("questionsCount")] int QuestionsCount,
    [property: JsonPropertyName("taggedQuestionsCount")] int TaggedQuestionsCount,
    [property: JsonPropertyName("completedWithWarnings")] bool CompletedWithWarnings,
    [property: JsonPropertyName("questions")] IReadOnlyList<ContractQuestion>? Questions,
    [property: JsonPropertyName("tokenUsage")] ContractUsage? TokenUsage);

sealed record ContractQuestion(
    [property: JsonPropertyName("number")] string Number,
    [property: JsonPropertyName("pages")] IReadOnlyList<int> Pages,
    [property: JsonPropertyName("imageCount")] int ImageCount,
    [property: JsonPropertyName("preview")] string Preview,
    [property: JsonPropertyName("marks")] int? Marks);

sealed record ContractUsage(
    [property: JsonPropertyName("totalTokens")] long TotalTokens, [property: JsonPropertyName("totalCost")] decimal? TotalCost);

/// <summary>Decodes each picture as it is read, so that the text of all of them is never held.</summary>
sealed class PicturesConverter : JsonConverter<IReadOnlyList<byte[]>>
{
    /// <summary>Characters that a data URL has before its content.</summary>
    const int PrefixLengthMax = 64;

    public override IReadOnlyList<byte[]> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("base64Images is a list of texts.");
        var pictures = new List<byte[]>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String)
                throw new JsonException("base64Images is a list of texts.");
            var text = reader.ValueIsEscaped || reader.HasValueSequence
                ? System.Text.Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan.ToArray();
            pictures.Add(Decoded(text, pictures.Count + 1));
        }

        return pictures;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<byte[]> value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Pictures are only read.");

    static byte[] Decoded(ReadOnlySpan<byte> text, int number)
    {
        var comma = text[..Math.Min(text.Length, PrefixLengthMax)].IndexOf((byte)',');
        var content = text[(comma + 1)..];
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(content.Length)];
        return Base64.DecodeFromUtf8(content, bytes, out _, out var length) == System.Buffers.OperationStatus.Done && length > 0
            ? bytes[..length] : throw new JsonException($"Picture {number} of base64Images is no base64.");
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ContractSubmission))]
[JsonSerializable(typeof(ContractCreated))]
[JsonSerializable(typeof(ContractProcessed))]
[JsonSerializable(typeof(ContractRefusal))]
sealed partial class ExamContractJson : JsonSerializerContext;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(ContractRow))]
[JsonSerializable(typeof(IReadOnlyList<ContractRow>))]
sealed partial class ExamRowJson : JsonSerializerContext;
