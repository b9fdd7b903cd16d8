using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using NextUp.Actors.Papers;
using NextUp.Client.Wire;
using NextUp.Processors.Exams;
using NextUp.Processors.Exams.Review;

namespace NextUp.Server.Papers;

/// <summary>A paper on the wire; <see cref="Client.Exams.PaperView"/> is how it is read.</summary>
sealed record PaperAnswer(
    string Id, string Name, string Job, int Version, int Pictures, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    ExamPaper Paper);

sealed record PaperRowAnswer(
    string Id, string Name, string Job, int Version, int Pictures, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    ExamSummary Summary);

sealed record PaperListAnswer(IReadOnlyList<PaperRowAnswer> Papers, string? Next);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(PaperAnswer))]
[JsonSerializable(typeof(PaperListAnswer))]
sealed partial class PaperAnswers : JsonSerializerContext
{
    public static PaperAnswers Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new UtcTimeConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>What was read, with what people changed over it.</summary>
    public static ExamPaper Shown(StoredPaper stored) =>
        ManualLayer.Read(stored.Manual).Over(Extraction(stored));

    public static ExamPaper Extraction(StoredPaper stored) =>
        JsonSerializer.Deserialize(stored.Extraction, ExamJson.Wire.ExamPaper) ?? new ExamPaper();

    public static PaperAnswer Of(StoredPaper stored, ExamPaper shown)
    {
        var record = stored.Record;
        return new(
            record.Id.Value, record.Name, record.Job.ToString(), record.Version, record.Pages, record.CreatedAt, record.UpdatedAt, shown);
    }

    public static PaperRowAnswer Row(PaperRecord record, ExamSummary summary) => new(
        record.Id.Value, record.Name, record.Job.ToString(), record.Version, record.Pages, record.CreatedAt, record.UpdatedAt, summary);
}
