using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.HostTests.Simulation;

/// <summary>The rules of order and capacity: keys, head starts, times, windows, pauses, slots, positions.</summary>
sealed partial class SimChecks
{
    readonly Dictionary<PauseTarget, Pause> _pauses = [];
    readonly HashSet<UserId> _heldFast = [];
    int? _slotsOfOperator;
    int _steered;
    string _seenOpen = "";
    bool _hasResumedUser;

    public IReadOnlyCollection<PauseTarget> Paused => _pauses.Keys;

    int Slots => _slotsOfOperator ?? _limits.QueueSlots;

    /// <summary>An operator was told that it is done.</summary>
    public void Steered(SteerOrder order, SteerAnswer answer)
    {
        if (order is SteerOrder.Hold { Target: PauseTarget.OfUser { User: var user } } && answer is SteerAnswer.Done
            && _pauses.ContainsKey(new PauseTarget.OfUser(user)))
            _heldFast.Add(user);
    }

    /// <summary>The jobs in the line, in order, as of now.</summary>
    public IReadOnlyList<QueueAsk> LineInOrder() =>
        [.. InLine().OrderBy(job => job.Key).Select(job => new QueueAsk(job.Kind, job.Key, HeadStartOf(job)))];

    /// <summary>With nothing on its way, what the queue says is the order in which jobs will leave.</summary>
    public void PositionsAreTheOrder(IReadOnlyList<QueuePlace?> places, IReadOnlyList<QueueAsk> asks)
    {
        for (var i = 0; i < asks.Count; i++)
        {
            var job = _jobs[asks[i].Key.Sequence];
            var before = Before(job).ToList();
            Rule(
                places[i]?.Position == before.Count + 1,
                $"the job at {asks[i].Key} is at position {before.Count + 1}, not {places[i]?.Position}");
            var isFree = places[i]!.Wait is null or QueueWait.NoWorker;
            Rule(isFree == IsFree(job), $"the job at {asks[i].Key} says why it waits, exactly when it does");
            if (_hasResumedUser)
                continue; // Those count under another cause, until a restart forgets it.
            var (expected, told) = (Overtaking(job, before), places[i]!.Overtaken);
            Rule(expected == told with { Resumes = 0 }, $"the job at {asks[i].Key} was overtaken by {expected}, not by {told}");
        }
    }

    IEnumerable<ModelJob> InLine() => _jobs.Values.Where(job =>
        job is { State: JobState.Pending, IsHeld: false } && !(job.NotBefore > _clock.GetUtcNow()));

    bool IsOpen(JobKind kind, DateTimeOffset at) =>
        !_pauses.ContainsKey(new PauseTarget.OfKind(kind)) && (_kinds.Of(kind).Windows?.IsOpen(at) ?? true);

    bool IsPaused(UserId user) => _pauses.ContainsKey(new PauseTarget.OfUser(user));

    bool IsFree(ModelJob job) => !_pauses.ContainsKey(new PauseTarget.Everything()) && !IsPaused(job.User)
        && IsOpen(job.Kind, _clock.GetUtcNow());

    IEnumerable<ModelJob> Before(ModelJob job) => InLine().Where(other => other.Key < job.Key && !IsPaused(other.User)
        && (other.Kind == job.Kind || IsOpen(other.Kind, _clock.GetUtcNow())));

    static Overtaken Overtaking(ModelJob job, IEnumerable<ModelJob> before)
    {
        int headStarts = 0, retries = 0, delays = 0;
        foreach (var other in before)
        {
            if (other.Attempt > 0)
                retries++;
            else if (other.NotBefore is not null)
                delays++;
            else if (HeadStartOf(other) > TimeSpan.Zero && other.EnteredAt >= job.EnteredAt)
                headStarts++;
        }

        return new(headStarts, retries, delays, 0);
    }

    static TimeSpan HeadStartOf(ModelJob job) => TimeSpan.FromTicks((job.EnteredAt - job.Key.At) * 10);

    /// <summary>
    /// A place less those who are before it out of turn, and are counted so, never gets worse; but where operators or
    /// windows changed who may start, which is recorded too. What is decided and on its way to the store is not known here
    /// yet, so it is looked at when nothing is.
    /// </summary>
    void PositionsWorsenWithACauseOnly()
    {
        if (_store.HasPending)
            return;
        var open = $"{_steered} {string.Join(' ', _offered.Select(kind => IsOpen(kind, _clock.GetUtcNow())))}";
        var isComparable = open == _seenOpen;
        _seenOpen = open;
        foreach (var job in InLine())
        {
            // One that took another's place there is no worse for anybody than the other was.
            var before = Before(job).Where(other => !other.IsReplacement).ToList();
            var seen = before.Count - Overtaking(job, before).Count;
            Rule(
                !isComparable || !(seen > job.Seen),
                $"the job at {job.Key} went from {job.Seen} to {seen} jobs before it without a cause");
            job.Seen = seen;
        }
    }

    void EnterLine(
        ModelJob job, LineKey key, TimeSpan headStart, DateTimeOffset at, string? reason, List<ModelJob> left)
    {
        (job.Key, job.EnteredAt) = (key, key.At + LineKey.Microseconds(headStart));
        var own = _kinds.Of(job.Kind).HeadStarts.Of(job.Accepted.Priority, job.Accepted.FileSize);
        if (job.NotBefore > at)
        {
            Rule(
                job.EnteredAt == LineKey.Microseconds(job.NotBefore.Value) - 1,
                "who asked for a time arrives then, before whoever comes in that microsecond");
            Rule(headStart == own, $"the head start is the kind's, {own}, not {headStart}");
        }
        else
        {
            Rule(job.NotBefore is null || job.NotBefore <= at, "a job that enters waits for nothing");
            var replaced = left.Find(gone => gone.EnteredAt == job.EnteredAt);
            job.IsReplacement = key.At >= replaced?.Key.At;
            var latest = InLine().Where(other => other != job && other.NotBefore is null).Select(other => other.EnteredAt)
                .DefaultIfEmpty(long.MinValue).Max();
            Rule(
                job.IsReplacement || (headStart == own && job.EnteredAt > latest),
                $"who enters the line arrives last, with the kind's head start {own}, or takes another's place: {key}");
        }

        Rule(reason is not null || (headStart == TimeSpan.Zero && !(job.NotBefore > at)), "what moves a place is recorded");
    }

    void Start(ModelJob job, Change.Start start)
    {
        var at = start.At;
        job.IsElsewhere = start.Lease is not null;
        Rule(MayBe(job.Kind, job.IsElsewhere), $"a job of {job.Kind} starts where its kind is worked on");
        Rule(!job.IsHeld, "a held job does not start");
        Rule(IsDue(job, at), "nobody starts before their time");
        Rule(!_pauses.ContainsKey(new PauseTarget.Everything()), "nothing starts while all is paused");
        Rule(IsOpen(job.Kind, at), $"nothing of {job.Kind} starts while it is paused or outside its window");
        Rule(!_heldFast.Contains(job.User), $"nothing of {job.User} starts while they are paused");
        var first = _jobs.Values
            .Where(other => other is { State: JobState.Pending, IsHeld: false } && IsDue(other, at)
                && !IsPaused(other.User) && IsOpen(other.Kind, at) && HasRoom(other.Kind)
                && MayBe(other.Kind, job.IsElsewhere))
            .MinBy(other => other.Key);
        Rule(first is null || job.Key <= first.Key, $"job at {job.Key} started before the one at {first?.Key}");

        (job.State, job.NotBefore, job.Seen) = (JobState.Processing, null, null);
        job.Attempt++;
        var running = _jobs.Values.Count(other => other.State == JobState.Processing && !other.IsElsewhere);
        Rule(job.IsElsewhere || running <= Slots, $"{running} jobs run in {Slots} slots");
        Rule(Running(job.Kind) <= _limits.KindSlots(job.Kind), $"too many jobs of {job.Kind} run");
    }

    static bool IsDue(ModelJob job, DateTimeOffset at) =>
        job.NotBefore is not { } due || LineKey.Microseconds(due) <= LineKey.Microseconds(at);

    int Running(JobKind kind) => _jobs.Values.Count(job => job.State == JobState.Processing && job.Kind == kind);

    bool HasRoom(JobKind kind) => Running(kind) < _limits.KindSlotsAtLeast(kind);

    void FollowSteering(Change change)
    {
        switch (change)
        {
            case Change.SetPause { Pause: var pause }:
                _pauses[pause.Target] = pause;
                _steered++;
                break;
            case Change.EndPause { Target: var target }:
                _pauses.Remove(target);
                _steered++;
                if (target is PauseTarget.OfUser { User: var user })
                {
                    _heldFast.Remove(user);
                    _hasResumedUser = true;
                }

                break;
            case Change.SetCapacity capacity:
                _slotsOfOperator = capacity.Slots;
                break;
        }
    }
}
