namespace NextUp.HostTests.Simulation;

/// <summary>Time that moves only when the simulation says so.</summary>
sealed class SimClock : TimeProvider
{
    readonly SortedSet<SimTimer> _timers = new(Comparer<SimTimer>.Create(
        (a, b) => a.Due != b.Due ? a.Due.CompareTo(b.Due) : a.Number.CompareTo(b.Number)));
    DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    long _timersMade;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(this, callback, state, _timersMade++);
        timer.Change(dueTime, period);
        return timer;
    }

    public DateTimeOffset? NextDue => _timers.Count == 0 ? null : _timers.Min!.Due;

    public void Advance(TimeSpan span)
    {
        var until = _now + span;
        while (_timers.Count > 0 && _timers.Min!.Due <= until)
        {
            var timer = _timers.Min;
            _now = timer.Due > _now ? timer.Due : _now;
            timer.Fire();
        }

        _now = until;
    }

    sealed class SimTimer(SimClock clock, TimerCallback callback, object? state, long number) : ITimer
    {
        TimeSpan _period;

        public DateTimeOffset Due { get; private set; }

        public long Number => number;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock._timers.Remove(this);
            _period = period;
            if (dueTime == Timeout.InfiniteTimeSpan)
                return true;
            Due = clock._now + dueTime;
            clock._timers.Add(this);
            return true;
        }

        public void Fire()
        {
            clock._timers.Remove(this);
            if (_period > TimeSpan.Zero && _period != Timeout.InfiniteTimeSpan)
                Change(_period, _period);
            callback(state);
        }

        public void Dispose() => clock._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
