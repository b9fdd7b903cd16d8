using NextUp.Actors.Store;

namespace NextUp.Storage.Sql;

/// <summary>Whom an attempt is given to. A statement of its own: a start in the server's own process pays nothing for it.</summary>
sealed partial class ChangeWriter
{
    readonly SqlStatement updateLease = connection.Prepare("UPDATE job SET lease_worker = ?, lease_incarnation = ? WHERE seq = ?");

    void StoreLease(Change.Start start) =>
        updateLease.With(start.Lease?.Worker.Value).With(start.Lease?.Incarnation).With(start.Job.Value)
            .Touching(Touched.Job(start.Job.Value)).Later();
}
