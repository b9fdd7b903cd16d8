using System.Globalization;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;

namespace NextUp.Server.Settings;

/// <summary>What puts jobs of a kind ahead in the line, when they may start, and slots that follow the load.</summary>
static class OrderSection
{
    const long SmallFileBytesCeiling = 1L << 30;
    const int TimeZoneLengthMax = 100;

    static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]; // As DayOfWeek numbers them.

    public static KindPolicy Read(SettingsSection kind, KindPolicy policy) => policy with
    {
        HeadStarts = ReadHeadStarts(
            kind.Section("headStarts", "What takes a span of time off a job's arrival, so that it stands further ahead."),
            policy.HeadStarts),
        Windows = ReadWindows(kind),
    };

    public static QueueSettings ReadLoad(SettingsSection queue, QueueSettings settings)
    {
        var defaults = new LoadTargets(0, 0);
        var floor = queue.IntOrNone(
            "slotsFloor", null, 1, QueueSettings.SlotsMax,
            "Where the slots follow the machine's load: never fewer. Needs slotsCeiling; queue.slots is where they begin.");
        var ceiling = queue.IntOrNone(
            "slotsCeiling", null, 1, QueueSettings.SlotsMax,
            "Where the slots follow the machine's load: never more. Needs slotsFloor.");
        var cpu = queue.Int(
            "slotsCpuTarget", defaults.CpuPercent, 10, 100,
            "The processors' load, in percent, that following slots stay near; it takes some minutes to get there.");
        var memory = queue.Int(
            "slotsMemoryTarget", defaults.MemoryPercent, 10, 100,
            "The memory in use, in percent, that following slots stay near.");
        if (floor is null != ceiling is null)
            queue.Fault(floor is null ? "slotsCeiling" : "slotsFloor", "slotsFloor and slotsCeiling belong together; give both, or none.");
        else if (floor > ceiling)
            queue.Fault("slotsFloor", $"it is above slotsCeiling, {ceiling}. Lower it, or raise slotsCeiling.");
        return floor is { } least && ceiling is { } most
            ? settings with { Load = new(least, most, cpu, memory) } : settings;
    }

    static HeadStarts ReadHeadStarts(SettingsSection section, HeadStarts defaults)
    {
        var levels = new TimeSpan[HeadStarts.LevelMax];
        for (var level = 1; level <= levels.Length; level++)
        {
            levels[level - 1] = section.Duration(
                level.ToString(CultureInfo.InvariantCulture), defaults.Levels[level - 1], TimeSpan.Zero, HeadStarts.SpanMax,
                $"The head start of priority {level}: who arrived earlier by more than that is still before it.");
            if (level > 1 && levels[level - 1] < levels[level - 2])
                section.Fault(
                    level.ToString(CultureInfo.InvariantCulture),
                    $"it is shorter than that of priority {level - 1}. A higher level has at least the span of a lower one.");
        }

        return defaults with
        {
            Levels = levels.SequenceEqual(defaults.Levels) ? defaults.Levels : levels,
            IsStrict = section.Bool(
                "strict", defaults.IsStrict,
                "A higher priority always goes first, whatever the spans are. Nothing in the line bounds how long the others "
                + "wait then."),
            PriorityMax = section.Int(
                "priorityMax", defaults.PriorityMax, 0, HeadStarts.LevelMax,
                "The highest priority that users may ask for. Operators may ask for every one."),
            SmallFileBytesMax = section.Bytes(
                "smallFileBytesMax", defaults.SmallFileBytesMax, 0, SmallFileBytesCeiling,
                "Files up to this size count as small and have a head start of their own; 0 is none."),
            SmallFile = section.Duration(
                "smallFile", defaults.SmallFile, TimeSpan.Zero, HeadStarts.SpanMax,
                "The head start of small files, on top of their priority's."),
        };
    }

    static StartWindows? ReadWindows(SettingsSection kind)
    {
        var windows = kind.Sections(
            "windows", StartWindow.CountMax,
            "When jobs of the kind may start; without one at any time. Outside of them they keep their places and others "
            + "pass them.",
            ReadWindow);
        var name = kind.Text(
            "timeZone", "UTC", TimeZoneLengthMax, "The time zone of the windows' clock, for example Europe/Vienna.");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
            kind.Fault("timeZone", "there is no such time zone on this machine. Take a name such as Europe/Vienna.");
        return windows.Count == 0 || zone is null ? null : new(windows, zone);
    }

    static StartWindow ReadWindow(SettingsSection section)
    {
        var days = section.Words("days", Days, Days, "The days on which the window begins.");
        var from = ReadTime(section, "from", "22:00", "When the window begins, by the clock of timeZone.");
        var to = ReadTime(
            section, "to", "06:00",
            "When it ends: on the next day where this is not after from, after 24 hours where it is the same.");
        return new([.. days.Select(day => (DayOfWeek)Array.IndexOf(Days, day))], from, to);
    }

    static TimeOnly ReadTime(SettingsSection section, string key, string fallback, string description)
    {
        var text = section.Text(key, fallback, 5, description);
        if (!TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            section.Fault(key, "it is a time of day with two digits each, such as \"06:30\".");
        return time;
    }
}
