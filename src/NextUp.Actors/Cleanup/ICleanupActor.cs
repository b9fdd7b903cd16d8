using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Actors.Cleanup;

/// <summary>One: looks for what a crash or a fault left behind, and removes old jobs where that is asked for.</summary>
public interface ICleanupActor
{
    /// <summary>One sweep. With <see cref="CleanupRequest.IsDryRun"/> it changes nothing and says what it would do.</summary>
    ValueTask<CleanupReport> SweepAsync(CleanupRequest request);
}

/// <param name="DeleteOlderThan">Finished jobs that ended longer ago are deleted with their files; null deletes none.</param>
public sealed record CleanupRequest(bool IsDryRun, TimeSpan? DeleteOlderThan)
{
    /// <summary>How long finished jobs are kept where deletion is asked for without a time (system.md B3).</summary>
    public static readonly TimeSpan RetentionDefault = TimeSpan.FromDays(30);
}

/// <param name="Counts">All jobs, before the sweep.</param>
/// <param name="Touched">At most <see cref="TouchedMax"/> jobs; <paramref name="TouchedCount"/> says how many there were.</param>
public sealed record CleanupReport(bool IsDryRun, StoreCounts Counts, IReadOnlyList<CleanupTouch> Touched, int TouchedCount)
{
    public const int TouchedMax = 1_000;
}

public enum CleanupAction
{
    /// <summary>An attempt is past its deadline and nobody runs it any more.</summary>
    FailTimedOut,

    /// <summary>A held job has a free place and enters the line.</summary>
    LetIn,

    /// <summary>A finished job is older than asked.</summary>
    Delete,
}

public sealed record CleanupTouch(JobId Job, CleanupAction Action, string Reason);
