using System.Buffers;
using System.Diagnostics;
using NextUp.Actors.Jobs;
using NextUp.Actors.Statistics;
using NextUp.Actors.Store;
using NextUp.Storage.Sqlite;
using NextUp.Storage.Sql.Statistics;

namespace NextUp.Bench.Store;

/// <summary>
/// How long operators' questions take beside very many finished jobs. The job table and the kept figures are filled
/// directly: jobs of five kinds and 100,000 users over 400 days, one in twenty failed, for some hundred causes, and the
/// journal as full as it gets.
/// </summary>
static class Statistics
{
    const int Users = 100_000;
    const int Days = 400;
    const int Kinds = 5;
    const int Causes = 150;
    const int FullJournal = 8_191;
    static readonly double[] s_quantiles = [0.5, 0.9, 0.99];
    static readonly DateTimeOffset Now = new(2026, 5, 4, 0, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var jobs = Arguments.Int(arguments, "jobs", 10_000_000);
        var rounds = Arguments.Int(arguments, "rounds", 20);
        var kept = Arguments.Text(arguments, "folder");
        var folder = kept ?? Directory.CreateTempSubdirectory("nextup-bench-").FullName;
        try
        {
            var watch = Stopwatch.StartNew();
            if (!File.Exists(Path.Combine(folder, "nextup.db")))
            {
                Directory.CreateDirectory(folder);
                Fill(folder, jobs);
                await output.WriteLineAsync(
                    $"{jobs:N0} finished jobs of {Users:N0} users filled in {watch.Elapsed.TotalSeconds:N0} s");
            }

            using var store = SqliteStore.Open(folder);
            await output.WriteLineAsync($"{"question",-44} {"p50 ms",10} {"longest ms",12} {"cpu ms",10}");
            foreach (var (question, ask) in Questions(store))
                await MeasureAsync(output, question, ask, rounds);
        }
        finally
        {
            if (kept is null)
                Directory.Delete(folder, recursive: true);
        }
    }

    static IEnumerable<(string, Func<Task>)> Questions(SqliteStore store)
    {
        DateTimeOffset Before(int days) => Now.AddDays(-days);
        yield return ("31 days by the hour", () => store.PeriodsAsync(Before(31), Now, StatisticsPeriod.Hour, null));
        yield return ("400 days by the day", () => store.PeriodsAsync(Before(400), Now, StatisticsPeriod.Day, null));
        yield return ("hours of the week, of 90 days", () => store.WeekHoursAsync(Before(90), Now, null));
        yield return ("failures by cause, of 90 days", () => store.FailuresAsync(Before(90), Now, null, 100));
        yield return ("load by user, of 1 day", () => store.LoadsAsync(Before(1), Now, 100));
        yield return ("load by user, of 30 days", () => store.LoadsAsync(Before(30), Now, 100));
        yield return ("the page: 31 days by the hour, as shown", () => ShowAsync(store, Before(31)));
        yield return ("totals by kind (the metrics page)", store.TotalsAsync);
        yield return ("the longest wait", () => store.OldestWaitAsync(Now));
        yield return ("what runs", () => store.UnfinishedBeforeAsync(JobState.Processing, Now, 200));
        yield return ("counts of the queue", () => store.CountsAsync(Now));
    }

    /// <summary>All of an operator's answer but its letters: each hour's quantiles, the sums by kind, the hours of the week.</summary>
    static async Task<long> ShowAsync(SqliteStore store, DateTimeOffset from)
    {
        var periods = await store.PeriodsAsync(from, Now, StatisticsPeriod.Hour, null);
        var week = await store.WeekHoursAsync(from, Now, null);
        var shown = week.Sum();
        foreach (var histogram in periods.SelectMany(period => new[] { period.Figures.Waits, period.Figures.Services }))
            shown += s_quantiles.Sum(quantile => histogram.Quantile(quantile)?.Ticks ?? 0);
        foreach (var ofKind in periods.GroupBy(period => period.Kind))
        {
            var sum = new JobFigures();
            foreach (var period in ofKind)
                sum.Add(period.Figures);
            shown += s_quantiles.Sum(quantile => sum.Waits.Quantile(quantile)?.Ticks ?? 0);
        }

        return shown;
    }

    static async Task MeasureAsync(TextWriter output, string question, Func<Task> ask, int rounds)
    {
        using var self = Process.GetCurrentProcess();
        for (var round = 0; round < rounds; round++)
            await ask(); // Compiled, and read once.
        var processor = self.TotalProcessorTime;
        var times = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            var begun = Stopwatch.GetTimestamp();
            await ask();
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        self.Refresh();
        var spent = (self.TotalProcessorTime - processor).TotalMilliseconds / rounds;
        times.Sort();
        await output.WriteLineAsync($"{question,-44} {times[rounds / 2],10:N1} {times[^1],12:N1} {spent,10:N1}");
    }

    static void Fill(string folder, int jobs)
    {
        using (SqliteStore.Open(folder))
        {
            // Makes the tables.
        }

        using var connection = Connection.OpenFile(Path.Combine(folder, "nextup.db"), readOnly: false);
        connection.Execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN");
        connection.Execute(
            $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Users}) "
            + "INSERT INTO user (user_key, id) SELECT i, 'user:' || i FROM n");
        for (var kind = 1; kind <= Kinds; kind++)
            connection.Execute($"INSERT INTO kind VALUES ({kind}, 'kind-{kind}')");
        FillJobs(connection, jobs);
        FillFigures(connection, jobs);
        connection.Execute("COMMIT");
    }

    static void FillJobs(Connection connection, int jobs)
    {
        var first = Now.AddDays(-Days).ToUnixTimeSeconds() * 1_000_000;
        var step = (long)TimeSpan.FromDays(Days).TotalMicroseconds / jobs;
        connection.Execute(
            $"WITH RECURSIVE n(i, at) AS (SELECT 1, {first} UNION ALL SELECT i + 1, at + {step} FROM n WHERE i < {jobs}) "
            + "INSERT INTO job (seq, user_key, kind_key, is_open, is_held, state, born, lane_born, id, accepted_at, line_at, "
            + "attempt, started_at, ended_at, file_name, file_size, progress_done, progress_failed, progress_percent, "
            + "progress_step, log_lines, has_checkpoints, summary, events) "
            + $"SELECT i, i % {Users} + 1, i % {Kinds} + 1, 0, 0, 2, i, i, unhex(printf('%032x', i)), at, at, 1, at, at, "
            + "'references.bib', 2000, 20, 0, 100, 'done', 0, 0, '{\"entries\":20}', zeroblob(36) FROM n");
        connection.Execute($"UPDATE store_state SET last_sequence = {jobs}, completed = {jobs}, entered_through = {jobs}");
    }

    static void FillFigures(Connection connection, int jobs)
    {
        var random = new Random(1);
        var tables = new StatisticsTables(connection);
        for (var day = Days; day > 0; day--)
        {
            var gathered = new GatheredFigures();
            for (var job = 0; job < jobs / Days; job++)
            {
                foreach (var entry in Life(random, Now.AddDays(-day).ToUnixTimeSeconds() + random.Next(86_400)))
                    gathered.Add(entry);
            }

            tables.Add(gathered);
        }

        var journal = new List<JournalEntry>();
        while (journal.Count < FullJournal)
            journal.AddRange(Life(random, Now.ToUnixTimeSeconds() - random.Next(3_600)));
        var content = new ArrayBufferWriter<byte>();
        JournalEntry.Write(content, journal);
        using var insert = new Statement(connection, "INSERT INTO statistic_journal (entries, content) VALUES (?, ?)");
        insert.With(journal.Count).With(content.WrittenSpan).Run();
    }

    /// <summary>Accepted, started after up to an hour, completed or failed after up to ten minutes.</summary>
    static JournalEntry[] Life(Random random, long at)
    {
        var (kind, user) = (random.Next(Kinds) + 1, random.Next(Users) + 1);
        var wait = (long)(Math.Pow(random.NextDouble(), 4) * 3_600_000_000);
        var service = (long)(Math.Pow(random.NextDouble(), 4) * 600_000_000);
        return
        [
            new(Counted.Accepted, at, kind, user, null),
            new(Counted.Started, at, kind, user, wait),
            random.Next(20) == 0
                ? new(Counted.Failed, at, kind, user, service, $"A cause of kind {(char)('a' + random.Next(Causes))}", Guid.NewGuid())
                : new(Counted.Completed, at, kind, user, service),
        ];
    }
}
