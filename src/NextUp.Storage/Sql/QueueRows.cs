using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;

namespace NextUp.Storage.Sql;

/// <summary>
/// The unfinished jobs, at start-up, by the hundred thousands, in the order of their sequences.
/// </summary>
static class QueueRows
{
    /// <summary>Rows that are read at a time, so that nobody holds on to a state of the store while they are used.</summary>
    const int PageRows = 1_024;

    public static long LastLineAt(SqlConnection connection)
    {
        using var find = connection.Once(
            "SELECT coalesce(max(CASE WHEN attempt = 0 AND not_before IS NOT NULL THEN 0 ELSE line_at + head_start END), 0) "
            + "FROM job INDEXED BY job_unfinished WHERE is_open = 1");
        return find.Step() ? Math.Max(0, find.Long(0)) : 0;
    }

    public static IEnumerable<QueueRow> Read(SqlConnection connection)
    {
        var kinds = Kinds(connection);
        using var next = connection.Once(
            "SELECT seq, is_held, id, kind_key, line_at, state, not_before, started_at, attempt, head_start, file_size, "
            + "lease_worker FROM job INDEXED BY job_unfinished WHERE is_open = 1 AND seq > ? ORDER BY seq LIMIT ?");
        var page = new List<(long KindKey, QueueRow Row)>();
        for (var (last, count) = (0L, PageRows); count == PageRows;)
        {
            page.Clear();
            count = 0;
            next.With(last).With((long)PageRows);
            while (next.Step())
            {
                (last, count) = (next.Long(0), count + 1);
                if (next.Long(1) == 0)
                    page.Add((next.Long(3), Row(next)));
            }

            next.Reset();

            // A kind's first job may have been accepted since the kinds were read.
            if (!page.TrueForAll(read => kinds.ContainsKey(read.KindKey)))
                kinds = Kinds(connection);
            foreach (var (kindKey, row) in page)
                yield return row with { Kind = kinds[kindKey] };
        }
    }

    /// <summary>All but the kind.</summary>
    static QueueRow Row(SqlStatement row) => new(
        new JobId(row.Id(2)), default, new LineKey(row.Long(4), new JobSequence(row.Long(0))) { Size = SizeClass.Of(row.Long(10)) },
        (JobState)row.Int(5), row.Int(8), row.TimeOrNull(6), row.TimeOrNull(7), row.Span(9),
        IsElsewhere: !row.IsNull(11));

    static Dictionary<long, JobKind> Kinds(SqlConnection connection)
    {
        var found = new Dictionary<long, JobKind>();
        using var all = connection.Once("SELECT kind_key, name FROM kind");
        while (all.Step())
            found[all.Long(0)] = new JobKind(all.Text(1));
        return found;
    }
}
