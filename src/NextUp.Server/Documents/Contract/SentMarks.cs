using NextUp.Server.Live;

namespace NextUp.Server.Documents.Contract;

/// <summary>
/// How far a client has surely read. What is sent lies for a while with the two systems in between; a client that stops
/// reading is found out by its silence to the protocol's own ping, so what was sent before that long has arrived.
/// </summary>
/// <param name="from">The number of the event that the client came with.</param>
sealed class SentMarks(long from, TimeProvider clock)
{
    /// <summary>The longest from the last byte that a client read to the end of its connection.</summary>
    public static readonly TimeSpan Doubt = (LiveFeed.KeepAliveInterval * 2) + SocketTalk.SendWithin + SocketTalk.SlowCloseWithin;

    /// <summary>Numbers that follow each other so fast are one mark, which bounds how many there are.</summary>
    static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    readonly Queue<(long Number, long At)> _marks = new();
    long _sure = from;
    (long Number, long Begun, long At)? _open;

    public void Note(long number)
    {
        var now = clock.GetTimestamp();
        if (_open is { } open && clock.GetElapsedTime(open.Begun, now) >= Step)
        {
            _marks.Enqueue((open.Number, open.At));
            _open = null;
        }

        _open = (number, _open?.Begun ?? now, now);
        Settle(now);
    }

    /// <summary>The number of the last event that has surely been read.</summary>
    public long Sure()
    {
        var now = clock.GetTimestamp();
        Settle(now);
        return _open is { } open && _marks.Count == 0 && clock.GetElapsedTime(open.At, now) >= Doubt ? open.Number : _sure;
    }

    void Settle(long now)
    {
        while (_marks.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.At, now) >= Doubt)
            _sure = _marks.Dequeue().Number;
    }
}
