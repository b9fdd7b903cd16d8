using NextUp.Actors.Users;

namespace NextUp.Server.Documents.Contract;

/// <summary>
/// Front ends of the contract do not say what they saw last when they come back, so it is remembered here for a while: where
/// a user's connection broke off, the next one goes on.
/// </summary>
sealed class LastHeard(TimeProvider clock)
{
    /// <summary>Users remembered; the oldest are forgotten first.</summary>
    public const int UsersMax = 10_000;

    /// <summary>How long.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    readonly Lock _gate = new();
    readonly Dictionary<UserId, (long Number, long At)> _heard = [];
    readonly Queue<(UserId User, long At)> _order = new();

    public void Note(UserId user, long number)
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            // Of two connections that ended the one that had less comes first: to be told twice is better than never.
            if (_heard.TryGetValue(user, out var other) && clock.GetElapsedTime(other.At) <= KeptFor)
                number = Math.Min(number, other.Number);
            _heard[user] = (number, now);
            _order.Enqueue((user, now));
            while (_order.Count > UsersMax || (_order.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.At) > KeptFor))
            {
                var (old, at) = _order.Dequeue();
                if (_heard.TryGetValue(old, out var noted) && noted.At == at)
                    _heard.Remove(old);
            }
        }
    }

    /// <summary>The number, once; null where nothing is remembered.</summary>
    public long? Take(UserId user)
    {
        lock (_gate)
        {
            var isKept = _heard.Remove(user, out var noted) && clock.GetElapsedTime(noted.At) <= KeptFor;
            return isKept ? noted.Number : null;
        }
    }
}
