using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Actors.Statistics;

/// <summary>A state change of a job, as it was committed, for logs and meters.</summary>
/// <param name="Job">The job after it.</param>
/// <param name="Duration">
/// For the first start, how long the job stood in the line; for what ends an attempt, how long that ran; else null.
/// </param>
/// <param name="IsNew">The job was accepted with it.</param>
/// <param name="Reason">Why, for retries, failures and cancellations; a sentence for the job's user.</param>
public sealed record JobTransition(
    JobEventType Type, JobRecord Job, DateTimeOffset At, TimeSpan? Duration, bool IsNew, string? Reason);
