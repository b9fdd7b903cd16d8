using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;

namespace NextUp.Storage.Sqlite;

/// <summary>What the estimate learned, one row a kind.</summary>
static class LearnedRows
{
    public static IReadOnlyList<LearnedKind> Read(Connection connection)
    {
        List<LearnedKind> found = [];
        using var all = new Statement(connection, "SELECT kind, content FROM learned ORDER BY kind");
        while (all.Step())
            found.Add(new(new JobKind(all.Text(0)), all.Bytes(1).ToArray()));
        return found;
    }
}
