using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;

namespace NextUp.Storage.Sqlite;

/// <summary>
/// The unfinished jobs, at start-up, by the hundred thousands, in the order in which their rows lie.
/// </summary>
static class QueueRows
{
    public static long LastLineAt(Connection connection)
    {
        var sequences = OpenSequences(connection);
        var last = 0L;
        using var find = new Statement(
            connection,
            "SELECT CASE WHEN attempt = 0 AND not_before IS NOT NULL THEN 0 ELSE line_at + head_start END "
            + "FROM job WHERE seq = ?");
        foreach (var sequence in sequences)
        {
            if (find.With(sequence).Step())
                last = Math.Max(last, find.Long(0));
            find.Reset();
        }

        return last;
    }

    public static IEnumerable<QueueRow> Read(Connection connection)
    {
        var kinds = Kinds(connection);
        var sequences = OpenSequences(connection);
        using var find = new Statement(
            connection,
            "SELECT id, kind_key, line_at, state, not_before, started_at, attempt, head_start, file_size, lease_worker FROM job "
            + "WHERE seq = ? AND is_open = 1 AND is_held = 0");
        foreach (var sequence in sequences)
        {
            if (find.With(sequence).Step())
            {
                yield return new QueueRow(
                    new JobId(find.Id(0)), kinds[find.Long(1)],
                    new LineKey(find.Long(2), new JobSequence(sequence)) { Size = SizeClass.Of(find.Long(8)) },
                    (JobState)find.Int(3), find.Int(6), find.TimeOrNull(4), find.TimeOrNull(5),
                    find.Span(7), IsElsewhere: !find.IsNull(9));
            }

            find.Reset();
        }
    }

    static List<long> OpenSequences(Connection connection)
    {
        var found = new List<long>();
        using var all = new Statement(connection, "SELECT seq FROM job INDEXED BY job_unfinished WHERE is_open = 1");
        while (all.Step())
            found.Add(all.Long(0));
        return found;
    }

    static Dictionary<long, JobKind> Kinds(Connection connection)
    {
        var found = new Dictionary<long, JobKind>();
        using var all = new Statement(connection, "SELECT kind_key, name FROM kind");
        while (all.Step())
            found[all.Long(0)] = new JobKind(all.Text(1));
        return found;
    }
}
