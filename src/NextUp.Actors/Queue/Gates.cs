using NextUp.Actors.Jobs;

namespace NextUp.Actors.Queue;

/// <summary>Which kinds may start now: those that are not paused, inside their windows where they have some.</summary>
sealed class Gates(Line line, Func<JobKind, StartWindows?> windowsOf)
{
    readonly HashSet<JobKind> _paused = [];
    DateTimeOffset _looked = DateTimeOffset.MinValue;
    DateTimeOffset _next = DateTimeOffset.MinValue;
    int _kinds;

    /// <summary>When a window opens or closes next; null without one.</summary>
    public DateTimeOffset? Next => _next == DateTimeOffset.MaxValue ? null : _next;

    public void Pause(JobKind kind, bool isPaused)
    {
        if (isPaused ? _paused.Add(kind) : _paused.Remove(kind))
            LookAnew();
    }

    public bool IsPaused(JobKind kind) => _paused.Contains(kind);

    /// <summary>The rules may have changed.</summary>
    public void LookAnew() => _next = DateTimeOffset.MinValue;

    /// <summary>
    /// Opens and closes the line's kinds as of now. While nothing changes this is two comparisons; it runs before each start.
    /// </summary>
    public void Look(DateTimeOffset now)
    {
        if (now < _next && now >= _looked && line.Kinds.Count == _kinds)
            return;

        // A clock that was set back is looked at anew, too.
        var at = LineKey.Microseconds(now);
        (_looked, _next, _kinds) = (now, DateTimeOffset.MaxValue, line.Kinds.Count);
        foreach (var kind in line.Kinds)
        {
            var windows = windowsOf(kind);
            line.Open(kind, !_paused.Contains(kind) && (windows?.IsOpen(now) ?? true), at);
            if (windows?.NextChange(now) is { } change && change < _next)
                _next = change;
        }
    }
}
