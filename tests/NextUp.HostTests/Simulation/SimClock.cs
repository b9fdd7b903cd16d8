namespace NextUp.HostTests.Simulation;

/// <summary>Time that moves only when a test says so. Safe to use from many threads.</summary>
sealed class SimClock : TimeProvider
{
    readonly Lock _gate = new();
    readonly SortedSet<SimTimer> _timers = new(Comparer<SimTimer>.Create(
        (a, b) => a.Due != b.Due ? a.Due.CompareTo(b.Due) : a.Number.CompareTo(b.Number)));
    DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    long _timersMade;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(this, callback, state, Interlocked.Increment(ref _timersMade));
        timer.Change(dueTime, period);
        return timer;
    }

    public long TimersMade => Interlocked.Read(ref _timersMade);

    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_gate)
                return _timers.Count == 0 ? null : _timers.Min!.Due;
        }
    }

    public void Advance(TimeSpan span)
    {
        var until = GetUtcNow() + span;
        while (TakeDue(until) is { } timer)
            timer.Ring();
        lock (_gate)
            _now = until;
    }

    SimTimer? TakeDue(DateTimeOffset until)
    {
        lock (_gate)
        {
            if (_timers.Count == 0 || _timers.Min!.Due > until)
                return null;
            var timer = _timers.Min;
            _now = timer.Due > _now ? timer.Due : _now;
            timer.Rearm();
            return timer;
        }
    }

    sealed class SimTimer(SimClock clock, TimerCallback callback, object? state, long number) : ITimer
    {
        TimeSpan _period;

        public DateTimeOffset Due { get; private set; }

        public long Number => number;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = clock._now + dueTime;
                clock._timers.Add(this);
                return true;
            }
        }

        public void Rearm()
        {
            clock._timers.Remove(this);
            if (_period <= TimeSpan.Zero || _period == Timeout.InfiniteTimeSpan)
                return;
            Due += _period;
            clock._timers.Add(this);
        }

        public void Ring() => callback(state);

        public void Dispose()
        {
            lock (clock._gate)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
