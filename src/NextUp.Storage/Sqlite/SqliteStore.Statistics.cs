using NextUp.Actors.Jobs;
using NextUp.Actors.Statistics;
using NextUp.Actors.Store;

namespace NextUp.Storage.Sqlite;

/// <summary>The kept figures.</summary>
public sealed partial class SqliteStore
{
    public event Action<IReadOnlyList<JobTransition>>? Changed
    {
        add => database.Changed += value;
        remove => database.Changed -= value;
    }

    public Task<IReadOnlyList<PeriodFigures>> PeriodsAsync(
        DateTimeOffset from, DateTimeOffset before, StatisticsPeriod by, JobKind? kind) =>
        readers.AskAsync<IReadOnlyList<PeriodFigures>>(reader => reader.Statistics.Periods(from, before, by, kind));

    public Task<IReadOnlyList<KindFigures>> TotalsAsync() =>
        readers.AskAsync<IReadOnlyList<KindFigures>>(reader => reader.Statistics.Totals());

    public Task<IReadOnlyList<long>> WeekHoursAsync(DateTimeOffset from, DateTimeOffset before, JobKind? kind) =>
        readers.AskAsync<IReadOnlyList<long>>(reader => reader.Statistics.WeekHours(from, before, kind));

    public Task<IReadOnlyList<FailureGroup>> FailuresAsync(
        DateTimeOffset from, DateTimeOffset before, JobKind? kind, int limit) =>
        readers.AskAsync<IReadOnlyList<FailureGroup>>(reader => reader.Statistics.Failures(from, before, kind, limit));

    public Task<IReadOnlyList<UserLoad>> LoadsAsync(DateTimeOffset from, DateTimeOffset before, int limit) =>
        readers.AskAsync<IReadOnlyList<UserLoad>>(reader => reader.Statistics.Loads(from, before, limit));

    public Task<DateTimeOffset?> OldestWaitAsync(DateTimeOffset now) =>
        readers.AskAsync(reader => reader.Statistics.OldestWait(now));

    public StoreLoad Load()
    {
        var load = queue?.Load() ?? new StoreLoad(0, 0, 0, 0, new(), new(), 0, 0);
        return load with
        {
            DatabaseBytes = Length(database.Connection.Path),
            LogBytes = Length(database.Connection.Path + "-wal"),
        };
    }

    static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
