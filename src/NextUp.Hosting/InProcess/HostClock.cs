namespace NextUp.Hosting.InProcess;

/// <summary>
/// The clock of a host's actors. Once it is stopped none of its timers rings any more, so that whatever waits to try again
/// is forgotten where it stands, with all that it holds.
/// </summary>
sealed class HostClock(TimeProvider clock) : TimeProvider
{
    volatile bool _isStopped;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        void Ring(object? of)
        {
            if (!_isStopped)
                callback(of);
        }

        return clock.CreateTimer(Ring, state, dueTime, period);
    }

    public void Stop() => _isStopped = true;
}
