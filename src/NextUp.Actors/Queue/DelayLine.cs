using NextUp.Actors.Jobs;

namespace NextUp.Actors.Queue;

/// <summary>Jobs that wait for a time before they stand in the line: a retry's delay, or the time their submitter asked for.</summary>
sealed class DelayLine
{
    readonly SortedSet<(DateTimeOffset Due, LineKey Key)> _byTime = [];
    readonly Dictionary<LineKey, Delayed> _jobs = [];

    /// <param name="Entry">How the job comes into the line then.</param>
    public readonly record struct Delayed(JobKind Kind, LineKey Key, Entry Entry, DateTimeOffset Due);

    public int Count => _jobs.Count;

    /// <summary>The earliest time at which one comes due.</summary>
    public DateTimeOffset? Next => _jobs.Count == 0 ? null : _byTime.Min.Due;

    public void Add(Delayed job)
    {
        _jobs.Add(job.Key, job);
        _byTime.Add((job.Due, job.Key));
    }

    /// <summary>All of them, by their time.</summary>
    public IEnumerable<Delayed> Waiting => _byTime.Select(job => _jobs[job.Key]);

    public bool Contains(LineKey key) => _jobs.ContainsKey(key);

    public bool Remove(LineKey key) => _jobs.Remove(key, out var job) && _byTime.Remove((job.Due, key));

    /// <summary>Takes out what has come due, in the order of the times.</summary>
    public IReadOnlyList<Delayed> TakeDue(DateTimeOffset now)
    {
        List<Delayed> due = [];
        while (_byTime.Count > 0 && _byTime.Min.Due <= now)
        {
            due.Add(_jobs[_byTime.Min.Key]);
            Remove(_byTime.Min.Key);
        }

        return due;
    }
}
