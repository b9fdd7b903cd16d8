using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Actors.Users;

/// <summary>
/// One user's unfinished jobs of one kind: those that are active (in the line or running), each in a numbered place, and
/// those that are held, in the order they came. Decides what a submission does and who enters the line when a place frees.
///
/// The kind's rules may change at any time. Who is active then keeps their place, also one above a lowered limit, or none
/// at all from when there was no limit; they only count. Whoever enters afterwards gets a place below the limit, so that
/// the unique place in the store stands behind the limit again as soon as those have left.
/// </summary>
/// <param name="policy">The kind's rules as they are now.</param>
public sealed class Lane(Func<KindPolicy> policy)
{
    readonly Dictionary<JobId, JobRecord> _active = [];
    readonly List<JobRecord> _held = []; // by sequence
    readonly HashSet<JobId> _leaving = [];

    // Places of submissions that are being committed count as taken, so that two racing ones never get the same.
    readonly HashSet<int> _taken = [];
    int _arriving;

    // Submissions that are being committed without a place, because there was no limit when that was decided.
    int _unplaced;

    // Active jobs whose end is being committed, and the held ones that enter in the same commits.
    int _ending;
    int _following;

    public Lane(KindPolicy policy)
        : this(() => policy)
    {
    }

    public KindPolicy Policy => policy();

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
        var rules = Policy;
        if (wish is { } asked && asked != rules.WhenBusy && !rules.CallerMayChoose)
            return new LaneAnswer.ChoiceNotAllowed();

        // Who is held came first: a newcomer never slips into a place that is theirs.
        if (_held.Count == 0 && _arriving == 0 && FreePlace(rules) is { IsFree: true } free)
            return new LaneAnswer.Enter(free.Place);

        return (wish ?? rules.WhenBusy) switch
        {
            WhenBusy.Hold when _held.Count + _arriving >= rules.HeldPerUserMax => new LaneAnswer.Full(),
            WhenBusy.Hold => new LaneAnswer.Hold(),
            WhenBusy.Replace when IsPastLimit => new LaneAnswer.Refuse(),
            WhenBusy.Replace => new LaneAnswer.Replace([.. _active.Values.OrderByDescending(job => job.Sequence)]),
            _ => new LaneAnswer.Refuse(),
        };
    }

    /// <summary>As <see cref="Decide"/>, for a job that comes back after its end; it takes nobody's place.</summary>
    public LaneAnswer DecideAgain(bool mayHold)
    {
        var rules = Policy;
        if (_held.Count == 0 && _arriving == 0 && FreePlace(rules) is { IsFree: true } free)
            return new LaneAnswer.Enter(free.Place);
        if (!mayHold)
            return new LaneAnswer.Refuse();
        return _held.Count + _arriving >= rules.HeldPerUserMax ? new LaneAnswer.Full() : new LaneAnswer.Hold();
    }

    /// <summary>A submission's commit is under way.</summary>
    public void Reserve(LaneAnswer answer)
    {
        if (answer is LaneAnswer.Enter { Place: { } place })
            Invariant.Holds(_taken.Add(place));
        else if (answer is LaneAnswer.Enter)
            _unplaced++;
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
        else if (answer is LaneAnswer.Enter)
            _unplaced--;
        if (stored is not null)
            Load(stored);
    }

    /// <summary>A waiting job is about to be replaced; names the place of the one that comes instead.</summary>
    public int? Replace(JobRecord old)
    {
        var rules = Policy;
        var place = PlaceAfter(old, rules);
        if (place >= rules.ActivePerUserMax)
            place = old.Place; // More are active than a lowered limit lets in; nobody is added to them.
        Promise(old, place);
        return place;
    }

    /// <summary>It was replaced by what is stored (or, with null, was not).</summary>
    public void Replaced(JobRecord old, int? place, JobRecord? stored)
    {
        if (place is { } promised && promised != old.Place)
            _taken.Remove(promised);
        if (stored is null)
            return;
        Remove(old);
        Enter(stored);
    }

    /// <summary>
    /// A job is about to leave; it keeps its place until that is stored. The held job that will follow, if there is one
    /// and the limit lets it in, is named with its place, which is promised to it.
    /// </summary>
    public JobRecord? Leave(JobRecord job)
    {
        if (!_leaving.Add(job.Id) || job.IsHeld || !_active.ContainsKey(job.Id))
            return null;
        _ending++;
        var rules = Policy;
        if (FirstHeld() is not { } first || !LetsFollow(rules))
            return null;
        if (_active.Values.Any(IsSurplus))
            return null; // The store gives the place to that one; who is held joins by Promote.
        var place = PlaceAfter(job, rules);
        if (place >= rules.ActivePerUserMax)
            return null; // Those that have a place below the limit are only leaving it.
        _held.Remove(first);
        _following++;
        Promise(job, place);
        return first with { IsHeld = false, Place = place };
    }

    /// <summary>The job has left for good, and the follower, as stored, is in the line.</summary>
    public void Left(JobRecord job, JobRecord? follower)
    {
        EndLeaving(job, follower);
        Remove(job);
        if (follower is not null)
            Enter(follower);
        else if (!job.IsHeld && !IsSurplus(job) && _active.Values.Where(IsSurplus).MinBy(other => other.Place) is { } heir)
            _active[heir.Id] = heir with { Place = job.Place }; // As the store does.
    }

    /// <summary>The job did not leave: it is no longer where it was thought to be.</summary>
    public void Stay(JobRecord job, JobRecord? follower)
    {
        EndLeaving(job, follower);
        if (follower is not null)
            Hold(follower with { IsHeld = true, Place = null });
    }

    /// <summary>The held jobs that have a free place without anybody leaving, each with it. They are active from here on.</summary>
    public IReadOnlyList<JobRecord> Promote()
    {
        List<JobRecord> promoted = [];
        var rules = Policy;
        while (FirstHeld() is { } first && FreePlace(rules) is { IsFree: true } free)
        {
            _held.Remove(first);
            var active = first with { IsHeld = false, Place = free.Place };
            Enter(active);
            promoted.Add(active);
        }

        return promoted;
    }

    /// <summary>Whether <see cref="Promote"/> would find somebody.</summary>
    public bool HasStranded => FirstHeld() is not null && FreePlace(Policy).IsFree;

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

    /// <summary>Whether one more may be active once all that are leaving have left.</summary>
    bool LetsFollow(KindPolicy rules) => rules.ActivePerUserMax is not { } max
        || _active.Count - _ending + _following + _taken.Count + _unplaced < max;

    /// <summary>The place of whoever comes in an active job's stead: the same, where that is one below the limit.</summary>
    int? PlaceAfter(JobRecord old, KindPolicy rules)
    {
        if (rules.ActivePerUserMax is not { } max)
            return null;
        return old.Place < max ? old.Place : FirstPlace();
    }

    /// <summary>A place that nobody leaves in the same commit counts as taken until that is stored.</summary>
    void Promise(JobRecord old, int? place)
    {
        if (place is { } promised && promised != old.Place)
            Invariant.Holds(_taken.Add(promised));
    }

    void EndLeaving(JobRecord job, JobRecord? follower)
    {
        if (_leaving.Remove(job.Id) && _active.ContainsKey(job.Id))
            _ending--;
        if (follower is null)
            return;
        _following--;
        if (follower.Place is { } place && place != job.Place)
            _taken.Remove(place);
    }

    (bool IsFree, int? Place) FreePlace(KindPolicy rules)
    {
        if (rules.ActivePerUserMax is not { } max)
            return (true, null);
        return _active.Count + _taken.Count + _unplaced >= max ? (false, null) : (true, FirstPlace());
    }

    int FirstPlace()
    {
        var place = 0;
        while (_taken.Contains(place) || _active.Values.Any(job => job.Place == place))
            place++;
        return place;
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
