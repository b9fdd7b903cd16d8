using System.Runtime.InteropServices;
using NextUp.Actors.Statistics;
using NextUp.Actors.Store;

namespace NextUp.Storage.Sql.Statistics;

/// <summary>Adds gathered figures to the tables, and drops what is older than <see cref="StatisticsKept"/>.</summary>
sealed class StatisticsTables(SqlConnection connection)
{
    const int IdBytes = 16;

    readonly SqlStatement readTotal = connection.Prepare("SELECT figures FROM figures_total WHERE kind_key = ?");
    readonly SqlStatement saveTotal = connection.Prepare(
        "INSERT INTO figures_total VALUES (?, ?) ON CONFLICT (kind_key) DO UPDATE SET figures = excluded.figures");
    readonly SqlStatement readHour = connection.Prepare("SELECT figures FROM figures_hour WHERE hour = ? AND kind_key = ?");
    readonly SqlStatement saveHour = connection.Prepare(
        "INSERT INTO figures_hour VALUES (?, ?, ?) ON CONFLICT (hour, kind_key) DO UPDATE SET figures = excluded.figures");
    readonly SqlStatement readDay = connection.Prepare("SELECT figures FROM figures_day WHERE day = ? AND kind_key = ?");
    readonly SqlStatement saveDay = connection.Prepare(
        "INSERT INTO figures_day VALUES (?, ?, ?) ON CONFLICT (day, kind_key) DO UPDATE SET figures = excluded.figures");

    readonly SqlStatement countCauses = connection.Prepare("SELECT count(*) FROM failure_day WHERE day = ?");
    readonly SqlStatement readCause = connection.Prepare(
        "SELECT failed, retried, last_at, jobs FROM failure_day WHERE day = ? AND kind_key = ? AND cause = ?");
    readonly SqlStatement saveCause = connection.Prepare(
        "INSERT INTO failure_day VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (day, kind_key, cause) DO UPDATE SET "
        + "failed = excluded.failed, retried = excluded.retried, last_at = excluded.last_at, jobs = excluded.jobs");

    readonly SqlStatement readLoads = connection.Prepare("SELECT loads FROM load_day WHERE load_key = ?");
    readonly SqlStatement saveLoads = connection.Prepare(
        "INSERT INTO load_day VALUES (?, ?) ON CONFLICT (load_key) DO UPDATE SET loads = excluded.loads");

    readonly SqlStatement dropHours = connection.Prepare("DELETE FROM figures_hour WHERE hour < ?");
    readonly SqlStatement dropDays = connection.Prepare("DELETE FROM figures_day WHERE day < ?");
    readonly SqlStatement dropCauses = connection.Prepare("DELETE FROM failure_day WHERE day < ?");
    readonly SqlStatement dropLoads = connection.Prepare("DELETE FROM load_day WHERE load_key < ?");

    readonly byte[] chunkBytes = new byte[LoadChunk.BytesMax];
    long thinnedDay;

    public void Add(GatheredFigures gathered)
    {
        AddFigures(gathered);
        AddCauses(gathered);
        AddLoads(gathered);
        if (gathered.Hours.Count > 0)
            Thin(GatheredFigures.DayOf(gathered.Hours.Keys.Max(key => key.Hour)));
    }

    public void Forget() => thinnedDay = 0;

    void AddFigures(GatheredFigures gathered)
    {
        var days = new Dictionary<(long Day, long Kind), JobFigures>();
        var totals = new Dictionary<long, JobFigures>();
        foreach (var ((hour, kind), figures) in gathered.Hours)
        {
            Save(figures, readHour.With(hour).With(kind), saveHour.With(hour).With(kind));
            Sum(days, (GatheredFigures.DayOf(hour), kind), figures);
            Sum(totals, kind, figures);
        }

        foreach (var ((day, kind), figures) in days)
            Save(figures, readDay.With(day).With(kind), saveDay.With(day).With(kind));
        foreach (var (kind, figures) in totals)
            Save(figures, readTotal.With(kind), saveTotal.With(kind));
    }

    static void Sum<TKey>(Dictionary<TKey, JobFigures> sums, TKey key, JobFigures figures)
        where TKey : notnull
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);
        (sum ??= new JobFigures()).Add(figures);
    }

    static void Save(JobFigures added, SqlStatement read, SqlStatement save)
    {
        var figures = read.Step() ? JobFigures.Of(read.Bytes(0)) : new JobFigures();
        read.Reset();
        figures.Add(added);
        save.With(figures.ToBytes()).Later();
    }

    void AddCauses(GatheredFigures gathered)
    {
        foreach (var ofDay in gathered.Causes.GroupBy(pair => pair.Key.Day))
        {
            countCauses.With(ofDay.Key).Step();
            var room = StatisticsKept.CausesPerDayMax - countCauses.Long(0);
            countCauses.Reset();
            foreach (var ((day, kind, cause), counts) in ofDay)
            {
                // Whoever comes after the day's last free place counts as one of the others.
                if (FindCause(day, kind, cause) is { } kept)
                    SaveCause(day, kind, cause, kept, counts);
                else if (room-- > 0)
                    SaveCause(day, kind, cause, new CauseCounts(), counts);
                else
                    SaveCause(day, kind, FailureCause.Other, FindCause(day, kind, FailureCause.Other) ?? new(), counts);
            }
        }
    }

    CauseCounts? FindCause(long day, long kind, string cause)
    {
        CauseCounts? found = null;
        if (readCause.With(day).With(kind).With(cause).Step())
            found = ReadCause(readCause, 0);
        readCause.Reset();
        return found;
    }

    /// <summary>Reads failed, retried, last_at and jobs, in this order, from the column on.</summary>
    public static CauseCounts ReadCause(SqlStatement row, int column)
    {
        var found = new CauseCounts
        {
            Failed = row.Long(column),
            Retried = row.Long(column + 1),
            LastAt = row.Long(column + 2),
        };
        for (var jobs = row.Bytes(column + 3); !jobs.IsEmpty; jobs = jobs[IdBytes..])
            found.Jobs.Add(new Guid(jobs[..IdBytes], bigEndian: true));
        return found;
    }

    void SaveCause(long day, long kind, string cause, CauseCounts kept, CauseCounts later)
    {
        kept.AddLater(later);
        var jobs = new byte[kept.Jobs.Count * IdBytes];
        for (var i = 0; i < kept.Jobs.Count; i++)
            kept.Jobs[i].TryWriteBytes(jobs.AsSpan(i * IdBytes), bigEndian: true, out _);
        saveCause.With(day).With(kind).With(cause).With(kept.Failed).With(kept.Retried).With(kept.LastAt).With(jobs).Later();
    }

    void AddLoads(GatheredFigures gathered)
    {
        var chunks = gathered.Loads.GroupBy(pair => LoadChunk.Key(pair.Key.Day, pair.Key.User / LoadChunk.Users));
        foreach (var ofChunk in chunks.OrderBy(chunk => chunk.Key))
        {
            var chunk = new LoadChunk();
            if (readLoads.With(ofChunk.Key).Step())
                chunk.Add(readLoads.Bytes(0));
            readLoads.Reset();
            foreach (var ((_, user), counts) in ofChunk)
                chunk[user].Add(counts);
            var length = chunk.WriteTo(chunkBytes);
            saveLoads.With(ofChunk.Key).With(chunkBytes.AsSpan(0, length)).Later();
        }
    }

    /// <summary>Once a day, by the time of the newest figures: the store has no clock.</summary>
    void Thin(long today)
    {
        if (today <= thinnedDay)
            return;
        thinnedDay = today;
        dropHours.With((today - StatisticsKept.Hours.Days) * 24).Later();
        dropDays.With(today - StatisticsKept.Days.Days).Later();
        dropCauses.With(today - StatisticsKept.Causes.Days).Later();
        dropLoads.With(LoadChunk.FirstKeyOf(today - StatisticsKept.Loads.Days)).Later();
    }
}
