using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;

namespace NextUp.Server.Settings;

/// <summary>The section <c>cleanup</c>, and what a kind says of jobs that are stuck or old.</summary>
static class CleanupSection
{
    const int CrashesCeiling = 100;
    const int RetentionDaysCeiling = 36_500;

    static readonly TimeSpan IntervalFloor = TimeSpan.FromSeconds(10);
    static readonly TimeSpan IntervalCeiling = TimeSpan.FromDays(7);
    static readonly TimeSpan StaleFloor = TimeSpan.FromMinutes(1);
    static readonly TimeSpan TotalFloor = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(30);

    public static CleanupSettings Read(SettingsSection section)
    {
        var defaults = new CleanupSettings();
        var days = section.IntOrNone(
            "retentionDays", null, 1, RetentionDaysCeiling,
            "After so many days finished jobs are deleted with their files, unless their kind has a retention of its own or "
            + "they were set aside. None keeps them until the command cleanup deletes them.");
        return new CleanupSettings
        {
            Interval = section.Duration(
                "interval", defaults.Interval, IntervalFloor, IntervalCeiling,
                "How often the server looks for what is stuck or old. Shorter finds it sooner."),
            Retention = days is { } kept ? TimeSpan.FromDays(kept) : null,
        };
    }

    public static KindPolicy ReadKind(SettingsSection section, KindPolicy kind)
    {
        var policy = kind with
        {
            CrashesMax = section.Int(
                "crashesMax", kind.CrashesMax, 1, CrashesCeiling,
                "Attempts that may end with the loss of their worker before the job is set aside for an operator. Attempts in all "
                + "are limited by attemptsMax."),
            TotalDuration = section.DurationOrNone(
                "totalDuration", kind.TotalDuration, TotalFloor, LongestWait,
                "How long a job may take from the start of its first attempt, all attempts and the delays between them "
                + "included; past it, it fails."),
            StalePendingAfter = section.Duration(
                "stalePendingAfter", kind.StalePendingAfter, StaleFloor, LongestWait,
                "A waiting job fails when for so long the line moved past it or a slot was free. Waiting one's turn never counts."),
            Retention = section.DurationOrNone(
                "retention", kind.Retention, TimeSpan.FromDays(1), TimeSpan.FromDays(RetentionDaysCeiling),
                "How long finished jobs of the kind are kept. None leaves it to cleanup.retentionDays."),
        };
        if (policy.TotalDuration < policy.AttemptDuration && section.Has("attemptDuration"))
            section.Fault(
                "totalDuration", $"it is shorter than attemptDuration, \"{DurationText.Of(policy.AttemptDuration)}\", so no attempt "
                + "could use its time. Raise it, or shorten attemptDuration.");
        return policy;
    }
}
