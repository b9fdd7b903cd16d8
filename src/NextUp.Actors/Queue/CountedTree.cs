using System.Numerics;

namespace NextUp.Actors.Queue;

/// <summary>
/// A sorted set of keys that knows ranks: a B+ tree whose inner nodes count what is below them, in all and by size class.
/// Insert, remove, rank and first are O(log n). Nodes are wide so that a million keys are four levels deep and about
/// 26 bytes each when they arrive in order, as they do in a line.
/// </summary>
sealed class CountedTree
{
    const int Width = 64;

    Node _root = new Leaf();

    public int Count => _root.Count;

    /// <summary>The smallest key. There must be one.</summary>
    public LineKey First
    {
        get
        {
            var node = _root;
            while (node is Inner inner)
                node = inner.Children[0]!;
            return ((Leaf)node).Keys[0];
        }
    }

    /// <summary>Adds the key; false when it is there already.</summary>
    public bool Add(LineKey key)
    {
        if (!_root.Add(key, out var split))
            return false;
        if (split is not null)
            _root = new Inner(_root, split);
        return true;
    }

    /// <summary>Removes the key; false when it is not there.</summary>
    public bool Remove(LineKey key)
    {
        if (!_root.Remove(key, out _))
            return false;
        while (_root is Inner { Used: 1 } inner)
            _root = inner.Children[0]!;
        if (_root is Inner { Used: 0 })
            _root = new Leaf();
        return true;
    }

    /// <summary>How many keys are smaller.</summary>
    public int RankOf(LineKey key)
    {
        var rank = 0;
        var node = _root;
        while (node is Inner inner)
        {
            var index = inner.ChildFor(key);
            for (var i = 0; i < index; i++)
                rank += inner.Counts[i];
            node = inner.Children[index]!;
        }

        var leaf = (Leaf)node;
        var found = Array.BinarySearch(leaf.Keys, 0, leaf.Count, key);
        return rank + (found >= 0 ? found : ~found);
    }

    /// <summary>Adds to <paramref name="counts"/> how many keys of each size class are smaller.</summary>
    public void SizesBefore(LineKey key, Span<int> counts)
    {
        var node = _root;
        while (node is Inner inner)
        {
            var index = inner.ChildFor(key);
            for (var i = 0; i < index; i++)
                AddUp(counts, inner.SizesOf(i));
            node = inner.Children[index]!;
        }

        var leaf = (Leaf)node;
        var found = Array.BinarySearch(leaf.Keys, 0, leaf.Count, key);
        Leaf.CountSizes(leaf.Keys.AsSpan(0, found >= 0 ? found : ~found), counts);
    }

    public bool Contains(LineKey key)
    {
        var node = _root;
        while (node is Inner inner)
            node = inner.Children[inner.ChildFor(key)]!;
        var leaf = (Leaf)node;
        return Array.BinarySearch(leaf.Keys, 0, leaf.Count, key) >= 0;
    }

    static void AddUp(Span<int> sums, ReadOnlySpan<int> more)
    {
        var step = Vector<int>.Count;
        var i = 0;
        for (; i + step <= SizeClass.Count; i += step)
            (new Vector<int>(sums[i..]) + new Vector<int>(more[i..])).CopyTo(sums[i..]);
        for (; i < SizeClass.Count; i++)
            sums[i] += more[i];
    }

    /// <summary>The keys in order.</summary>
    public IEnumerable<LineKey> InOrder()
    {
        var open = new Stack<Node>([_root]);
        while (open.TryPop(out var node))
        {
            if (node is Inner inner)
            {
                for (var i = inner.Used - 1; i >= 0; i--)
                    open.Push(inner.Children[i]!);
                continue;
            }

            var leaf = (Leaf)node;
            for (var i = 0; i < leaf.Count; i++)
                yield return leaf.Keys[i];
        }
    }

    abstract class Node
    {
        /// <summary>Keys in and below this node.</summary>
        public int Count;

        /// <summary>A full node gives its upper part away as <paramref name="split"/>.</summary>
        public abstract bool Add(LineKey key, out Node? split);

        public abstract bool Remove(LineKey key, out SizeClass size);

        /// <summary>Adds to <paramref name="counts"/> the keys in and below this node by size class.</summary>
        public abstract void CountSizes(Span<int> counts);

        public abstract LineKey Low { get; }
    }

    sealed class Leaf : Node
    {
        public readonly LineKey[] Keys = new LineKey[Width];

        public override LineKey Low => Keys[0];

        public override bool Add(LineKey key, out Node? split)
        {
            split = null;
            var at = Array.BinarySearch(Keys, 0, Count, key);
            if (at >= 0)
                return false;

            at = ~at;
            if (Count < Width)
            {
                Insert(at, key);
                return true;
            }

            // A line grows at its end: an append leaves the full leaf full instead of halving it.
            var right = new Leaf();
            var keep = at == Width ? Width : Width / 2;
            Array.Copy(Keys, keep, right.Keys, 0, Width - keep);
            right.Count = Width - keep;
            Count = keep;
            if (at < keep)
                Insert(at, key);
            else
                right.Insert(at - keep, key);
            split = right;
            return true;
        }

        public override bool Remove(LineKey key, out SizeClass size)
        {
            size = default;
            var at = Array.BinarySearch(Keys, 0, Count, key);
            if (at < 0)
                return false;
            size = Keys[at].Size;
            Count--;
            Array.Copy(Keys, at + 1, Keys, at, Count - at);
            return true;
        }

        public override void CountSizes(Span<int> counts) => CountSizes(Keys.AsSpan(0, Count), counts);

        public static void CountSizes(ReadOnlySpan<LineKey> keys, Span<int> counts)
        {
            foreach (ref readonly var key in keys)
                counts[key.Size.Value]++;
        }

        void Insert(int at, LineKey key)
        {
            Array.Copy(Keys, at, Keys, at + 1, Count - at);
            Keys[at] = key;
            Count++;
        }
    }

    sealed class Inner : Node
    {
        public readonly Node?[] Children = new Node?[Width];

        /// <summary>Every key below child i is at least Lows[i] and every key below child i-1 is less; Lows[0] is not used.</summary>
        readonly LineKey[] _lows = new LineKey[Width];

        /// <summary>The children's counts side by side, so that a rank does not touch the children it passes over.</summary>
        public readonly int[] Counts = new int[Width];

        /// <summary>The same by size class: the classes of child i begin at i * <see cref="SizeClass.Count"/>.</summary>
        readonly int[] _sizes = new int[Width * SizeClass.Count];

        public int Used;

        Inner()
        {
        }

        public Inner(Node left, Node right)
        {
            Insert(0, left);
            Insert(1, right);
        }

        public override LineKey Low => _lows[0];

        public int ChildFor(LineKey key)
        {
            var at = Array.BinarySearch(_lows, 1, Used - 1, key);
            return at >= 0 ? at : ~at - 1;
        }

        public ReadOnlySpan<int> SizesOf(int child) => _sizes.AsSpan(child * SizeClass.Count, SizeClass.Count);

        public override void CountSizes(Span<int> counts)
        {
            for (var i = 0; i < Used; i++)
                AddUp(counts, SizesOf(i));
        }

        public override bool Add(LineKey key, out Node? split)
        {
            split = null;
            var index = ChildFor(key);
            var child = Children[index]!;
            if (!child.Add(key, out var right))
                return false;

            Count++;
            Counts[index] = child.Count;
            if (right is null)
            {
                _sizes[(index * SizeClass.Count) + key.Size.Value]++;
                return true;
            }

            Recount(index);
            if (Used < Width)
            {
                Count -= right.Count;
                Insert(index + 1, right);
            }
            else
            {
                split = SplitWith(index + 1, right);
            }

            return true;
        }

        public override bool Remove(LineKey key, out SizeClass size)
        {
            var index = ChildFor(key);
            var child = Children[index]!;
            if (!child.Remove(key, out size))
                return false;

            Count--;
            Counts[index] = child.Count;
            _sizes[(index * SizeClass.Count) + size.Value]--;

            // Only empty nodes are freed: a line is emptied from its front, where nodes empty whole.
            if (child.Count == 0)
                Drop(index);
            return true;
        }

        Inner SplitWith(int at, Node child)
        {
            var right = new Inner();
            var keep = at == Width ? Width : Width / 2;
            for (var i = keep; i < Width; i++)
            {
                right.Insert(i - keep, Children[i]!, _lows[i]);
                Children[i] = null;
            }

            Used = keep;
            if (at < keep || (at == keep && keep < Width))
                Insert(at, child);
            else
                right.Insert(at - keep, child);
            Count = Counts.AsSpan(0, Used).Sum();
            return right;
        }

        void Insert(int at, Node child) => Insert(at, child, child.Low);

        void Insert(int at, Node child, LineKey low)
        {
            Array.Copy(Children, at, Children, at + 1, Used - at);
            Array.Copy(_lows, at, _lows, at + 1, Used - at);
            Array.Copy(Counts, at, Counts, at + 1, Used - at);
            Array.Copy(
                _sizes, at * SizeClass.Count, _sizes, (at + 1) * SizeClass.Count, (Used - at) * SizeClass.Count);
            Children[at] = child;
            _lows[at] = low;
            Counts[at] = child.Count;
            Recount(at);
            Used++;
            Count += child.Count;
        }

        void Drop(int at)
        {
            Used--;
            Array.Copy(Children, at + 1, Children, at, Used - at);
            Array.Copy(_lows, at + 1, _lows, at, Used - at);
            Array.Copy(Counts, at + 1, Counts, at, Used - at);
            Array.Copy(
                _sizes, (at + 1) * SizeClass.Count, _sizes, at * SizeClass.Count, (Used - at) * SizeClass.Count);
            Children[Used] = null;
        }

        void Recount(int child)
        {
            var counts = _sizes.AsSpan(child * SizeClass.Count, SizeClass.Count);
            counts.Clear();
            Children[child]!.CountSizes(counts);
        }
    }
}

file static class Spans
{
    public static int Sum(this Span<int> values)
    {
        var sum = 0;
        foreach (var value in values)
            sum += value;
        return sum;
    }
}
