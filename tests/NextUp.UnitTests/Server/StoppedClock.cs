namespace NextUp.UnitTests.Server;

/// <summary>A clock that moves only when it is told to.</summary>
sealed class StoppedClock(DateTimeOffset now) : TimeProvider
{
    public StoppedClock()
        : this(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero))
    {
    }

    DateTimeOffset _now = now;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Pass(TimeSpan time) => _now += time;
}
