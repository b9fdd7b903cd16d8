using NextUp.Actors.Jobs;

namespace NextUp.Actors.Queue;

/// <summary>
/// The one line: all waiting jobs of all users, ordered by <see cref="LineKey"/> alone. It is kept as one tree a kind, so
/// that a kind whose slots are full is passed over without looking at its jobs, and a rank is the sum of the ranks.
/// Nothing here ever walks the backlog.
/// </summary>
public sealed class Line
{
    readonly Dictionary<JobKind, CountedTree> _kinds = [];

    public int Count { get; private set; }

    public void Insert(JobKind kind, LineKey key)
    {
        if (!_kinds.TryGetValue(kind, out var tree))
            _kinds.Add(kind, tree = new());
        Invariant.Holds(tree.Add(key));
        Count++;
    }

    /// <summary>False when the key is not in the line.</summary>
    public bool Remove(JobKind kind, LineKey key)
    {
        if (!_kinds.TryGetValue(kind, out var tree) || !tree.Remove(key))
            return false;
        Count--;
        return true;
    }

    public bool Contains(JobKind kind, LineKey key) => _kinds.TryGetValue(kind, out var tree) && tree.Contains(key);

    /// <summary>How many waiting jobs are before the key, whether or not it is in the line.</summary>
    public int CountBefore(LineKey key)
    {
        var before = 0;
        foreach (var tree in _kinds.Values)
            before += tree.RankOf(key);
        return before;
    }

    /// <summary>The same, by kind.</summary>
    public IEnumerable<(JobKind Kind, int Count)> KindsBefore(LineKey key)
    {
        foreach (var (kind, tree) in _kinds)
        {
            var rank = tree.RankOf(key);
            if (rank > 0)
                yield return (kind, rank);
        }
    }

    /// <summary>Takes out the first job whose kind has a free slot; null when there is none.</summary>
    public (JobKind Kind, LineKey Key)? Take(Slots slots)
    {
        (JobKind Kind, LineKey Key)? first = null;
        foreach (var (kind, tree) in _kinds)
        {
            if (tree.Count == 0 || !slots.IsFree(kind))
                continue;
            var head = tree.First;
            if (first is null || head < first.Value.Key)
                first = (kind, head);
        }

        if (first is { } taken)
            Invariant.Holds(Remove(taken.Kind, taken.Key));
        return first;
    }
}
