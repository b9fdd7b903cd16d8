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

/// <param name="Action"><c>fail</c> (past its time, or passed over), <c>let-in</c> (held beside a free place) or <c>delete</c>.</param>
public sealed record CleanupTouchView(string Job, string Action, string Reason);

/// <summary>For operators: <c>GET /api/v1/operations/sweeps</c>, the last sweeps since the server's start, newest first.</summary>
public sealed record SweepsView(IReadOnlyList<SweepView> Sweeps);

/// <param name="Periodic">Nobody asked for it.</param>
/// <param name="Failed">Jobs that were stuck.</param>
/// <param name="LetIn">Held jobs beside a free place.</param>
/// <param name="Fault">Why it broke off; null where it did not.</param>
public sealed record SweepView(
    DateTimeOffset At, double Seconds, bool DryRun, bool Periodic, int Failed, int LetIn, int Deleted, string? Fault);

/// <summary>How a sweep's answer is written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(Wire.UtcTimeConverter)])]
[JsonSerializable(typeof(CleanupView))]
[JsonSerializable(typeof(SweepsView))]
[JsonSerializable(typeof(CaredJobView))]
[JsonSerializable(typeof(CaredJobPage))]
[JsonSerializable(typeof(CaredJobDetail))]
public sealed partial class CleanupJson : JsonSerializerContext;
