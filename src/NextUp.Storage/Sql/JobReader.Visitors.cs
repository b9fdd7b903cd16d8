using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Storage.Sql;

/// <summary>What became of visitors, and where their jobs came from.</summary>
sealed partial class JobReader
{
    readonly SqlStatement adoptedBy = connection.Prepare(
        "SELECT a.id FROM \"user\" v JOIN \"user\" a ON a.user_key = v.adopted_by WHERE v.id = ?");

    readonly SqlStatement moving = connection.Prepare(
        "SELECT v.id, a.id FROM \"user\" v INDEXED BY user_moving JOIN \"user\" a ON a.user_key = v.adopted_by "
        + "WHERE v.is_moving = 1 LIMIT ?");

    readonly SqlStatement withOrigin = connection.Prepare(
        $"SELECT {JobRow.Columns} FROM job j INDEXED BY job_unfinished JOIN \"user\" u ON u.user_key = j.user_key "
        + "JOIN kind k ON k.kind_key = j.kind_key WHERE j.is_open = 1 AND j.origin IS NOT NULL");

    public UserId? AdoptedBy(UserId visitor)
    {
        UserId? account = adoptedBy.With(visitor.Value).Step() ? new UserId(adoptedBy.Text(0)) : null;
        adoptedBy.Reset();
        return account;
    }

    public List<MovingVisitor> Moving(int limit)
    {
        var found = new List<MovingVisitor>();
        moving.With(limit);
        while (moving.Step())
            found.Add(new(new UserId(moving.Text(0)), new UserId(moving.Text(1))));
        moving.Reset();
        return found;
    }

    public List<JobRecord> UnfinishedWithOrigin() => All(withOrigin);
}
