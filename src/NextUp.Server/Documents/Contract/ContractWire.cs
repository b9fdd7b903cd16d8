using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using NextUp.Client.Wire;

namespace NextUp.Server.Documents.Contract;

// The records of the vectorization system's own contract. Their names on the wire are its, never ours.

/// <param name="IsDuplicate">The same bytes were uploaded before, and this is that document.</param>
sealed record UploadedDocument(
    string DocumentId, string FileName, long FileSize, string Status, string JobId, string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsDuplicate = false);

sealed record DocumentStatus(
    string DocumentId, string Filename, string Status, string? Error, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt);

/// <param name="Error">For people.</param>
/// <param name="Code">As of a problem of our own API.</param>
sealed record ContractRefusal(string Error, string Code);

/// <summary>Everything that a client may send.</summary>
/// <param name="LastEventId">With auth: the greatest <see cref="SocketEvent{T}.EventId"/> seen, to be told what came after it.</param>
sealed record SocketMessage(string? Type, string? Token = null, long? LastEventId = null);

sealed record SocketEvent<T>(
    string Type, T Data, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? EventId = null);

sealed record SocketProgress(string JobId, string Status, int Progress, string Message, string DocumentId);

sealed record SocketProcessed(string DocumentId, string Filename, string Status, string? Error, DateTimeOffset? ProcessedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(UploadedDocument))]
[JsonSerializable(typeof(DocumentStatus))]
[JsonSerializable(typeof(ContractRefusal))]
[JsonSerializable(typeof(SocketMessage))]
[JsonSerializable(typeof(SocketEvent<SocketProgress>), TypeInfoPropertyName = "ProgressEvent")]
[JsonSerializable(typeof(SocketEvent<SocketProcessed>), TypeInfoPropertyName = "ProcessedEvent")]
sealed partial class ContractJson : JsonSerializerContext
{
    public static ContractJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new UtcTimeConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
