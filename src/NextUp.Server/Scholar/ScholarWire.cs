using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using NextUp.Client.Wire;

namespace NextUp.Server.Scholar;

// The answers of the Scholar contract, field by field as its front end reads them. Extra fields are allowed there,
// missing or renamed ones are not.

sealed record ScholarRefusal(string Error)
{
    public bool Success { get; } // Always false: a refusal.

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ExistingJobId { get; init; }
}

sealed record ScholarUpload(bool Success, string JobId, string Status, string Message, ScholarPaths ApiEndpoints);

sealed record ScholarPaths(string Status, string Download, string Papers);

sealed record ScholarStatus(
    string Status,
    int ProgressPercentage,
    int TotalPapers,
    int ProcessedPapers,
    int FailedPapers,
    DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt,
    string? ErrorMessage,
    bool HasOutput,
    string Log)
{
    public required string JobId { get; init; }

    public required string Filename { get; init; }

    public int? Position { get; init; }
}

sealed record ScholarPapers(
    bool Success, string JobId, int TotalPapers, string Status, IReadOnlyList<ScholarPaper> Papers);

/// <summary>An entry of a .bib, with what can be told about it.</summary>
sealed record ScholarPaper(
    string Key,
    string Type,
    string? Title,
    string? Author,
    string? Year,
    string? Journal,
    string? Abstract,
    string? Url,
    string? Doi,
    int? Citations,
    bool HasAbstract,
    bool HasUrl,
    bool HasCitations);

sealed record ScholarDone(bool Success, string Message);

sealed record ScholarDiff(bool Success, string JobId, IReadOnlyList<ScholarDiffEntry> Diff, ScholarDiffStats Stats);

sealed record ScholarDiffEntry(
    string Key,
    string Type,
    string? Title,
    IReadOnlyList<ScholarFieldAdded> AddedFields,
    IReadOnlyList<ScholarFieldChanged> ChangedFields,
    bool HasChanges);

sealed record ScholarFieldAdded(string Field, string? Value);

sealed record ScholarFieldChanged(string Field, string? Before, string? After);

sealed record ScholarDiffStats(int TotalEntries, int EntriesEnhanced, int TotalFieldsAdded, double EnhancementRate);

sealed record ScholarPreview(
    bool Success,
    string Filename,
    int TotalEntries,
    IReadOnlyList<ScholarPreviewEntry> Entries,
    IReadOnlyDictionary<string, int> Missing,
    bool ShowingLimited);

sealed record ScholarPreviewEntry(
    string Key,
    string Type,
    string? Title,
    string? Author,
    string? Year,
    string? Journal,
    IReadOnlyList<string> Missing);

sealed record ScholarRecent(bool Success, IReadOnlyList<ScholarRecentJob> Jobs);

sealed record ScholarRecentJob(
    string Id,
    string Filename,
    string Status,
    int ProgressPercentage,
    int TotalPapers,
    DateTimeOffset CreatedAt,
    DateTimeOffset? CompletedAt,
    bool HasOutput);

sealed record ScholarResources(ScholarSystem System, ScholarJobs Jobs, string Timestamp);

sealed record ScholarSystem(double CpuPercent, double MemoryPercent, double MemoryAvailableGb);

sealed record ScholarJobs(
    long ActiveCount,
    long QueuedCount,
    long CompletedLastHour,
    IReadOnlyList<ScholarActiveJob> Active,
    IReadOnlyList<ScholarQueuedJob> Queued,
    int? UserQueuePosition);

sealed record ScholarActiveJob(string Id, string User, string Filename, int Progress, bool CanCancel);

sealed record ScholarQueuedJob(string Id, string User, string Filename, int? Position, bool CanCancel);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ScholarRefusal))]
[JsonSerializable(typeof(ScholarUpload))]
[JsonSerializable(typeof(ScholarStatus))]
[JsonSerializable(typeof(ScholarPapers))]
[JsonSerializable(typeof(ScholarDone))]
[JsonSerializable(typeof(ScholarDiff))]
[JsonSerializable(typeof(ScholarPreview))]
[JsonSerializable(typeof(ScholarRecent))]
[JsonSerializable(typeof(ScholarResources))]
sealed partial class ScholarJson : JsonSerializerContext
{
    public static ScholarJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new UtcTimeConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
