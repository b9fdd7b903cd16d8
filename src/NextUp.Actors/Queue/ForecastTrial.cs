namespace NextUp.Actors.Queue;

/// <summary>
/// One run of the near future: running attempts end, slots are given to the first in the line whose kind has a free one,
/// delayed retries come back ahead of the others, waiting jobs are cancelled at the measured rate.
/// </summary>
sealed class ForecastTrial
{
    /// <summary>A start that does not come about in the trial, as where nothing runs of a kind without a slot.</summary>
    const double Never = 365.0 * 24 * 60 * 60;

    readonly QueuePicture _picture;
    readonly double _cancelRate;
    readonly PriorityQueue<int, double> _ends = new();
    readonly List<int>[] _lines;
    readonly int[] _next;
    readonly int[] _free;
    readonly (int Kind, SizeClass Size, double Due)[] _delayed;
    Dice _dice;
    int _freeInAll;
    int _nextDelayed;

    public ForecastTrial(QueuePicture picture, double cancelRate, Dice dice)
    {
        (_picture, _cancelRate, _dice) = (picture, cancelRate, dice);
        _lines = new List<int>[picture.Kinds.Count];
        for (var kind = 0; kind < _lines.Length; kind++)
            _lines[kind] = [];
        for (var i = 0; i < picture.Front.Count; i++)
            _lines[picture.Front[i].Kind].Add(i);
        (_next, _free) = (new int[_lines.Length], new int[_lines.Length]);
        _delayed = [.. picture.Delayed.OrderBy(job => job.Due)];
    }

    /// <summary>Notes when each job of the front starts, and when one of each kind would that stood behind them.</summary>
    public void Play(int trial, float[][] starts, float[][] behind)
    {
        Begin();
        foreach (var row in behind)
            row[trial] = -1;
        var waiting = _picture.Front.Count;
        var now = 0.0;
        while (true)
        {
            while (TakeNext(now) is { } job)
            {
                if (job.Index >= 0)
                {
                    starts[job.Index][trial] = (float)now;
                    waiting--;
                    if (_cancelRate > 0 && _dice.Next() < 1 - Math.Exp(-_cancelRate * now))
                        continue;
                }

                Run(job.Kind, now + _picture.Kinds[job.Kind].Times.Draw(job.Size, ref _dice));
            }

            NoteBehind(trial, now, behind);
            if (waiting == 0 || !Pass(ref now))
                break;
        }

        for (; waiting > 0; waiting--)
            starts[Stuck()][trial] = (float)Never;
        Behind(trial, now, behind);
    }

    void Begin()
    {
        _ends.Clear();
        Array.Clear(_next);
        _nextDelayed = 0;
        _freeInAll = _picture.Slots;
        for (var kind = 0; kind < _free.Length; kind++)
            _free[kind] = _picture.Kinds[kind].Slots;
        foreach (var (kind, size, elapsed) in _picture.Running)
            Run(kind, _picture.Kinds[kind].Times.DrawRemaining(size, elapsed, ref _dice));
    }

    void Run(int kind, double end)
    {
        _ends.Enqueue(kind, end);
        _freeInAll--;
        _free[kind]--;
    }

    (int Kind, SizeClass Size, int Index)? TakeNext(double now)
    {
        if (_freeInAll <= 0)
            return null;
        if (_nextDelayed < _delayed.Length && _delayed[_nextDelayed].Due <= now && _free[_delayed[_nextDelayed].Kind] > 0)
        {
            var (kind, size, _) = _delayed[_nextDelayed++];
            return (kind, size, -1);
        }

        var first = -1;
        for (var kind = 0; kind < _lines.Length; kind++)
        {
            if (_free[kind] > 0 && _next[kind] < _lines[kind].Count && (first < 0 || Head(kind) < Head(first)))
                first = kind;
        }

        if (first < 0)
            return null;
        var index = Head(first);
        _next[first]++;
        return (first, _picture.Front[index].Size, index);
    }

    int Head(int kind) => _lines[kind][_next[kind]];

    /// <summary>To the next end or return; false where there is none.</summary>
    bool Pass(ref double now)
    {
        var isDelayed = _nextDelayed < _delayed.Length && _delayed[_nextDelayed].Due > now;
        if (!_ends.TryPeek(out var kind, out var end))
        {
            if (isDelayed)
                now = _delayed[_nextDelayed].Due;
            return isDelayed;
        }

        if (isDelayed && _delayed[_nextDelayed].Due < end)
        {
            now = _delayed[_nextDelayed].Due;
            return true;
        }

        _ends.Dequeue();
        now = Math.Max(now, end);
        _freeInAll++;
        _free[kind]++;
        return true;
    }

    int Stuck()
    {
        for (var kind = 0; ; kind++)
        {
            if (_next[kind] < _lines[kind].Count)
                return _lines[kind][_next[kind]++];
        }
    }

    /// <summary>A slot that nobody of the front may have goes to one behind it whose kind has room.</summary>
    int NoteBehind(int trial, double now, float[][] behind)
    {
        var open = 0;
        for (var kind = 0; kind < behind.Length; kind++)
        {
            if (behind[kind][trial] < 0 && _freeInAll > 0 && _free[kind] > 0)
                behind[kind][trial] = (float)now;
            open += behind[kind][trial] < 0 ? 1 : 0;
        }

        return open;
    }

    void Behind(int trial, double now, float[][] behind)
    {
        while (NoteBehind(trial, now, behind) > 0 && Pass(ref now))
        {
        }

        foreach (var row in behind)
        {
            if (row[trial] < 0)
                row[trial] = (float)Never;
        }
    }
}
