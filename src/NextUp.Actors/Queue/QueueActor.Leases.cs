using NextUp.Actors.Jobs;
using NextUp.Actors.Workers;

namespace NextUp.Actors.Queue;

/// <summary>The part of the queue that deals with workers elsewhere: what they ask for opens slots.</summary>
public sealed partial class QueueActor
{
    /// <summary>Workers with room ask all the time; a kind that nobody has asked for so long has no worker.</summary>
    static readonly TimeSpan WorkerSeenWithin = TimeSpan.FromMinutes(1);

    readonly Dictionary<JobKind, DateTimeOffset> _askedFor = [];
    DateTimeOffset _since;

    public async ValueTask<IReadOnlyList<JobRecord>> LeaseAsync(LeaseAsk ask)
    {
        var kindsLent = ask.Kinds.Where(kind => kinds.Of(kind).WorkedBy != WorkedBy.Here).ToList();
        if (kindsLent.Count == 0)
            return [];
        var answer = _slots.Offers.Open(ask with { Kinds = kindsLent });
        SeeWorker(kindsLent);
        await StartWhatFitsAsync();
        var started = await answer;
        SeeWorker(kindsLent);
        return started;
    }

    public ValueTask WithdrawAsync(WorkerId worker, long number)
    {
        _slots.Offers.Withdraw(worker, number);
        return default;
    }

    void SeeWorker(IReadOnlyList<JobKind> kindsAsked)
    {
        foreach (var kind in kindsAsked)
            _askedFor[kind] = context.Clock.GetUtcNow();
    }

    bool IsWithoutWorker(JobKind kind)
    {
        if (kinds.Of(kind).WorkedBy != WorkedBy.Workers || _slots.TakenBy(kind) > 0 || _slots.Offers.IsOpen(kind))
            return false;
        var seen = _askedFor.TryGetValue(kind, out var asked) && asked > _since ? asked : _since;
        return context.Clock.GetUtcNow() - seen > WorkerSeenWithin;
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
