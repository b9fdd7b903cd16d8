using System.Text.Json.Serialization;

namespace NextUp.Client.Estimates;

/// <summary>How well the estimated starts were met, by kind. In counts only: no users, no files.</summary>
/// <param name="Kinds">Every kind of which a job has run or waited, by name.</param>
/// <param name="P90Meant">The share of jobs that is meant to start within p90.</param>
/// <param name="ErrorFloorSeconds">Errors are relative to the wait, or to this where the wait was shorter.</param>
public sealed record EstimatesView(IReadOnlyList<KindEstimatesView> Kinds, double P90Meant, double ErrorFloorSeconds);

/// <param name="Samples">Measured attempts from which the estimates are made.</param>
/// <param name="AtSubmission">Estimates made when the job entered the line.</param>
/// <param name="WhileWaiting">Estimates made at some later moment of the wait.</param>
public sealed record KindEstimatesView(string Kind, int Samples, HitsView AtSubmission, HitsView WhileWaiting);

/// <summary>All of it is null where nothing was estimated yet.</summary>
/// <param name="Count">Estimates whose job has started, of all time.</param>
/// <param name="WithinP90">The share of them whose job started within p90.</param>
/// <param name="RecentCount">How many of the latest the next two are about.</param>
/// <param name="RecentWithinP90">The share within p90 among the latest.</param>
/// <param name="RecentMedianError">The median error of p50 among the latest: 0.2 is 20 % of the wait.</param>
public sealed record HitsView(
    long Count, double? WithinP90, int RecentCount, double? RecentWithinP90, double? RecentMedianError);

/// <summary>How the answer is written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EstimatesView))]
public sealed partial class EstimatesJson : JsonSerializerContext;
