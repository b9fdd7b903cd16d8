namespace NextUp.UnitTests.Bibtex.Providers;

/// <summary>
/// Time that moves by hand. Timers due within <paramref name="jumpMax"/> are jumped to as soon as they are set, one
/// after the other, so that waits of a protocol cost no real time, while longer ones (a request's timeout) stay armed.
/// </summary>
sealed class HandClock(TimeSpan jumpMax = default) : TimeProvider
{
    readonly Lock _lock = new();
    readonly List<HandTimer> _timers = [];
    DateTimeOffset _now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>What was waited for so far: the time that jumps made up.</summary>
    public TimeSpan Jumped { get; private set; }

    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (TakeNext(end) is { } timer)
            timer.Fire();
        lock (_lock)
            _now = end > _now ? end : _now;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    HandTimer? TakeNext(DateTimeOffset end)
    {
        lock (_lock)
        {
            var next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (next is null)
                return null;
            _timers.Remove(next);
            _now = next.Due > _now ? next.Due : _now;
            return next;
        }
    }

    void Arm(HandTimer timer, TimeSpan dueTime)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
            if (dueTime < TimeSpan.Zero)
                return;
            timer.Due = _now + dueTime;
            _timers.Add(timer);
            if (dueTime > jumpMax)
                return;
        }

        // Not from inside CreateTimer: its caller may hold a lock that the callback wants.
        ThreadPool.UnsafeQueueUserWorkItem(_ => JumpTo(timer), null);
    }

    void JumpTo(HandTimer timer)
    {
        lock (_lock)
        {
            if (!_timers.Remove(timer))
                return;
            if (timer.Due > _now)
            {
                Jumped += timer.Due - _now;
                _now = timer.Due;
            }
        }

        timer.Fire();
    }

    void Disarm(HandTimer timer)
    {
        lock (_lock)
            _timers.Remove(timer);
    }

    sealed class HandTimer(HandClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Arm(this, dueTime);
            return true;
        }

        public void Fire() => callback(state);

        public void Dispose() => clock.Disarm(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
