using NextUp.Actors.Jobs;

namespace NextUp.Actors.Queue;

/// <summary>
/// The one line: all waiting jobs of all users, ordered by <see cref="LineKey"/> alone. It is kept as one tree a kind, so
/// that a kind whose slots are full, or that may not start now, is passed over without looking at its jobs, and a rank is
/// the sum of the ranks. Nothing here ever walks the backlog.
///
/// A job's position is one more than the jobs before it that leave the line before it does: those of the kinds that are
/// open now, and those of its own kind. So among the jobs that may start, positions are the exact order of dispatch; and a
/// job that may not start for now is shown the place it has kept, as if its own kind were open. A kind whose own slots are
/// taken counts as open: they may free at any moment.
/// </summary>
public sealed class Line
{
    readonly Dictionary<JobKind, KindLine> _kinds = [];

    public int Count { get; private set; }

    /// <summary>The kinds that ever had a job here.</summary>
    public IReadOnlyCollection<JobKind> Kinds => _kinds.Keys;

    public void Insert(JobKind kind, LineKey key) => Insert(kind, key, default);

    internal void Insert(JobKind kind, LineKey key, Entry entry)
    {
        Invariant.Holds(Of(kind).Add(key, entry));
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

    public bool IsOpen(JobKind kind) => !_kinds.TryGetValue(kind, out var tree) || tree.IsOpen;

    /// <summary>Whether jobs of the kind may start from now on.</summary>
    /// <param name="now">Unix microseconds.</param>
    public void Open(JobKind kind, bool isOpen, long now) => Of(kind).Open(isOpen, now);

    /// <summary>How many jobs leave the line before a job of the kind at the key, whether or not it is in the line.</summary>
    public int CountBefore(JobKind kind, LineKey key)
    {
        var before = 0;
        foreach (var (other, tree) in _kinds)
        {
            if (tree.IsOpen || other == kind)
                before += tree.RankOf(key);
        }

        return before;
    }

    /// <summary>
    /// Adds to <paramref name="counts"/> how many jobs of one kind leave the line before a job of another at the key, by
    /// size class.
    /// </summary>
    public void SizesBefore(JobKind kind, JobKind of, LineKey key, Span<int> counts)
    {
        if (_kinds.TryGetValue(of, out var tree) && (tree.IsOpen || of == kind))
            tree.SizesBefore(key, counts);
    }

    /// <summary>The first jobs of the line that may start, in its order.</summary>
    public IEnumerable<(JobKind Kind, LineKey Key)> Front(int count)
    {
        List<(JobKind Kind, IEnumerator<LineKey> Next)> open = [];
        foreach (var (kind, tree) in _kinds)
        {
            var keys = tree.InOrder().GetEnumerator();
            if (tree.IsOpen && keys.MoveNext())
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

    /// <summary>Who of those counted by <see cref="CountBefore"/> came in before the job out of turn.</summary>
    /// <param name="enteredAt">When the job entered the line, in unix microseconds: its key plus its head start.</param>
    public Overtaken Overtaking(JobKind kind, LineKey key, long enteredAt)
    {
        Overtaken all = default;
        foreach (var (other, tree) in _kinds)
        {
            if (tree.Count == 0 || !(tree.IsOpen || other == kind))
                continue;
            var own = tree.Overtaking(key, enteredAt);

            // A kind that opened while the job waited brought all that it has before the job.
            var resumes = tree.OpenedAt > enteredAt && other != kind ? tree.RankOf(key) - own.Count : 0;
            all = new(
                all.HeadStarts + own.HeadStarts, all.Retries + own.Retries, all.Delays + own.Delays,
                all.Resumes + own.Resumes + resumes);
        }

        return all;
    }

    /// <summary>Takes out the first job whose kind is open and has a free slot; null when there is none.</summary>
    public (JobKind Kind, LineKey Key)? Take(Slots slots)
    {
        (JobKind Kind, LineKey Key)? first = null;
        foreach (var (kind, tree) in _kinds)
        {
            if (tree.Count == 0 || !tree.IsOpen || !slots.IsFree(kind))
                continue;
            var head = tree.First;
            if (first is null || head < first.Value.Key)
                first = (kind, head);
        }

        if (first is { } taken)
            Invariant.Holds(Remove(taken.Kind, taken.Key));
        return first;
    }

    KindLine Of(JobKind kind)
    {
        if (!_kinds.TryGetValue(kind, out var tree))
            _kinds.Add(kind, tree = new());
        return tree;
    }
}
