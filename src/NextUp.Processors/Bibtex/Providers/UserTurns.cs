using System.Diagnostics.CodeAnalysis;
using NextUp.Actors.Users;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>
/// Users take turns; what one user waits for leaves in the order it came. Every operation is O(1), so a user's pile
/// costs nobody anything. Not safe for concurrent use: the owner's lock guards it.
/// </summary>
sealed class UserTurns<T>
{
    readonly Dictionary<UserId, Lane> _lanes = [];
    readonly LinkedList<UserId> _turns = [];

    public int Count { get; private set; }

    public LinkedListNode<T> Enqueue(UserId user, T waiter)
    {
        if (!_lanes.TryGetValue(user, out var lane))
            _lanes[user] = lane = new(_turns.AddLast(user));
        Count++;
        return lane.Waiting.AddLast(waiter);
    }

    public bool TryDequeue([MaybeNullWhen(false)] out T waiter)
    {
        if (_turns.First is not { } turn)
        {
            waiter = default;
            return false;
        }

        var node = _lanes[turn.Value].Waiting.First!;
        waiter = node.Value;
        _turns.Remove(turn);
        _turns.AddLast(turn); // Back of the line: everyone else goes first.
        Remove(turn.Value, node);
        return true;
    }

    /// <summary>Takes out one that gave up waiting.</summary>
    public void Remove(UserId user, LinkedListNode<T> node)
    {
        var lane = _lanes[user];
        lane.Waiting.Remove(node);
        Count--;
        if (lane.Waiting.Count > 0)
            return;

        _turns.Remove(lane.Turn);
        _lanes.Remove(user);
    }

    sealed class Lane(LinkedListNode<UserId> turn)
    {
        public LinkedListNode<UserId> Turn { get; } = turn;

        public LinkedList<T> Waiting { get; } = [];
    }
}
