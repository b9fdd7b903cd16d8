using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Users;

namespace NextUp.Storage.Sql;

/// <summary>What operators said, as the rows hold it. The numbers of the scopes are stored; they are never reused.</summary>
static class SteeringRows
{
    const long Everything = 0;
    const long OfKind = 1;
    const long OfUser = 2;

    public static (long Scope, string Name) Name(PauseTarget target) => target switch
    {
        PauseTarget.Everything => (Everything, ""),
        PauseTarget.OfKind { Kind: var kind } => (OfKind, kind.Value),
        PauseTarget.OfUser { User: var user } => (OfUser, user.Value),
        _ => throw new System.Diagnostics.UnreachableException($"{target}"),
    };

    public static Steering Read(SqlConnection connection)
    {
        List<Pause> pauses = [];
        using var all = connection.Once(
            "SELECT scope, name, reason, said_by, said_at FROM pause WHERE is_paused = 1 ORDER BY said_at, scope, name");
        while (all.Step())
            pauses.Add(new(Target(all.Long(0), all.Text(1)), all.TextOrNull(2), all.Text(3), all.Time(4)));

        using var capacity = connection.Once("SELECT slots, said_by, said_at FROM capacity WHERE slots IS NOT NULL");
        return new(pauses, capacity.Step() ? new(capacity.Int(0), capacity.Text(1), capacity.Time(2)) : null);
    }

    static PauseTarget Target(long scope, string name) => scope switch
    {
        Everything => new PauseTarget.Everything(),
        OfKind => new PauseTarget.OfKind(new JobKind(name)),
        OfUser => new PauseTarget.OfUser(new UserId(name)),
        _ => throw new System.Diagnostics.UnreachableException($"pause scope {scope}"),
    };
}
