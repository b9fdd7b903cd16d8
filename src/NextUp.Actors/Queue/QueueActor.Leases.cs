using NextUp.Actors.Jobs;
using NextUp.Actors.Workers;

namespace NextUp.Actors.Queue;

/// <summary>The part of the queue that deals with workers elsewhere: what they ask for opens slots.</summary>
public sealed partial class QueueActor
{
    public async ValueTask<IReadOnlyList<JobRecord>> LeaseAsync(LeaseAsk ask)
    {
        var kindsLent = ask.Kinds.Where(kind => kinds.Of(kind).WorkedBy != WorkedBy.Here).ToList();
        if (kindsLent.Count == 0)
            return [];
        var answer = _slots.Offers.Open(ask with { Kinds = kindsLent });
        await StartWhatFitsAsync();
        return await answer;
    }

    public ValueTask WithdrawAsync(WorkerId worker, long number)
    {
        _slots.Offers.Withdraw(worker, number);
        return default;
    }

    void TakeSlot(JobKind kind, bool isElsewhere)
    {
        if (isElsewhere)
            _slots.TakeElsewhere(kind);
        else
            _slots.Take(kind);
    }

    Running LeaveSlot(JobSequence job)
    {
        Invariant.Holds(_running.Remove(job, out var ran));
        if (ran.IsElsewhere)
            _slots.ReleaseElsewhere(ran.Kind);
        else
            _slots.Release(ran.Kind);
        return ran;
    }

    /// <summary>Workers that wait for an answer of ours ask our successor.</summary>
    void Forget()
    {
        context.Forget();
        _slots.Offers.Fail(new ActorForgottenException("The queue was rebuilt while a worker waited for a job."));
    }
}
