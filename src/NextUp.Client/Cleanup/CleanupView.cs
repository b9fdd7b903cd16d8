using System.Text.Json.Serialization;

namespace NextUp.Client.Cleanup;

/// <summary>What a sweep found and did, or with <paramref name="DryRun"/> would have done.</summary>
/// <param name="Total">All jobs, before the sweep; the next four add up to it.</param>
/// <param name="Active">Pending and processing.</param>
/// <param name="Touched">The first jobs touched; <paramref name="TouchedCount"/> says how many there were.</param>
public sealed record CleanupView(
    bool DryRun,
    long Total,
    long Active,
    long Completed,
    long Failed,
    long Cancelled,
    int TouchedCount,
    IReadOnlyList<CleanupTouchView> Touched);

/// <param name="Action"><c>fail</c> (past its time), <c>let-in</c> (held beside a free place) or <c>delete</c>.</param>
public sealed record CleanupTouchView(string Job, string Action, string Reason);

/// <summary>How a sweep's answer is written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CleanupView))]
public sealed partial class CleanupJson : JsonSerializerContext;
