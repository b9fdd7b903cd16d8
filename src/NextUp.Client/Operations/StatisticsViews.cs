using System.Text.Json.Serialization;
using NextUp.Client.Wire;

namespace NextUp.Client.Operations;

/// <summary>Durations in seconds; each quantile is within 4 % of a true one, and null without any duration.</summary>
public sealed record DurationsView(
    long Count, double MeanSeconds, double? P50Seconds, double? P90Seconds, double? P99Seconds);

/// <summary>What happened to jobs in some span of time.</summary>
/// <param name="Started">Attempts begun.</param>
/// <param name="Retried">Attempts that failed and after which the job was to be tried again.</param>
/// <param name="Wait">In the line before the first attempt, counted when that began.</param>
/// <param name="Service">Attempts that completed their job, counted when they ended.</param>
public sealed record FiguresView(
    long Accepted, long Started, long Completed, long Failed, long Cancelled, long Retried,
    DurationsView Wait, DurationsView Service);

/// <param name="Period"><c>hour</c> or <c>day</c>; of what is older than 90 days there are only days.</param>
public sealed record PeriodView(DateTimeOffset Start, string Period, string Kind, FiguresView Figures);

public sealed record KindFiguresView(string Kind, FiguresView Figures);

/// <summary>For operators: <c>GET /api/v1/operations/statistics</c>.</summary>
/// <param name="Periods">Oldest first; hours or days (UTC) in which nothing happened are left out.</param>
/// <param name="WeekHours">Jobs accepted in each of the 168 hours of the week (UTC), Monday's first.</param>
public sealed record StatisticsView(
    DateTimeOffset From, DateTimeOffset To, string By, FiguresView Total, IReadOnlyList<KindFiguresView> Kinds,
    IReadOnlyList<PeriodView> Periods, IReadOnlyList<long> WeekHours);

/// <summary>For operators: <c>GET /api/v1/operations/failures</c>, the most frequent cause first.</summary>
public sealed record FailuresView(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<FailureView> Causes);

/// <param name="Cause">The error without what differs from job to job; null for the rare ones, taken together.</param>
/// <param name="Failed">Jobs that failed for good.</param>
/// <param name="Retried">Attempts that failed and were tried again.</param>
/// <param name="Jobs">Ids of some of the newest such jobs, newest first.</param>
public sealed record FailureView(
    string Kind, string? Cause, long Failed, long Retried, DateTimeOffset LastAt, IReadOnlyList<string> Jobs);

/// <summary>For operators: <c>GET /api/v1/operations/users</c>, the longest processing first. No file names.</summary>
public sealed record UserLoadsView(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<UserLoadView> Users);

/// <param name="User">The mark that stands for the user in logs and traces, too.</param>
/// <param name="Account">The account's name; null for a visitor.</param>
public sealed record UserLoadView(
    string User, string? Account, long Accepted, long Completed, long Failed, long Cancelled, double ProcessingSeconds);

/// <summary>For everyone: <c>GET /api/v1/statistics</c>, the last seven days in counts.</summary>
/// <param name="BusiestHours">
/// For each of the 168 hours of the week (UTC), Monday's first, its jobs as a share of the busiest hour's; null while there
/// are too few jobs to tell.
/// </param>
public sealed record PublicStatisticsView(
    DateTimeOffset From, DateTimeOffset To, IReadOnlyList<PublicKindView> Kinds, IReadOnlyList<double>? BusiestHours);

/// <param name="Wait">Null while there are too few jobs to say it without saying it of someone.</param>
/// <param name="Service">The same.</param>
public sealed record PublicKindView(string Kind, long Completed, DurationsView? Wait, DurationsView? Service);

/// <summary>How operators' answers are written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(StatisticsView))]
[JsonSerializable(typeof(FailuresView))]
[JsonSerializable(typeof(UserLoadsView))]
[JsonSerializable(typeof(PublicStatisticsView))]
[JsonSerializable(typeof(OverviewView))]
[JsonSerializable(typeof(HealthDetailView))]
[JsonSerializable(typeof(WorkersView))]
public sealed partial class OperationsJson : JsonSerializerContext;
