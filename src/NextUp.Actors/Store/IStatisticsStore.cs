using NextUp.Actors.Jobs;
using NextUp.Actors.Statistics;
using NextUp.Actors.Users;

namespace NextUp.Actors.Store;

/// <summary>
/// What is kept of all jobs in figures, counted in the same transaction as the change itself: an answer has every change
/// that was acknowledged before it was asked for, and takes the same time with ten million finished jobs. Deleting jobs
/// changes none of it. For operators: nothing here is filtered by user, and file names are in none of it.
/// </summary>
public interface IStatisticsStore
{
    /// <summary>Raised after each commit, from one thread at a time, with its state changes. Must return quickly and not
    /// throw. Costs nothing while nobody listens.</summary>
    event Action<IReadOnlyList<JobTransition>>? Changed;

    /// <summary>
    /// The figures of the hours, or of the days (UTC), that begin in the span, oldest first, by kind; those without a job
    /// are left out. Of what is older than <see cref="StatisticsKept.Hours"/> there are only days.
    /// </summary>
    Task<IReadOnlyList<PeriodFigures>> PeriodsAsync(
        DateTimeOffset from, DateTimeOffset before, StatisticsPeriod by, JobKind? kind);

    /// <summary>The figures of each kind since the installation's beginning.</summary>
    Task<IReadOnlyList<KindFigures>> TotalsAsync();

    /// <summary>
    /// Jobs accepted in each of the 168 hours of the week (UTC), Monday's first, over the kept hours of the span.
    /// </summary>
    Task<IReadOnlyList<long>> WeekHoursAsync(DateTimeOffset from, DateTimeOffset before, JobKind? kind);

    /// <summary>Failures of the days that begin in the span, by cause, the most frequent first.</summary>
    Task<IReadOnlyList<FailureGroup>> FailuresAsync(
        DateTimeOffset from, DateTimeOffset before, JobKind? kind, int limit);

    /// <summary>What users asked of the machine in the days that begin in the span, the longest processing first.</summary>
    Task<IReadOnlyList<UserLoad>> LoadsAsync(DateTimeOffset from, DateTimeOffset before, int limit);

    /// <summary>
    /// When the job was accepted that has been in the line for the longest; null where none waits, or where the oldest
    /// <see cref="StatisticsKept.UnfinishedLookedAtMax"/> unfinished jobs all run, are held or wait for a time.
    /// </summary>
    Task<DateTimeOffset?> OldestWaitAsync(DateTimeOffset now);

    /// <summary>How the store itself fares, since it was opened.</summary>
    StoreLoad Load();
}

/// <summary>How long which figures are kept; days are UTC.</summary>
public static class StatisticsKept
{
    /// <summary>Figures by the hour: 90 days. Older hours are added up to their day.</summary>
    public static readonly TimeSpan Hours = TimeSpan.FromDays(90);

    /// <summary>Figures by the day: five years.</summary>
    public static readonly TimeSpan Days = TimeSpan.FromDays(5 * 366);

    /// <summary>Failures by cause: 90 days.</summary>
    public static readonly TimeSpan Causes = TimeSpan.FromDays(90);

    /// <summary>Load by user: 90 days.</summary>
    public static readonly TimeSpan Loads = TimeSpan.FromDays(90);

    /// <summary>Different causes of one day; what comes beyond them counts as <see cref="FailureCause.Other"/>.</summary>
    public const int CausesPerDayMax = 200;

    /// <summary>The newest jobs of a cause and day that are named as examples.</summary>
    public const int ExamplesMax = 5;

    /// <summary>See <see cref="IStatisticsStore.OldestWaitAsync"/>.</summary>
    public const int UnfinishedLookedAtMax = 10_000;
}

public enum StatisticsPeriod
{
    Hour = 0,
    Day = 1,
}

/// <param name="Start">Where the hour or day begins, UTC.</param>
/// <param name="Period">A day where only days are kept of that time.</param>
public sealed record PeriodFigures(DateTimeOffset Start, StatisticsPeriod Period, JobKind Kind, JobFigures Figures);

public sealed record KindFigures(JobKind Kind, JobFigures Figures);

/// <param name="Cause">See <see cref="FailureCause"/>; empty for the causes beyond the kept ones.</param>
/// <param name="Failed">Jobs that failed for good.</param>
/// <param name="Retried">Attempts that failed and were tried again.</param>
/// <param name="Examples">Some of the newest such jobs, newest first; they may be deleted by now.</param>
public sealed record FailureGroup(
    JobKind Kind, string Cause, long Failed, long Retried, DateTimeOffset LastAt, IReadOnlyList<JobId> Examples);

/// <param name="Processing">What the user's attempts took together, the failed ones included.</param>
public sealed record UserLoad(
    UserId User, long Accepted, long Completed, long Failed, long Cancelled, TimeSpan Processing);

/// <param name="Commits">Commits that succeeded.</param>
/// <param name="Writes">Writes in them.</param>
/// <param name="Failures">Commits that failed, and with them their writes.</param>
/// <param name="Waiting">Writes that wait now.</param>
/// <param name="CommitTimes">How long each commit took, those that failed included.</param>
/// <param name="Recent">The same of the last ones only.</param>
/// <param name="DatabaseBytes">The size of the database; 0 in memory.</param>
/// <param name="LogBytes">Of its write-ahead log.</param>
public sealed record StoreLoad(
    long Commits, long Writes, long Failures, int Waiting, DurationHistogram CommitTimes, DurationHistogram Recent,
    long DatabaseBytes, long LogBytes);
