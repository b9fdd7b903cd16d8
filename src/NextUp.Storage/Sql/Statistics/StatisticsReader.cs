using NextUp.Actors.Jobs;
using NextUp.Actors.Statistics;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Storage.Sql.Statistics;

/// <summary>
/// Answers <see cref="IStatisticsStore"/>'s questions on one connection: the tables and the journal, of one state of the
/// store.
/// </summary>
sealed class StatisticsReader(SqlConnection connection)
{
    const int HoursAWeek = 168;
    const int HoursADay = 24;

    /// <summary>1970 began on a Thursday.</summary>
    const int FirstHourOfWeek = 72;

    static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    static readonly TimeSpan Day = TimeSpan.FromDays(1);

    readonly SqlStatement journal = connection.Prepare("SELECT content FROM statistic_journal ORDER BY id");
    readonly SqlStatement kinds = connection.Prepare("SELECT kind_key, name FROM kind");
    readonly SqlStatement totals = connection.Prepare("SELECT kind_key, figures FROM figures_total");
    readonly SqlStatement hours = connection.Prepare(
        "SELECT hour, kind_key, figures FROM figures_hour WHERE hour >= ? AND hour < ?");
    readonly SqlStatement lastHour = connection.Prepare("SELECT max(hour) FROM figures_hour");
    readonly SqlStatement days = connection.Prepare(
        "SELECT day, kind_key, figures FROM figures_day WHERE day >= ? AND day < ?");
    readonly SqlStatement causes = connection.Prepare(
        "SELECT kind_key, cause, failed, retried, last_at, jobs FROM failure_day WHERE day >= ? AND day < ? ORDER BY day");
    readonly SqlStatement loads = connection.Prepare(
        "SELECT load_key, loads FROM load_day WHERE load_key >= ? AND load_key < ?");
    readonly SqlStatement userOf = connection.Prepare("SELECT id FROM \"user\" WHERE user_key = ?");

    readonly SqlStatement oldestWait = connection.Prepare(
        "SELECT min(accepted_at) FROM (SELECT state, is_held, not_before, accepted_at FROM job INDEXED BY job_unfinished "
        + "WHERE is_open = 1 ORDER BY seq LIMIT ?) AS oldest "
        + "WHERE state = 0 AND is_held = 0 AND coalesce(not_before, 0) <= ?");

    public DateTimeOffset? OldestWait(DateTimeOffset now)
    {
        oldestWait.With(StatisticsKept.UnfinishedLookedAtMax).With(now).Step();
        var found = oldestWait.TimeOrNull(0);
        oldestWait.Reset();
        return found;
    }

    public List<PeriodFigures> Periods(DateTimeOffset from, DateTimeOffset before, StatisticsPeriod by, JobKind? kind)
    {
        using var _ = new Snapshot(connection);
        var names = Kinds();
        var gathered = GatheredFigures.Read(journal, JournalParts.Figures);
        var found = new Dictionary<(DateTimeOffset Start, StatisticsPeriod Period, long Kind), JobFigures>();
        var daysBefore = Ceiling(before, Day);
        if (by == StatisticsPeriod.Hour)
        {
            var firstDay = FirstDayOfHours(gathered);
            var (first, last) = (Math.Max(Ceiling(from, Hour), firstDay * HoursADay), Ceiling(before, Hour));
            Read(hours.With(first).With(last), by, Hour, found);
            foreach (var ((hour, kindKey), figures) in gathered.Hours)
            {
                if (hour >= first && hour < last)
                    Add(found, (Start(hour, Hour), by, kindKey), figures);
            }

            daysBefore = Math.Min(daysBefore, firstDay);
        }

        Read(days.With(Ceiling(from, Day)).With(daysBefore), StatisticsPeriod.Day, Day, found);
        foreach (var ((hour, kindKey), figures) in gathered.Hours)
        {
            var day = GatheredFigures.DayOf(hour);
            if (day >= Ceiling(from, Day) && day < daysBefore)
                Add(found, (Start(day, Day), StatisticsPeriod.Day, kindKey), figures);
        }

        return
        [
            .. found.Select(one => new PeriodFigures(one.Key.Start, one.Key.Period, names[one.Key.Kind], one.Value))
                .Where(one => kind is null || one.Kind == kind)
                .OrderBy(one => one.Start).ThenBy(one => one.Kind.Value, StringComparer.Ordinal),
        ];
    }

    public List<KindFigures> Totals()
    {
        using var _ = new Snapshot(connection);
        var names = Kinds();
        var found = new Dictionary<long, JobFigures>();
        while (totals.Step())
            found.Add(totals.Long(0), JobFigures.Of(totals.Bytes(1)));
        totals.Reset();
        foreach (var ((_, kind), figures) in GatheredFigures.Read(journal, JournalParts.Figures).Hours)
            Add(found, kind, figures);
        return
        [
            .. found.Select(one => new KindFigures(names[one.Key], one.Value))
                .OrderBy(one => one.Kind.Value, StringComparer.Ordinal),
        ];
    }

    public long[] WeekHours(DateTimeOffset from, DateTimeOffset before, JobKind? kind)
    {
        using var _ = new Snapshot(connection);
        var names = Kinds();
        var (first, last) = (Ceiling(from, Hour), Ceiling(before, Hour));
        var week = new long[HoursAWeek];
        hours.With(first).With(last);
        while (hours.Step())
        {
            if (kind is null || names[hours.Long(1)] == kind)
                week[HourOfWeek(hours.Long(0))] += JobFigures.AcceptedOf(hours.Bytes(2));
        }

        hours.Reset();
        foreach (var ((hour, kindKey), figures) in GatheredFigures.Read(journal, JournalParts.Figures).Hours)
        {
            if (hour >= first && hour < last && (kind is null || names[kindKey] == kind))
                week[HourOfWeek(hour)] += figures.Accepted;
        }

        return week;
    }

    public List<FailureGroup> Failures(DateTimeOffset from, DateTimeOffset before, JobKind? kind, int limit)
    {
        using var _ = new Snapshot(connection);
        var names = Kinds();
        var (first, last) = (Ceiling(from, Day), Ceiling(before, Day));
        var found = new Dictionary<(long Kind, string Cause), CauseCounts>();
        causes.With(first).With(last);
        while (causes.Step())
            Group(causes.Long(0), causes.Text(1)).AddLater(StatisticsTables.ReadCause(causes, 2));
        causes.Reset();
        foreach (var ((day, kindKey, cause), counts) in GatheredFigures.Read(journal, JournalParts.Causes).Causes)
        {
            if (day >= first && day < last)
                Group(kindKey, cause).AddLater(counts);
        }

        return
        [
            .. found.Where(one => kind is null || names[one.Key.Kind] == kind)
                .OrderByDescending(one => one.Value.Failed + one.Value.Retried).ThenByDescending(one => one.Value.LastAt)
                .Take(limit)
                .Select(one => new FailureGroup(
                    names[one.Key.Kind], one.Key.Cause, one.Value.Failed, one.Value.Retried,
                    DateTimeOffset.FromUnixTimeSeconds(one.Value.LastAt), [.. one.Value.Jobs.Select(id => new JobId(id))])),
        ];

        CauseCounts Group(long kindKey, string cause)
        {
            if (!found.TryGetValue((kindKey, cause), out var group))
                found.Add((kindKey, cause), group = new CauseCounts());
            return group;
        }
    }

    public List<UserLoad> Loads(DateTimeOffset from, DateTimeOffset before, int limit)
    {
        using var _ = new Snapshot(connection);
        var (first, last) = (Ceiling(from, Day), Ceiling(before, Day));
        var chunks = new Dictionary<long, LoadChunk>();
        loads.With(LoadChunk.FirstKeyOf(first)).With(LoadChunk.FirstKeyOf(last));
        while (loads.Step())
            Chunk(LoadChunk.ChunkOf(loads.Long(0))).Add(loads.Bytes(1));
        loads.Reset();
        foreach (var ((day, user), counts) in GatheredFigures.Read(journal, JournalParts.Loads).Loads)
        {
            if (day >= first && day < last)
                Chunk(user / LoadChunk.Users)[user].Add(counts);
        }

        var longest = new PriorityQueue<(long User, LoadCounts Load), (long, long)>();
        foreach (var (number, chunk) in chunks)
        {
            for (var user = number * LoadChunk.Users; user < (number + 1) * LoadChunk.Users; user++)
            {
                var load = chunk[user];
                if (load == default)
                    continue;
                var weight = (load.ProcessingMicroseconds, load.Accepted);
                if (longest.Count < limit)
                    longest.Enqueue((user, load), weight);
                else
                    longest.EnqueueDequeue((user, load), weight);
            }
        }

        var ordered = new List<UserLoad>(longest.Count);
        while (longest.TryDequeue(out var one, out var _))
        {
            var load = one.Load;
            ordered.Add(new UserLoad(
                UserOf(one.User), load.Accepted, load.Completed, load.Failed, load.Cancelled,
                TimeSpan.FromMicroseconds(load.ProcessingMicroseconds)));
        }

        ordered.Reverse();
        return ordered;

        LoadChunk Chunk(long number)
        {
            if (!chunks.TryGetValue(number, out var chunk))
                chunks.Add(number, chunk = new LoadChunk());
            return chunk;
        }
    }

    static void Read(
        SqlStatement rows, StatisticsPeriod period, TimeSpan length,
        Dictionary<(DateTimeOffset, StatisticsPeriod, long), JobFigures> into)
    {
        while (rows.Step())
            Add(into, (Start(rows.Long(0), length), period, rows.Long(1)), JobFigures.Of(rows.Bytes(2)));
        rows.Reset();
    }

    static void Add<TKey>(Dictionary<TKey, JobFigures> into, TKey key, JobFigures figures)
        where TKey : notnull
    {
        if (into.TryGetValue(key, out var sum))
            sum.Add(figures);
        else
            into.Add(key, figures);
    }

    /// <summary>
    /// The first day of which hours are told. Hours before it may not have been dropped yet, or were counted late by a
    /// clock that was set back; their days have them too.
    /// </summary>
    long FirstDayOfHours(GatheredFigures gathered)
    {
        lastHour.Step();
        var last = lastHour.IsNull(0) ? 0 : lastHour.Long(0);
        lastHour.Reset();
        var newest = gathered.Hours.Keys.Select(key => key.Hour).Append(last).Max();
        return GatheredFigures.DayOf(newest) - StatisticsKept.Hours.Days;
    }

    Dictionary<long, JobKind> Kinds()
    {
        var found = new Dictionary<long, JobKind>();
        while (kinds.Step())
            found.Add(kinds.Long(0), new JobKind(kinds.Text(1)));
        kinds.Reset();
        return found;
    }

    UserId UserOf(long key)
    {
        var user = new UserId(userOf.With(key).Step() ? userOf.Text(0) : "");
        userOf.Reset();
        return user;
    }

    static int HourOfWeek(long hour) => (int)((((hour + FirstHourOfWeek) % HoursAWeek) + HoursAWeek) % HoursAWeek);

    static long Ceiling(DateTimeOffset at, TimeSpan unit)
    {
        var ticks = at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        return (ticks / unit.Ticks) + (ticks % unit.Ticks > 0 ? 1 : 0);
    }

    static DateTimeOffset Start(long number, TimeSpan unit) => DateTimeOffset.UnixEpoch.AddTicks(number * unit.Ticks);
}
