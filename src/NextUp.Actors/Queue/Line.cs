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

    /// <summary>The kinds that ever had a job here.</summary>
    public IReadOnlyCollection<JobKind> Kinds => _kinds.Keys;

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

    /// <summary>Adds to <paramref name="counts"/> how many jobs of the kind are before the key, by size class.</summary>
    public void SizesBefore(JobKind kind, LineKey key, Span<int> counts)
    {
        if (_kinds.TryGetValue(kind, out var tree))
            tree.SizesBefore(key, counts);
    }

    /// <summary>The first jobs of the line, in its order.</summary>
    public IEnumerable<(JobKind Kind, LineKey Key)> Front(int count)
    {
        List<(JobKind Kind, IEnumerator<LineKey> Next)> open = [];
        foreach (var (kind, tree) in _kinds)
        {
            var keys = tree.InOrder().GetEnumerator();
            if (keys.MoveNext())
                open.Add((kind, keys));
        }

        while (count-- > 0 && open.Count > 0)
        {
            var first = 0;
            for (var i = 1; i < open.Count; i++)
            {
                if (open[i].Next.Current < open[first].Next.Current)
                    first = i;
            }

            yield return (open[first].Kind, open[first].Next.Current);
            if (!open[first].Next.MoveNext())
                open.RemoveAt(first);
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
