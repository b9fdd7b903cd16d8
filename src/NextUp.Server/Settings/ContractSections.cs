using System.Globalization;
using System.Text.Json;
using NextUp.Actors.Jobs;

namespace NextUp.Server.Settings;

/// <summary>
/// The sections <c>scheduler_settings</c> and <c>job_processing</c>, with the names that an earlier system gave them. Each of
/// their keys stands for settings of NextUp, of every kind where it speaks of jobs; a file that has only these sections is
/// whole. A key of NextUp's own beside one of them must say the same, unless it comes from a later source.
/// </summary>
sealed class ContractSections
{
    const string Scheduler = "scheduler_settings";
    const string Processing = "job_processing";
    const int MinutesMax = 7 * 24 * 60;
    const int DaysMax = 36_500;

    /// <summary>The only order there is a word for.</summary>
    enum QueuePriority
    {
        FirstInFirstOut,
    }

    /// <summary>Whether a section's pattern is one of these.</summary>
    public static bool Has(string pattern) => pattern is Scheduler or Processing;

    readonly SettingsNode _root;
    readonly SettingsReading _reading;
    readonly IReadOnlyList<KindPolicy> _kinds;
    readonly HashSet<string> _known;

    ContractSections(SettingsNode root, SettingsReading reading, IReadOnlyList<KindPolicy> kinds)
    {
        (_root, _reading, _kinds) = (root, reading, kinds);
        var nothing = new SettingsReading();
        NextUpSettings.Read(null, nothing);
        _known = [.. nothing.Entries.Select(entry => entry.Pattern)];
    }

    /// <summary>Describes the sections, and where they are written lays what they stand for under NextUp's own keys.</summary>
    /// <param name="kinds">Every kind that has a section of its own.</param>
    public static void Read(
        SettingsSection root, SettingsNode? node, SettingsReading reading, IReadOnlyList<KindPolicy> kinds)
    {
        var values = Values.Read(root);
        if (node is not null && (node.Find(Scheduler) ?? node.Find(Processing)) is not null)
            new ContractSections(node, reading, kinds).Lay(values);
    }

    /// <summary>What is written; null where a key is left out.</summary>
    sealed record Values(
        QueuePriority? Order, int? IntervalMinutes, int? ConcurrentPerUserMax, int? TimeoutMinutes, bool? IsRetried, int? RetriesMax,
        int? CleanupDays, bool? IsSinglePerUser, bool? StartsByItself, int? ProcessingMinutesMax)
    {
        public static Values Read(SettingsSection root)
        {
            var scheduler = root.Section(
                Scheduler, "As another system's config.json has it. Each key stands for settings of NextUp, and need not be "
                + "written.", applies: Applies.AtOnce);
            var processing = root.Section(
                Processing, "As another system's config.json has it. Each key stands for settings of NextUp, and need not be "
                + "written.", applies: Applies.AtOnce);
            return new(
                processing.ChoiceOrNone<QueuePriority>(
                    "queue_priority", JsonNamingPolicy.SnakeCaseLower,
                    "Stands for headStarts.priorityMax 0 and headStarts.smallFileBytesMax 0 of every kind: nobody is put ahead."),
                scheduler.IntOrNone(
                    "interval_minutes", null, 1, MinutesMax,
                    "Stands for cleanup.interval. Work starts as soon as a slot is free, not at intervals."),
                scheduler.IntOrNone(
                    "max_concurrent_jobs_per_user", null, 1, 1_000, "Stands for activePerUserMax of every kind, with whenBusy \"hold\"."),
                scheduler.IntOrNone(
                    "job_timeout_minutes", null, 1, MinutesMax, "Stands for attemptDuration of every kind."),
                scheduler.BoolOrNone(
                    "retry_failed_jobs", "False stands for attemptsMax 1 of every kind."),
                scheduler.IntOrNone(
                    "max_retries", null, 0, 99, "Stands for attemptsMax of every kind, the first attempt added."),
                scheduler.IntOrNone(
                    "cleanup_completed_jobs_days", null, 1, DaysMax, "Stands for retention of every kind."),
                processing.BoolOrNone(
                    "single_job_per_user",
                    "True stands for activePerUserMax 1 of every kind, false for more than one: as many as "
                    + "max_concurrent_jobs_per_user says, else none as the limit. In both cases with whenBusy \"hold\"."),
                processing.BoolOrNone(
                    "auto_start_processing", "False stands for queue.paused: nothing runs until the queue is told to go on."),
                processing.IntOrNone(
                    "max_processing_time_minutes", null, 1, MinutesMax, "Stands for totalDuration of every kind."));
        }
    }

    void Lay(Values values)
    {
        if (values.IntervalMinutes is { } interval)
            Put(Scheduler, "interval_minutes", "cleanup.interval", $"\"{interval}m\"");
        if (values.TimeoutMinutes is { } timeout)
            PutOfKinds(Scheduler, "job_timeout_minutes", "attemptDuration", $"\"{timeout}m\"");
        if (values.CleanupDays is { } days)
            PutOfKinds(Scheduler, "cleanup_completed_jobs_days", "retention", $"\"{days}d\"");
        if (values.ProcessingMinutesMax is { } processing)
            PutOfKinds(Processing, "max_processing_time_minutes", "totalDuration", $"\"{processing}m\"");
        if (values.StartsByItself is { } starts)
            Put(Processing, "auto_start_processing", "queue.paused", starts ? "false" : "true");
        if (values.Order is QueuePriority.FirstInFirstOut)
        {
            PutOfKinds(Processing, "queue_priority", "headStarts.priorityMax", "0");
            PutOfKinds(Processing, "queue_priority", "headStarts.smallFileBytesMax", "0");
        }

        if (values.TimeoutMinutes > values.ProcessingMinutesMax)
            Contradict(
                Processing, "max_processing_time_minutes", Scheduler, "job_timeout_minutes",
                "No job may take less time in all than one attempt of it may: raise the one or lower the other.");
        LayRetries(values);
        LayPlaces(values);
    }

    void LayRetries(Values values)
    {
        if (values.IsRetried == false)
            PutOfKinds(Scheduler, "retry_failed_jobs", "attemptsMax", "1");
        else if (values.RetriesMax is { } retries)
            PutOfKinds(Scheduler, "max_retries", "attemptsMax", Of(retries + 1));
    }

    void LayPlaces(Values values)
    {
        if (values is { IsSinglePerUser: { } single, ConcurrentPerUserMax: { } stated } && single != (stated == 1))
        {
            Contradict(
                Processing, "single_job_per_user", Scheduler, "max_concurrent_jobs_per_user",
                single ? "Write false, or 1 there." : "Write true, or more than 1 there.");
            return;
        }

        if (values.ConcurrentPerUserMax is { } max)
            PutLimit(Scheduler, "max_concurrent_jobs_per_user", Of(max));
        else if (values.IsSinglePerUser is { } one)
            PutLimit(Processing, "single_job_per_user", one ? "1" : "null");
    }

    void PutLimit(string section, string key, string json)
    {
        PutOfKinds(section, key, "activePerUserMax", json);

        // There a second file waited for the first. Whoever wants it otherwise says so with a key of NextUp's own.
        PutOfKinds(section, key, "whenBusy", "\"hold\"", isDefault: true);
    }

    void PutOfKinds(string section, string key, string setting, string json, bool isDefault = false)
    {
        if (!_known.Contains($"kinds.KIND.{setting}"))
            return;
        foreach (var kind in _kinds)
            Lay(section, key, $"kinds.{kind.Kind}.{setting}", json, isDefault);
    }

    void Put(string section, string key, string target, string json)
    {
        if (_known.Contains(target))
            Lay(section, key, target, json, isDefault: false);
    }

    void Lay(string section, string key, string target, string json, bool isDefault)
    {
        var written = _root.Find(section)!.Find(key)!;
        var value = SettingsNode.OfText($"{written.Source}, {section}.{key}", json);
        var path = target.Split('.');
        for (var length = 1; length < path.Length; length++)
        {
            if (_root.At(path.AsSpan(0, length)) is { IsObject: false })
                return; // That is a fault of its own.
        }

        if (_root.At(path) is not { } own || (RankOf(own.Source) < RankOf(written.Source) && !isDefault))
            _root.Lay(path, value);
        else if (!isDefault && RankOf(own.Source) == RankOf(written.Source) && !IsSame(own, value))
            _reading.Add(new SettingFault(
                $"{section}.{key}", written.Value.GetRawText(), written.Source,
                $"it stands for {target} = {json}, but {target} = {own.Value.GetRawText()} ({own.Source}) is written, too. "
                + "Leave one of them out, or make them agree."));
    }

    void Contradict(string section, string key, string otherSection, string otherKey, string wayOut)
    {
        var (one, other) = (_root.Find(section)!.Find(key)!, _root.Find(otherSection)!.Find(otherKey)!);
        _reading.Add(new SettingFault(
            $"{section}.{key}", one.Value.GetRawText(), one.Source,
            $"it contradicts {otherSection}.{otherKey} = {other.Value.GetRawText()} ({other.Source}). {wayOut}"));
    }

    /// <summary>"60m" and "1h" are the same, and so are null and "none".</summary>
    static bool IsSame(SettingsNode own, SettingsNode stated)
    {
        static object? Plain(SettingsNode node) => node.Value.ValueKind switch
        {
            JsonValueKind.Null => "none",
            JsonValueKind.String => DurationText.Parse(node.Value.GetString()!) is { } span ? span : node.Value.GetString(),
            _ => node.Value.GetRawText(),
        };

        return Equals(Plain(own), Plain(stated));
    }

    /// <summary>Later sources win; within one, both must agree.</summary>
    static int RankOf(string source) =>
        source.StartsWith("--", StringComparison.Ordinal) ? 2
        : source.StartsWith(SettingsSources.VariablePrefix, StringComparison.Ordinal) ? 1 : 0;

    static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);
}
