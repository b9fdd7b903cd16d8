using System.Runtime.InteropServices;
using NextUp.Actors.Statistics;
using NextUp.Actors.Store;

namespace NextUp.Storage.Sql.Statistics;

/// <summary>A cause's count on one day.</summary>
sealed class CauseCounts
{
    public long Failed { get; set; }

    public long Retried { get; set; }

    public long LastAt { get; set; }

    /// <summary>Newest first.</summary>
    public List<Guid> Jobs { get; } = [];

    /// <summary>Adds what came later.</summary>
    public void AddLater(CauseCounts later)
    {
        Failed += later.Failed;
        Retried += later.Retried;
        LastAt = Math.Max(LastAt, later.LastAt);
        Jobs.InsertRange(0, later.Jobs.Where(job => !Jobs.Contains(job)));
        if (Jobs.Count > StatisticsKept.ExamplesMax)
            Jobs.RemoveRange(StatisticsKept.ExamplesMax, Jobs.Count - StatisticsKept.ExamplesMax);
    }
}

/// <summary>What a question needs of the journal.</summary>
[Flags]
enum JournalParts
{
    Figures = 1,
    Causes = 2,
    Loads = 4,
    All = Figures | Causes | Loads,
}

/// <summary>Entries of the journal, added up.</summary>
sealed class GatheredFigures(JournalParts parts = JournalParts.All)
{
    const long SecondsAnHour = 3_600;
    const long HoursADay = 24;

    readonly Dictionary<(long Hour, long Kind), JobFigures> hours = [];
    readonly Dictionary<(long Day, long User), LoadCounts> loads = [];
    readonly Dictionary<(long Day, long Kind, string Cause), CauseCounts> causes = [];

    public IReadOnlyDictionary<(long Hour, long Kind), JobFigures> Hours => hours;

    public IReadOnlyDictionary<(long Day, long User), LoadCounts> Loads => loads;

    public IReadOnlyDictionary<(long Day, long Kind, string Cause), CauseCounts> Causes => causes;

    public static long DayOf(long hour) => Floor(hour, HoursADay);

    public static GatheredFigures Read(SqlStatement journal, JournalParts parts = JournalParts.All)
    {
        var gathered = new GatheredFigures(parts);
        while (journal.Step())
            JournalEntry.Read(journal.Bytes(0), gathered.Add);
        journal.Reset();
        return gathered;
    }

    public void Add(JournalEntry entry)
    {
        var hour = Floor(entry.At, SecondsAnHour);
        var day = DayOf(hour);
        if (parts.HasFlag(JournalParts.Figures))
        {
            ref var figures = ref CollectionsMarshal.GetValueRefOrAddDefault(hours, (hour, entry.Kind), out _);
            Count(figures ??= new JobFigures(), entry);
        }

        if (entry.What != Counted.Started && parts.HasFlag(JournalParts.Loads))
            Count(ref CollectionsMarshal.GetValueRefOrAddDefault(loads, (day, entry.User), out _), entry);
        if (entry.Cause is null || !parts.HasFlag(JournalParts.Causes))
            return;

        ref var cause = ref CollectionsMarshal.GetValueRefOrAddDefault(causes, (day, entry.Kind, entry.Cause), out _);
        var one = new CauseCounts
        {
            Failed = entry.What == Counted.Failed ? 1 : 0,
            Retried = entry.What == Counted.Retried ? 1 : 0,
            LastAt = entry.At,
        };
        one.Jobs.Add(entry.Job);
        (cause ??= new CauseCounts()).AddLater(one);
    }

    static void Count(JobFigures figures, in JournalEntry entry)
    {
        switch (entry.What)
        {
            case Counted.Accepted: figures.Accepted++; break;
            case Counted.Started: figures.Started++; break;
            case Counted.Completed: figures.Completed++; break;
            case Counted.Failed: figures.Failed++; break;
            case Counted.Cancelled: figures.Cancelled++; break;
            case Counted.Retried: figures.Retried++; break;
        }

        if (entry.Duration is not { } duration)
            return;
        if (entry.What == Counted.Started)
            figures.Waits.AddMicroseconds(duration);
        else if (entry.What == Counted.Completed)
            figures.Services.AddMicroseconds(duration);
    }

    static void Count(ref LoadCounts load, in JournalEntry entry)
    {
        switch (entry.What)
        {
            case Counted.Accepted: load.Accepted++; break;
            case Counted.Completed: load.Completed++; break;
            case Counted.Failed: load.Failed++; break;
            case Counted.Cancelled: load.Cancelled++; break;
        }

        load.ProcessingMicroseconds += entry.Duration ?? 0;
    }

    static long Floor(long value, long unit) => value >= 0 ? value / unit : ((value + 1) / unit) - 1;
}
