using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Workers;

namespace NextUp.HostTests.Policies.Load;

/// <summary>Who stands where in the line, and who starts.</summary>
sealed partial class Ledger
{
    readonly Dictionary<JobKind, SortedSet<LineKey>> _line = Rules.Kinds.ToDictionary(kind => kind, _ => new SortedSet<LineKey>());
    readonly Dictionary<JobKind, SortedSet<(long At, JobSequence Job)>> _arrivals =
        Rules.Kinds.ToDictionary(kind => kind, _ => new SortedSet<(long, JobSequence)>());

    readonly SortedSet<(DateTimeOffset Due, JobSequence Job)> _delayed = [];
    readonly Dictionary<JobKind, int> _running = Rules.Kinds.ToDictionary(kind => kind, _ => 0);
    long _lastArrival;
    long? _strictSpan;
    int _runningHere;

    /// <summary>Jobs in the line and their true positions, as of now; null while something is on its way or about to change.</summary>
    public IReadOnlyList<(QueueAsk Ask, int Position)>? Positions(TimeSpan still)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            Pass(now);
            var isMoving = _order.Count > 0 || (_delayed.Count > 0 && _delayed.Min.Due <= now + still)
                || rules.IsOpen(Rules.OffPeak, now) != rules.IsOpen(Rules.OffPeak, now + still);
            if (isMoving)
                return null;
            var all = Rules.Kinds.SelectMany(kind => _line[kind].Select(key => (Kind: kind, Key: key))).OrderBy(job => job.Key).ToList();
            var isOpen = Rules.Kinds.ToDictionary(kind => kind, kind => IsOpen(kind, now));
            var before = Rules.Kinds.ToDictionary(kind => kind, _ => 0);
            List<(QueueAsk, int)> places = [];
            foreach (var (kind, key) in all)
            {
                places.Add((
                    new(kind, key, _lives[key.Sequence].HeadStart),
                    1 + Rules.Kinds.Where(other => other == kind || isOpen[other]).Sum(other => before[other])));
                before[kind]++;
            }

            return places;
        }
    }

    void Enter(Life life, LineKey key, TimeSpan headStart, DateTimeOffset at, string? reason, List<Life> left)
    {
        life.Key = key;
        life.EnteredAt = key.At + LineKey.Microseconds(headStart);
        life.HasReason = reason is not null;
        var isLater = life.NotBefore > at;
        var replaced = left.Find(gone => gone.EnteredAt == life.EnteredAt && key.At >= gone.Key.At);
        if (replaced is null)
        {
            Rule(IsOwnHeadStart(life), "the head start is the kind's own", $"{life.Kind} {life.Priority} {life.Bytes} {headStart}");
            Rule(
                isLater ? life.EnteredAt == LineKey.Microseconds(life.NotBefore!.Value) - 1 : life.EnteredAt > _lastArrival,
                "who enters the line arrives last, or at the time asked for", $"{life.Sequence} at {life.EnteredAt}");
        }

        if (isLater)
            Count("delayed until a time");
        else
            _lastArrival = Math.Max(_lastArrival, life.EnteredAt);
        Rule(reason is not null || (headStart == TimeSpan.Zero && !isLater), "what moves a place is recorded");
        Stand(life, at);
    }

    bool IsOwnHeadStart(Life life)
    {
        var span = life.EnteredAt - life.Key.At;
        if (Rules.HeadStart(life.Kind, life.Priority, life.Bytes) is { } own)
            return span == own;
        _strictSpan ??= span / life.Priority;
        return span == _strictSpan * life.Priority && TimeSpan.FromMicroseconds(_strictSpan.Value) > HeadStarts.SpanMax;
    }

    /// <summary>Takes the place that its time and its user's pauses leave it.</summary>
    void Stand(Life life, DateTimeOffset at)
    {
        life.Spot = life.NotBefore > at ? Spot.Delayed : IsPaused(life.User) ? Spot.Beside : Spot.Line;
        if (life.Spot == Spot.Delayed)
        {
            _delayed.Add((life.NotBefore!.Value, life.Sequence));
        }
        else if (life.Spot == Spot.Line)
        {
            Rule(_line[life.Kind].Add(life.Key), "a key is one job's");
            _arrivals[life.Kind].Add((life.EnteredAt, life.Sequence));
        }
    }

    void Leave(Life life)
    {
        if (life.Spot == Spot.Delayed)
        {
            _delayed.Remove((life.NotBefore!.Value, life.Sequence));
        }
        else if (life.Spot == Spot.Line)
        {
            _line[life.Kind].Remove(life.Key);
            _arrivals[life.Kind].Remove((life.EnteredAt, life.Sequence));
        }

        life.Spot = Spot.None;
    }

    /// <summary>Time has passed: who waited for it is in the line.</summary>
    void Pass(DateTimeOffset now)
    {
        while (_delayed.Count > 0 && _delayed.Min.Due <= now)
        {
            var life = _lives[_delayed.Min.Job];
            Leave(life);
            Stand(life, now);
        }
    }

    void Start(Life life, Change.Start start)
    {
        var (at, isHere) = (start.At, start.Lease is null);
        Rule(!life.IsHeld, "a held job does not start");
        Rule(life.Spot != Spot.Delayed, "nobody starts before their time", $"{life.Sequence}");
        Rule(Rules.WorkedAt(life.Kind) != (isHere ? WorkedBy.Workers : WorkedBy.Here), "a job starts where its kind is worked on");
        MayStartNow(life, at);
        StartsInTurn(life, at, isHere);
        Count(isHere ? "attempts started here" : "attempts started elsewhere");
        if (life.Attempt > 0)
            Count("retries started");
        Leave(life);
        (life.State, life.IsElsewhere, life.NotBefore) = (JobState.Processing, !isHere, null);
        life.Attempt++;
        life.Note(JobEventType.Started, at);
        _running[life.Kind]++;
        _runningHere += isHere ? 1 : 0;
        Rule(!isHere || _runningHere <= _slots, "no more run here than there are slots", $"{_runningHere} in {_slots}");
        Rule(
            _running[life.Kind] <= SlotsAtMost(life.Kind), "no more of a kind run than it has slots",
            $"{_running[life.Kind]} of {life.Kind}");
        Peak("most at once here", _runningHere);
        Peak($"most at once: {life.Kind}", _running[life.Kind]);
    }

    void Stop(Life life)
    {
        _running[life.Kind]--;
        _runningHere -= life.IsElsewhere ? 0 : 1;
    }

    /// <summary>Before it no other that could have started; and where an earlier arrival is passed, it is recorded why.</summary>
    void StartsInTurn(Life life, DateTimeOffset at, bool isHere)
    {
        var isAhead = false;
        foreach (var kind in Rules.Kinds)
        {
            var couldStart = kind == life.Kind || (HasRoomHere(kind) && IsOpen(kind, at));
            if (!couldStart || _line[kind].Count == 0)
                continue;
            Rule(
                _line[kind].Min >= life.Key, "jobs start in the order of the line",
                $"{life.Kind} {life.Key} before {kind} {_line[kind].Min}, {(isHere ? "here" : "elsewhere")}");
            isAhead |= _arrivals[kind].Min.At < life.EnteredAt;
        }

        if (!isAhead)
            return;
        Count("starts before an earlier arrival, by a recorded head start");
        Rule(life.HasReason, "who starts before an earlier arrival has a recorded cause", $"{life.Kind} {life.Key}");
    }

    bool HasRoomHere(JobKind kind) =>
        Rules.WorkedAt(kind) != WorkedBy.Workers && _runningHere < _slots && _running[kind] < SlotsAtLeast(kind);

    void NoSlotStandsIdle(DateTimeOffset now)
    {
        if (IsStopping || IsAllPaused)
            return;
        foreach (var kind in Rules.Kinds)
        {
            Rule(
                _line[kind].Count == 0 || !HasRoomHere(kind) || !IsOpen(kind, now), "no slot stands idle while a job may start",
                $"{kind} {_line[kind].Min}");
        }
    }

    void Peak(string what, long value)
    {
        if (value > _counts.GetValueOrDefault(what))
            _counts[what] = value;
    }
}
