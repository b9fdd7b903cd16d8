using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.HostTests.Policies.Load;

/// <summary>What reloads, sign-ins and operators change, and what then holds.</summary>
sealed partial class Ledger
{
    readonly HashSet<PauseTarget> _pauses = [];
    readonly Dictionary<UserId, DateTimeOffset> _heldFast = [];
    readonly List<DateTimeOffset> _reloads = [];
    int _slots = Rules.Queue.Slots;

    /// <summary>The host was asked to stop: it starts nothing more.</summary>
    public bool IsStopping { get; set; }

    bool IsAllPaused => _pauses.Contains(new PauseTarget.Everything());

    /// <summary>The newest set of rules.</summary>
    int Newest => _reloads.Count;

    /// <summary>The oldest set under which something may have been decided that is only stored now.</summary>
    int Oldest => _reloads.Count(at => at + Rules.Grace < clock.GetUtcNow());

    /// <summary>The next set of rules is about to come into force.</summary>
    public void Reload()
    {
        lock (_gate)
            _reloads.Add(clock.GetUtcNow());
        Count("reloads");
    }

    /// <summary>An operator was told that the user is paused.</summary>
    public void IsHeldFast(UserId user)
    {
        lock (_gate)
        {
            if (_pauses.Contains(new PauseTarget.OfUser(user)))
                _heldFast[user] = clock.GetUtcNow();
        }
    }

    int SlotsAtMost(JobKind kind) => From(Oldest).Max(generation => Rules.SlotsMax(kind, generation) ?? int.MaxValue);

    int SlotsAtLeast(JobKind kind) => From(Oldest).Min(generation => Rules.SlotsMax(kind, generation) ?? int.MaxValue);

    IEnumerable<int> From(int oldest) => Enumerable.Range(oldest, Newest - oldest + 1);

    bool IsPaused(UserId user) => _pauses.Contains(new PauseTarget.OfUser(user));

    bool IsOpen(JobKind kind, DateTimeOffset at) => !_pauses.Contains(new PauseTarget.OfKind(kind)) && rules.IsOpen(kind, at);

    void MayStartNow(Life life, DateTimeOffset at)
    {
        Rule(!IsAllPaused, "nothing starts while all is paused");
        Rule(!_pauses.Contains(new PauseTarget.OfKind(life.Kind)), "nothing of a paused kind starts", $"{life.Kind}");
        Rule(rules.IsOpen(life.Kind, at), "nothing starts outside its kind's window", $"{life.Kind} at {at:O}");
        Rule(
            !(_heldFast.TryGetValue(life.User, out var since) && at > since), "nothing of a paused user starts", $"{life.User} at {at:O}");
    }

    /// <summary>
    /// Who becomes active is within the largest of the limits under which that, or the becoming active of those beside it,
    /// may have been decided. Who replaces another adds nobody.
    /// </summary>
    void KeepsTheLimit(Life life, Life? replaced)
    {
        life.Generation = Math.Min(Oldest, replaced?.Generation ?? int.MaxValue);
        if (replaced is not null)
            return;
        var beside = OpenOf(life.User).Where(other => other.Kind == life.Kind && other.IsActive).ToList();
        Within(life.User, life.Kind, beside);
        Peak($"most active of one user: {life.Kind}", beside.Count);
    }

    void Within(UserId user, JobKind kind, List<Life> active)
    {
        var max = From(active.Min(life => life.Generation)).Max(generation => Rules.ActiveMax(kind, generation) ?? int.MaxValue);
        Rule(active.Count <= max, "no user is above the limit", $"{user} has {active.Count} of {kind}, and {max} are allowed");
    }

    void Adopt(Change.Adopt adopt)
    {
        Rule(
            _adopted.TryAdd(adopt.Visitor, adopt.Account) || _adopted[adopt.Visitor] == adopt.Account, "a visitor becomes one account");
        var seats = adopt.Seats.ToDictionary(seat => seat.Job);
        foreach (var life in adopt.Seats.Select(seat => _lives[seat.Job]))
        {
            var isComing = life.User == adopt.Visitor;
            if (seats[life.Sequence].IsHeld && !life.IsHeld)
            {
                Rule(life.State == JobState.Pending, "only who waits goes back to the lane");
                Leave(life);
                life.IsHeld = true;
                if (!isComing)
                    life.Note(JobEventType.Held, adopt.At);
                Count("waiting jobs put back into the lane by a sign-in");
            }
        }

        foreach (var life in _lives.Values.Where(life => life.User == adopt.Visitor))
        {
            life.Note(JobEventType.Adopted, adopt.At);
            Hand(life, adopt.Account, adopt.At);
        }

        foreach (var kind in OpenOf(adopt.Account).Where(life => life.IsActive).GroupBy(life => life.Kind))
        {
            if (kind.Any(life => life.State != JobState.Processing))
                Within(adopt.Account, kind.Key, [.. kind]);
        }

        Count("sign-ins");
    }

    void Hand(Life life, UserId account, DateTimeOffset at)
    {
        var visitor = life.User;
        life.User = account;
        Count(life.State.IsFinished() ? "finished jobs that a sign-in brought along" : "unfinished jobs that a sign-in brought along");
        if (life.State.IsFinished())
            return;
        OpenOf(visitor).Remove(life);
        OpenOf(account).Add(life);
        if (life.Spot is not (Spot.Line or Spot.Beside))
            return;
        Leave(life);
        Stand(life, at);
    }

    void FollowSteering(Change change)
    {
        switch (change)
        {
            case Change.SetPause { Pause.Target: var target }:
                Count($"pauses: {Word(target)}");
                _pauses.Add(target);
                Move(target, Spot.Line);
                break;
            case Change.EndPause { Target: var target }:
                Count($"resumes: {Word(target)}");
                _pauses.Remove(target);
                if (target is PauseTarget.OfUser { User: var user })
                    _heldFast.Remove(user);
                Move(target, Spot.Beside);
                break;
            case Change.SetCapacity capacity:
                _slots = capacity.Slots ?? Rules.Queue.Slots;
                Count("slots set");
                break;
            case Change.Report or Change.Checkpoint:
                Count("progress and checkpoints");
                break;
        }
    }

    /// <summary>A user's waiting jobs go beside the line, or back to where they stood.</summary>
    void Move(PauseTarget target, Spot from)
    {
        if (target is not PauseTarget.OfUser { User: var user })
            return;
        foreach (var life in OpenOf(user).Where(life => life.Spot == from).ToList())
        {
            Leave(life);
            Stand(life, DateTimeOffset.MaxValue);
        }
    }

    static string Word(PauseTarget target) => target switch
    {
        PauseTarget.OfKind => "kind",
        PauseTarget.OfUser => "user",
        _ => "queue",
    };
}
