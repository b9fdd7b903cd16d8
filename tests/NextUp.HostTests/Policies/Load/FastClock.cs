namespace NextUp.HostTests.Policies.Load;

/// <summary>Time that passes as it does, but a number of times faster. It never goes back.</summary>
sealed class FastClock(int factor) : TimeProvider
{
    public static readonly DateTimeOffset Beginning = new(2026, 1, 5, 20, 0, 0, TimeSpan.Zero);

    readonly long _began = System.GetTimestamp();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Beginning.AddTicks(System.GetElapsedTime(_began).Ticks * factor);

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(System.CreateTimer(callback, state, Real(dueTime), Real(period)), this);

    /// <summary>A timer may ring late, but not before its time.</summary>
    TimeSpan Real(TimeSpan span) =>
        span <= TimeSpan.Zero ? span : TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds / factor));

    sealed class Timer(ITimer timer, FastClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Real(dueTime), clock.Real(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}

/// <summary>The clock of one process: when that is killed, none of its timers rings any more.</summary>
sealed class ProcessClock(TimeProvider clock) : TimeProvider
{
    volatile bool _isDead;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public void Kill() => _isDead = true;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(
            told =>
            {
                if (!_isDead)
                    callback(told);
            },
            state, dueTime, period);
}
