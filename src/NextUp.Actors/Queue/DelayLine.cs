using NextUp.Actors.Jobs;

namespace NextUp.Actors.Queue;

/// <summary>Jobs that wait out a retry's delay before they stand in the line again, at their old key.</summary>
sealed class DelayLine
{
    readonly SortedSet<(DateTimeOffset Due, LineKey Key)> _byTime = [];
    readonly Dictionary<LineKey, (JobKind Kind, DateTimeOffset Due)> _jobs = [];
    DateTimeOffset? _watched;

    public int Count => _jobs.Count;

    public void Add(JobKind kind, LineKey key, DateTimeOffset due)
    {
        _jobs.Add(key, (kind, due));
        _byTime.Add((due, key));
    }

    /// <summary>All of them, by their time.</summary>
    public IEnumerable<(JobKind Kind, LineKey Key, DateTimeOffset Due)> Waiting =>
        _byTime.Select(job => (_jobs[job.Key].Kind, job.Key, job.Due));

    public bool Contains(LineKey key) => _jobs.ContainsKey(key);

    public bool Remove(LineKey key) => _jobs.Remove(key, out var job) && _byTime.Remove((job.Due, key));

    /// <summary>The earliest time to look again, unless somebody waits for it (or for an earlier one) already.</summary>
    public DateTimeOffset? NextToWatch()
    {
        if (_jobs.Count == 0 || _watched <= _byTime.Min.Due)
            return null;
        return _watched = _byTime.Min.Due;
    }

    /// <summary>Takes out what has come due; the time before is no longer watched.</summary>
    public IReadOnlyList<(JobKind Kind, LineKey Key)> TakeDue(DateTimeOffset now)
    {
        if (_watched <= now)
            _watched = null;
        List<(JobKind, LineKey)> due = [];
        while (_byTime.Count > 0 && _byTime.Min.Due <= now)
        {
            var key = _byTime.Min.Key;
            due.Add((_jobs[key].Kind, key));
            Remove(key);
        }

        return due;
    }
}
