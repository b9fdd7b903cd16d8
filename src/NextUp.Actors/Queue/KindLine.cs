namespace NextUp.Actors.Queue;

/// <summary>The waiting jobs of one kind in the order of their keys; those that came in out of turn also by why.</summary>
sealed class KindLine
{
    // Empty where nobody has a head start and nothing failed, which costs the others nothing.
    readonly List<(Entry Entry, CountedTree Keys)> _outOfTurn = [];
    readonly CountedTree _all = new();

    public int Count => _all.Count;

    public LineKey First => _all.First;

    /// <summary>Whether its jobs may start; while not, jobs of other kinds pass them.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>When it last became open, in unix microseconds; 0 when it always was.</summary>
    public long OpenedAt { get; private set; }

    public void Open(bool isOpen, long now)
    {
        if (isOpen && !IsOpen)
            OpenedAt = now;
        IsOpen = isOpen;
    }

    public bool Add(LineKey key, Entry entry)
    {
        if (!_all.Add(key))
            return false;
        if (entry.Cause != EntryCause.InTurn)
            KeysOf(entry).Add(key);
        return true;
    }

    public bool Remove(LineKey key)
    {
        if (!_all.Remove(key))
            return false;
        for (var i = 0; i < _outOfTurn.Count; i++)
        {
            if (!_outOfTurn[i].Keys.Remove(key))
                continue;
            if (_outOfTurn[i].Keys.Count == 0)
                _outOfTurn.RemoveAt(i);
            break;
        }

        return true;
    }

    public bool Contains(LineKey key) => _all.Contains(key);

    public int RankOf(LineKey key) => _all.RankOf(key);

    public void SizesBefore(LineKey key, Span<int> counts) => _all.SizesBefore(key, counts);

    public IEnumerable<LineKey> InOrder() => _all.InOrder();

    /// <summary>Those before the key that came in out of turn, as seen by a job that entered at a time.</summary>
    /// <param name="enteredAt">Unix microseconds: the job's key plus its head start.</param>
    public Overtaken Overtaking(LineKey key, long enteredAt)
    {
        int headStarts = 0, retries = 0, delays = 0, resumes = 0;
        foreach (var (entry, keys) in _outOfTurn)
        {
            switch (entry.Cause)
            {
                case EntryCause.HeadStart:
                    // With one span, key and time of entry are in the same order: who entered later is a run of keys.
                    headStarts += Math.Max(0, keys.RankOf(key) - keys.RankOf(new(enteredAt - entry.Span, default)));
                    break;
                case EntryCause.Retry:
                    retries += keys.RankOf(key);
                    break;
                case EntryCause.Delay:
                    delays += keys.RankOf(key);
                    break;
                case EntryCause.Resume:
                    resumes += keys.RankOf(key);
                    break;
            }
        }

        return new(headStarts, retries, delays, resumes);
    }

    CountedTree KeysOf(Entry entry)
    {
        foreach (var (known, keys) in _outOfTurn)
        {
            if (known == entry)
                return keys;
        }

        CountedTree added = new();
        _outOfTurn.Add((entry, added));
        return added;
    }
}
