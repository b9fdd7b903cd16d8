using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.OrleansTests.Servers;

/// <summary>
/// What happened, read off the stored events of every user, and held against the rules: nothing that was acknowledged is lost, no
/// user has two jobs under way, numbers have no gaps, and whoever stood further ahead in the line began first.
/// </summary>
sealed class History
{
    const int EventsMax = 100_000;

    readonly List<string> _violations = [];
    readonly Dictionary<string, Life> _jobs = [];

    sealed class Life
    {
        public DateTimeOffset? QueuedAt { get; set; }

        public DateTimeOffset? StartedAt { get; set; }

        public int Ends { get; set; }

        public int Attempts { get; set; }

        public string? Reason { get; set; }
    }

    public IReadOnlyList<string> Violations => _violations;

    public int Jobs => _jobs.Count;

    /// <summary>Attempts that were begun beside the first ones.</summary>
    public int MoreAttempts => _jobs.Values.Sum(job => Math.Max(0, job.Attempts - 1));

    public async Task ReadAsync(IJobStore store, string user)
    {
        var events = await store.EventsAsync(UserId.Account(user), 0, EventsMax);
        if (!events.Select(happened => happened.Number).SequenceEqual(Enumerable.Range(1, events.Count).Select(number => (long)number)))
            _violations.Add($"{user}'s events are not numbered without gaps.");
        string? running = null;
        foreach (var happened in events)
        {
            var name = happened.Job.ToString();
            if (!_jobs.TryGetValue(name, out var job))
                _jobs.Add(name, job = new());
            Note(job, happened);
            if (happened.Type == JobEventType.Started)
            {
                if (running is not null)
                    _violations.Add($"{user}'s jobs {running} and {name} run at once.");
                running = name;
            }
            else if (name == running)
            {
                running = null;
            }
        }
    }

    public void MustHaveCompleted(string job)
    {
        if (!_jobs.TryGetValue(job, out var life))
            _violations.Add($"Job {job} was acknowledged and is gone.");
        else if (life.Ends != 1)
            _violations.Add($"Job {job} completed {life.Ends} times in {life.Attempts} attempts: {life.Reason}");
    }

    /// <summary>Once all users are read: who stood before another in the line, from before the other began, began before it.</summary>
    public void CheckOrder()
    {
        var jobs = _jobs.Where(job => job.Value is { QueuedAt: not null, StartedAt: not null }).OrderBy(job => job.Value.QueuedAt).ToList();
        for (var i = 0; i < jobs.Count; i++)
        {
            for (var j = i + 1; j < jobs.Count; j++)
            {
                var (first, second) = (jobs[i].Value, jobs[j].Value);
                if (first.QueuedAt < second.QueuedAt && second.StartedAt < first.StartedAt)
                    _violations.Add($"Job {jobs[j].Key} began before {jobs[i].Key}, which stood before it.");
            }
        }
    }

    static void Note(Life job, JobEvent happened)
    {
        job.Reason = happened.Reason ?? job.Reason;
        switch (happened.Type)
        {
            case JobEventType.Queued:
                job.QueuedAt = happened.At;
                break;
            case JobEventType.Started:
                job.StartedAt ??= happened.At;
                job.Attempts++;
                break;
            case JobEventType.Completed:
                job.Ends++;
                break;
            default:
                break;
        }
    }
}
