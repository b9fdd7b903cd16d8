using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Actors.Users;

/// <summary>
/// One user's unfinished jobs of one kind: those that are active (in the line or running), each in a numbered place, and
/// those that are held, in the order they came. Decides what a submission does and who enters the line when a place frees.
/// </summary>
public sealed class Lane(KindPolicy policy)
{
    readonly Dictionary<JobId, JobRecord> _active = [];
    readonly List<JobRecord> _held = []; // by sequence
    readonly HashSet<JobId> _leaving = [];

    // Places of submissions that are being committed count as taken, so that two racing ones never get the same.
    readonly HashSet<int> _taken = [];
    int _arriving;

    public KindPolicy Policy => policy;

    public IReadOnlyCollection<JobRecord> Active => _active.Values;

    public int HeldCount => _held.Count;

    /// <summary>All of the lane, in no order.</summary>
    public IEnumerable<JobRecord> Jobs => _active.Values.Concat(_held);

    public JobRecord? Find(JobId job) =>
        _active.TryGetValue(job, out var active) ? active : _held.Find(held => held.Id == job);

    /// <summary>Puts back a job as the store has it.</summary>
    public void Load(JobRecord job)
    {
        if (job.IsHeld)
            Hold(job);
        else
            Enter(job);
    }

    public LaneAnswer Decide(WhenBusy? wish)
    {
        if (wish is { } asked && asked != Policy.WhenBusy && !Policy.CallerMayChoose)
            return new LaneAnswer.ChoiceNotAllowed();

        // Who is held came first: a newcomer never slips into a place that is theirs.
        if (_held.Count == 0 && _arriving == 0 && FreePlace() is { IsFree: true } free)
            return new LaneAnswer.Enter(free.Place);

        return (wish ?? Policy.WhenBusy) switch
        {
            WhenBusy.Hold when _held.Count + _arriving >= Policy.HeldPerUserMax => new LaneAnswer.Full(),
            WhenBusy.Hold => new LaneAnswer.Hold(),
            WhenBusy.Replace when IsPastLimit => new LaneAnswer.Refuse(),
            WhenBusy.Replace => new LaneAnswer.Replace([.. _active.Values.OrderByDescending(job => job.Sequence)]),
            _ => new LaneAnswer.Refuse(),
        };
    }

    /// <summary>A submission's commit is under way.</summary>
    public void Reserve(LaneAnswer answer)
    {
        if (answer is LaneAnswer.Enter { Place: { } place })
            Invariant.Holds(_taken.Add(place));
        else if (answer is LaneAnswer.Hold)
            _arriving++;
    }

    /// <summary>It was stored (or, with null, was not).</summary>
    public void Settle(LaneAnswer answer, JobRecord? stored)
    {
        if (answer is LaneAnswer.Hold)
            _arriving--;
        else if (answer is LaneAnswer.Enter { Place: { } place })
            _taken.Remove(place);
        if (stored is not null)
            Load(stored);
    }

    /// <summary>
    /// A job is about to leave; it keeps its place until that is stored. The held job that will follow in its place, if
    /// there is one, is named and promised to it.
    /// </summary>
    public JobRecord? Leave(JobRecord job)
    {
        if (!_leaving.Add(job.Id) || job.IsHeld || IsPastLimit || IsSurplus(job) || FirstHeld() is not { } first)
            return null;
        _held.Remove(first);
        return first with { IsHeld = false, Place = job.Place };
    }

    /// <summary>The job has left for good, and the follower, as stored, is in the line.</summary>
    public void Left(JobRecord job, JobRecord? follower)
    {
        _leaving.Remove(job.Id);
        Remove(job);
        if (follower is not null)
            Enter(follower);
        else if (!job.IsHeld && !IsSurplus(job) && _active.Values.Where(IsSurplus).MinBy(other => other.Place) is { } heir)
            _active[heir.Id] = heir with { Place = job.Place }; // As the store does.
    }

    /// <summary>The job did not leave: it is no longer where it was thought to be.</summary>
    public void Stay(JobRecord job, JobRecord? follower)
    {
        _leaving.Remove(job.Id);
        if (follower is not null)
            Hold(follower with { IsHeld = true, Place = null });
    }

    /// <summary>The held jobs that have a free place without anybody leaving, each with it. They are active from here on.</summary>
    public IReadOnlyList<JobRecord> Promote()
    {
        List<JobRecord> promoted = [];
        while (FirstHeld() is { } first && FreePlace() is { IsFree: true } free)
        {
            _held.Remove(first);
            var active = first with { IsHeld = false, Place = free.Place };
            Enter(active);
            promoted.Add(active);
        }

        return promoted;
    }

    /// <summary>Whether <see cref="Promote"/> would find somebody.</summary>
    public bool HasStranded => FirstHeld() is not null && FreePlace().IsFree;

    /// <summary>The stored form of an active job.</summary>
    public void Update(JobRecord job) => _active[job.Id] = job;

    public bool Remove(JobRecord job) => _active.Remove(job.Id) || _held.RemoveAll(held => held.Id == job.Id) > 0;

    /// <summary>
    /// After a sign-in more may run than the limit says: then nobody follows, and who is held joins by
    /// <see cref="Promote"/> once there is room.
    /// </summary>
    bool IsPastLimit => _active.Count > Policy.ActivePerUserMax;

    static bool IsSurplus(JobRecord job) => job.Place >= Change.Seat.SurplusFrom;

    /// <summary>One that is being cancelled is no longer in turn.</summary>
    JobRecord? FirstHeld()
    {
        foreach (var held in _held)
        {
            if (!_leaving.Contains(held.Id))
                return held;
        }

        return null;
    }

    void Hold(JobRecord job)
    {
        var at = _held.Count;
        while (at > 0 && _held[at - 1].Sequence > job.Sequence)
            at--;
        _held.Insert(at, job);
    }

    void Enter(JobRecord job) => Invariant.Holds(_active.TryAdd(job.Id, job));

    (bool IsFree, int? Place) FreePlace()
    {
        if (Policy.ActivePerUserMax is not { } max)
            return (true, null);
        if (_active.Count + _taken.Count >= max)
            return (false, null);

        var place = 0;
        while (_taken.Contains(place) || _active.Values.Any(job => job.Place == place))
            place++;
        return (true, place);
    }
}

/// <summary>What a submission does.</summary>
public abstract record LaneAnswer
{
    LaneAnswer() { }

    /// <param name="Place">Null where the kind has no limit.</param>
    public sealed record Enter(int? Place) : LaneAnswer;

    public sealed record Hold : LaneAnswer;

    public sealed record Refuse : LaneAnswer;

    /// <summary>One of these, the first that still waits, gives way.</summary>
    public sealed record Replace(IReadOnlyList<JobRecord> Candidates) : LaneAnswer;

    public sealed record Full : LaneAnswer;

    public sealed record ChoiceNotAllowed : LaneAnswer;
}
