using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Actors.Cleanup;

/// <summary>One: looks for what a crash or a fault left behind, and removes old jobs where that is asked for.</summary>
public interface ICleanupActor
{
    /// <summary>
    /// One sweep. With <see cref="CleanupRequest.IsDryRun"/> it changes nothing and says what it would do. One at a time:
    /// a second one waits for the first.
    /// </summary>
    ValueTask<CleanupReport> SweepAsync(CleanupRequest request);

    /// <summary>The last sweeps since the start, newest first, at most <see cref="SweepOutcome.KeptMax"/>.</summary>
    ValueTask<IReadOnlyList<SweepOutcome>> OutcomesAsync();
}

/// <param name="DeleteOlderThan">
/// Finished jobs that ended longer ago are deleted with their files, whatever their kind; null deletes none.
/// </param>
public sealed record CleanupRequest(bool IsDryRun, TimeSpan? DeleteOlderThan)
{
    /// <summary>How long finished jobs are kept where deletion is asked for without a time (system.md B3).</summary>
    public static readonly TimeSpan RetentionDefault = TimeSpan.FromDays(30);

    /// <summary>Nobody asked: jobs are deleted after their kind's retention, or the clean-up's, where there is one.</summary>
    public bool IsPeriodic { get; init; }
}

/// <param name="Counts">All jobs, before the sweep.</param>
/// <param name="Touched">At most <see cref="TouchedMax"/> jobs; <paramref name="TouchedCount"/> says how many there were.</param>
public sealed record CleanupReport(bool IsDryRun, StoreCounts Counts, IReadOnlyList<CleanupTouch> Touched, int TouchedCount)
{
    public const int TouchedMax = 1_000;
}

public enum CleanupAction
{
    /// <summary>An attempt is past its time and nobody ended it.</summary>
    FailTimedOut,

    /// <summary>A waiting job was passed over: see <see cref="Staleness"/>.</summary>
    FailPassedOver,

    /// <summary>A held job has a free place and enters the line.</summary>
    LetIn,

    /// <summary>A finished job is older than asked.</summary>
    Delete,
}

public sealed record CleanupTouch(JobId Job, CleanupAction Action, string Reason);

/// <summary>What became of a sweep.</summary>
/// <param name="Failed">Jobs that were stale.</param>
/// <param name="Fault">Why the sweep broke off; null where it did not. The next one begins anew.</param>
public sealed record SweepOutcome(
    DateTimeOffset At, TimeSpan Duration, bool IsDryRun, bool IsPeriodic, int Failed, int LetIn, int Deleted, string? Fault)
{
    public const int KeptMax = 100;
}

/// <summary>How often the clean-up looks, and how long it keeps what is finished.</summary>
public sealed record CleanupSettings
{
    /// <summary>Between two sweeps (system.md B1). Defaults to 5 minutes.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// After this the sweep deletes finished jobs of kinds without a retention of their own; null, the default, keeps them.
    /// </summary>
    public TimeSpan? Retention { get; init; }
}
