using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NextUp.Client.Wire;

/// <summary>
/// How every record of the API is written and read: camelCase, times in UTC, no reflection. Server and client share it,
/// so the two cannot drift apart.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(JobPage))]
[JsonSerializable(typeof(AgainRequest))]
[JsonSerializable(typeof(KindList))]
[JsonSerializable(typeof(LogPage))]
[JsonSerializable(typeof(SubmitOutcomes))]
[JsonSerializable(typeof(QueueView))]
[JsonSerializable(typeof(MeView))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(FilePreview))]
[JsonSerializable(typeof(SnapshotEvent))]
[JsonSerializable(typeof(JobChangedEvent))]
[JsonSerializable(typeof(JobProgressEvent))]
[JsonSerializable(typeof(PositionsEvent))]
[JsonSerializable(typeof(SessionRequest))]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(KeyPage))]
[JsonSerializable(typeof(NewKeyView))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(JsonElement))]
public sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>
    /// The context to use: as <c>Default</c>, but letters outside ASCII are written as they are. Everything is sent as
    /// UTF-8 JSON and never inside HTML, so nothing needs escaping for a page's sake.
    /// </summary>
    public static WireJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new UtcTimeConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

/// <summary>
/// Times leave as UTC with a Z, whatever offset they had, to the microsecond, which is what the store keeps; they are
/// read with any offset.
/// </summary>
public sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset().ToUniversalTime();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var time = value.UtcDateTime;
        writer.WriteStringValue(time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond)));
    }
}
