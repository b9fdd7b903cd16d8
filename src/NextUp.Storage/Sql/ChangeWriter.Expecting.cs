using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Storage.Sql;

/// <summary>What a group of writes touches is asked for at once, where asking for each is dear.</summary>
sealed partial class ChangeWriter
{
    // Of the present group; kept for their memory.
    readonly HashSet<UserId> submitters = [];
    readonly HashSet<UserId> owners = [];
    readonly HashSet<long> jobs = [];

    /// <summary>These writes come next.</summary>
    public void Expect(IReadOnlyList<StoreWrite> writes)
    {
        if (!connection.IsFar)
            return;
        submitters.Clear();
        owners.Clear();
        jobs.Clear();
        foreach (var write in writes)
        {
            foreach (var change in write.Changes)
                Note(change);
        }

        if (submitters.Count > 0)
            users.AddNew(submitters);
        if (jobs.Count > 0)
            ReadRows();
        owners.UnionWith(submitters);
        if (owners.Count > 0)
            users.ReadAll(owners);
    }

    void Note(Change change)
    {
        if (change is Change.Accept accept)
        {
            if (!users.Knows(accept.Job.User))
                submitters.Add(accept.Job.User);
        }
        else if (Unfinished(change) is { } job)
        {
            if (rows.Find(job.Value) is not { } known)
                jobs.Add(job.Value);
            else if (!users.Knows(known.Record.User))
                owners.Add(known.Record.User);
        }
    }

    void ReadRows()
    {
        foreach (var row in findJob.FirstOfEach([.. jobs], static (find, job) => find.With(job), JobRow.Read))
        {
            if (row is null || row.Record.State.IsFinished())
                continue;
            rows.Keep(row.Record.Sequence.Value, row);
            if (!users.Knows(row.Record.User))
                owners.Add(row.Record.User);
        }
    }

    /// <summary>The job that the change takes to be unfinished; null where it is about another, or none.</summary>
    static JobSequence? Unfinished(Change change) => change switch
    {
        Change.Join join => join.Job,
        Change.Start start => start.Job,
        Change.End end => end.Job,
        Change.Requeue requeue => requeue.Job,
        Change.Report report => report.Job,
        Change.Checkpoint checkpoint => checkpoint.Job,
        _ => null,
    };
}
