using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;

namespace NextUp.Storage.Sql;

/// <summary>What the estimate learned, one row a kind.</summary>
static class LearnedRows
{
    public static IReadOnlyList<LearnedKind> Read(SqlConnection connection)
    {
        List<LearnedKind> found = [];
        using var all = connection.Once("SELECT kind, content FROM learned ORDER BY kind");
        while (all.Step())
            found.Add(new(new JobKind(all.Text(0)), all.Bytes(1).ToArray()));
        return found;
    }
}
