using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.HostTests.Simulation;

/// <summary>The rules of coming back, of being set aside, and of being deleted.</summary>
sealed partial class SimChecks
{
    readonly HashSet<JobId> _cameBack = [];
    readonly HashSet<JobId> _deleted = [];
    readonly HashSet<UserId> _lessEvents = [];

    public void Retried(UserId user, JobRecord job, RetryAnswer answer, bool isByOperator)
    {
        if (!_byId.TryGetValue(job.Id, out var model) || model.Before is not null)
            return; // Deleted, or another's since a sign-in.
        if (user != job.User)
            Rule(answer is RetryAnswer.NotFound, "someone else's job is not found");
        else if (answer is RetryAnswer.Retried retried)
            Rule(_cameBack.Contains(retried.Job.Id), "a job that is called requeued was");
        else if (answer is RetryAnswer.AtLimit limit)
            Rule(!isByOperator && limit.Existing.User == user, "a user's limit holds for the user, and names their own job");
        else
            Rule(answer is not RetryAnswer.NotFound, "a user's own job is found");
    }

    void Reopen(Change.Reopen reopen)
    {
        var job = _jobs[reopen.Job];
        Rule(job.State is JobState.Failed or JobState.Cancelled, $"only a failed or cancelled job comes back, not {job.State}");
        (job.State, job.IsHeld, job.NotBefore, job.IsSetAside, job.Seen) = (JobState.Pending, reopen.IsHeld, null, false, null);
        job.IsElsewhere = false;
        _cameBack.Add(job.Accepted.Id);
        _open++;
        if (!reopen.IsHeld)
            EnterLine(job, reopen.LineKey, reopen.HeadStart, reopen.At, reopen.Reason, []);
    }

    void Delete(Change.Delete delete)
    {
        var job = _jobs[delete.Job];
        Rule(job.State.IsFinished() && !job.IsSetAside, $"what lives or is set aside is not deleted: {Describe(job)}");
        Rule(_kinds.Of(job.Kind).Retention is not null, "what has no retention is kept");
        var id = job.Accepted.Id;
        _jobs.Remove(delete.Job);
        _byId.Remove(id);
        _order.Remove(id);
        _acknowledged.Remove(id);
        _deleted.Add(id);
        _lessEvents.Add(job.User);
        foreach (var key in _keys.Where(key => key.Value == id).Select(key => key.Key).ToList())
            _keys.Remove(key);
    }

    /// <summary>Each life ends, and goes on only where somebody asked for it.</summary>
    static void CheckLife(JobId job, IReadOnlyList<JobEvent> told)
    {
        // A sign-in is told of every job, whether it has ended or not, and so is one that gives way to it.
        var life = told.Where(happened => happened.Type != JobEventType.Adopted).ToList();
        Rule(life[0].Type is JobEventType.Queued or JobEventType.Held, "a life begins with its acceptance");
        Rule(IsEnd(life[^1].Type), "nothing happens after the end");
        for (var i = 1; i < life.Count; i++)
        {
            Rule(
                IsEnd(life[i - 1].Type) == (life[i].Type == JobEventType.Requeued),
                $"job {job} goes on after an end exactly where it is requeued");
            Rule(
                life[i].Type != JobEventType.Requeued || life[i - 1].Type != JobEventType.Completed,
                $"job {job} is not done again when it is completed");
        }
    }
}
