using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.HostTests.Simulation;

/// <summary>
/// The rules, checked against a plain model that follows the durable writes in their order: it knows nothing of actors,
/// trees or lanes. It throws with a sentence as soon as one is broken.
/// </summary>
sealed partial class SimChecks
{
    const int FullLookEvery = 16;

    readonly Dictionary<JobSequence, ModelJob> _jobs = [];
    readonly Dictionary<JobId, ModelJob> _byId = [];
    readonly SortedSet<LineKey> _fresh = [];
    readonly Dictionary<(UserId, string), JobId> _keys = [];
    readonly HashSet<JobId> _acknowledged = [];
    readonly List<JobId> _order = [];
    readonly SimStore _store;
    readonly KindPolicy _policy;
    readonly int _slots;
    int _processing;
    int _open;
    int _looks;

    public SimChecks(SimStore store, KindPolicy policy, int slots)
    {
        (_store, _policy, _slots) = (store, policy, slots);
        store.Committed += Follow;
    }

    sealed class ModelJob
    {
        public required JobRecord Accepted { get; set; }

        /// <summary>Whose it was before a sign-in; null where there was none.</summary>
        public UserId? Before { get; set; }

        public LineKey Key { get; set; }

        public JobState State { get; set; }

        public bool IsHeld { get; set; }

        public int Attempt { get; set; }

        public DateTimeOffset? NotBefore { get; set; }

        public bool IsActive => !State.IsFinished() && !IsHeld;
    }

    public int Acknowledged => _acknowledged.Count;

    public bool HaveAllEnded() => _open == 0 && !_store.HasPending;

    public JobRecord? AnyJob(Random random) => _order.Count == 0 ? null : _byId[_order[random.Next(_order.Count)]].Accepted;

    public void Answered(UserId user, Submission submission, SubmitAnswer answer)
    {
        switch (answer)
        {
            case SubmitAnswer.Accepted accepted:
                Rule(accepted.Job.User == user, "an accepted job is its submitter's");
                Rule(_byId.ContainsKey(accepted.Job.Id), $"accepted job {accepted.Job.Id} is stored");
                Rule(accepted.IsRepeat || accepted.Job.Id == submission.Id, "a new job has the id that was asked for");
                if (submission.Key is { } key)
                {
                    var first = _keys.GetValueOrDefault((user, key), accepted.Job.Id);
                    Rule(first == accepted.Job.Id, $"key {key} of {user} always means the same job");
                    _keys[(user, key)] = first;
                }

                _acknowledged.Add(accepted.Job.Id);
                break;
            case SubmitAnswer.SignedIn:
                Rule(_adopted.ContainsKey(user), $"{user} has signed in");
                break;
            case SubmitAnswer.AtLimit limit:
                Rule(limit.Existing.User == user, "the job in the way is the user's own");
                break;
            default:
                break;
        }
    }

    public void Cancelled(UserId user, JobRecord job, CancelAnswer answer)
    {
        var model = _byId[job.Id];
        if (user != model.Accepted.User && user != model.Before)
            Rule(answer is CancelAnswer.NotFound, "someone else's job is not found");
        else if (answer is CancelAnswer.NotFound)
            Rule(model.Before is not null, "a user's own job is found");
        else if (answer is CancelAnswer.Cancelled)
            Rule(_byId[job.Id].State == JobState.Cancelled, $"a job acknowledged as cancelled is cancelled, not {_byId[job.Id].State}");
        else
            Rule(_byId[job.Id].State.IsFinished(), "a job that is called finished is finished");
    }

    /// <summary>A worker reports; one whose attempt is over is refused.</summary>
    public void Report(JobRecord job)
    {
        var isCurrent = _byId[job.Id] is { State: JobState.Processing } model && model.Attempt == job.Attempt;
        var answer = _store.CommitNow(new([new Change.Report(job.Sequence, job.Attempt, job.AcceptedAt, JobProgress.None, [])]));
        Rule(isCurrent == answer is CommitAnswer.Committed, $"attempt {job.Attempt} may report exactly while it is the current one");
    }

    public void Look()
    {
        if (++_looks % FullLookEvery == 0)
            CompareWithStore();
    }

    /// <summary>With nothing on its way, what the queue says is the order in which jobs will leave.</summary>
    public static void PositionsAreTheOrder(IReadOnlyList<QueuePlace?> places, IReadOnlyList<LineKey> keys)
    {
        for (var i = 0; i < keys.Count; i++)
            Rule(places[i]?.Position == i + 1, $"the job at key {keys[i]} is at position {i + 1}, not {places[i]?.Position}");
    }

    /// <summary>The keys of the line, in order; null while a retry's delay makes that depend on the instant.</summary>
    public IReadOnlyList<LineKey>? LineInOrder() =>
        _jobs.Values.Any(job => job is { State: JobState.Pending, NotBefore: not null }) ? null : [.. _fresh];

    public void AllEnded()
    {
        var unfinished = _jobs.Values.Where(job => !job.State.IsFinished()).Select(Describe);
        Rule(HaveAllEnded(), $"every job ends; these did not: {string.Join("; ", unfinished)}");
        CompareWithStore();
        foreach (var user in _byId.Values.Select(job => job.Accepted.User).Distinct())
            CheckEvents(user);
        foreach (var visitor in _adopted.Keys)
            HasNothing(visitor);
    }

    void Follow(StoreWrite write)
    {
        List<LineKey> left = [];
        foreach (var change in write.Changes)
            Follow(change, left);
    }

    void Follow(Change change, List<LineKey> left)
    {
        switch (change)
        {
            case Change.Accept { Job: var job }:
                var model = new ModelJob { Accepted = job, State = JobState.Pending, IsHeld = job.IsHeld };
                _jobs.Add(job.Sequence, model);
                _byId.Add(job.Id, model);
                _order.Add(job.Id);
                _open++;
                if (!job.IsHeld)
                    EnterLine(model, job.LineKey, left);
                break;
            case Change.Join join:
                var held = Expect(join.Job, JobState.Pending);
                Rule(held.IsHeld, "only a held job joins");
                held.IsHeld = false;
                EnterLine(held, join.LineKey, left, isDelayed: held.NotBefore > join.At);
                break;
            case Change.Start start:
                Start(Expect(start.Job, JobState.Pending), start.At);
                break;
            case Change.Requeue requeue:
                var failed = Expect(requeue.Job, JobState.Processing);
                Rule(failed.Attempt == requeue.Attempt, "only the current attempt is put back");
                (failed.State, failed.NotBefore) = (JobState.Pending, requeue.NotBefore);
                _processing--;
                break;
            case Change.Adopt adopt:
                Adopt(adopt);
                break;
            case Change.End end:
                End(end, left);
                break;
        }
    }

    void EnterLine(ModelJob job, LineKey key, List<LineKey> left, bool isDelayed = false)
    {
        job.Key = key;
        var replaces = left.Any(gone => gone.At == key.At);
        Rule(
            replaces || _fresh.Count == 0 || _fresh.Max < key,
            $"who enters the line stands at its end: {key} before {(_fresh.Count > 0 ? _fresh.Max : default)}");
        if (!isDelayed)
            _fresh.Add(key);
        var active = _jobs.Values.Count(other => other.IsActive && other.Accepted.User == job.Accepted.User);
        Rule(_policy.ActivePerUserMax is not { } max || active <= max, $"{job.Accepted.User} has {active} active jobs");
    }

    void Start(ModelJob job, DateTimeOffset at)
    {
        Rule(!job.IsHeld, "a held job does not start");
        Rule(job.NotBefore is not { } due || LineKey.Microseconds(due) <= LineKey.Microseconds(at), "a retry waits out its delay");
        _fresh.Remove(job.Key);
        Rule(
            _fresh.Count == 0 || job.Key < _fresh.Min,
            $"job at {job.Key} started before the one at {(_fresh.Count > 0 ? _fresh.Min : default)}");
        (job.State, job.NotBefore) = (JobState.Processing, null);
        job.Attempt++;
        _processing++;
        Rule(_processing <= _slots, $"{_processing} jobs run in {_slots} slots");
        Rule(_policy.Slots is not { } max || _processing <= max, $"{_processing} jobs run in the kind's {_policy.Slots} slots");
    }

    void End(Change.End end, List<LineKey> left)
    {
        var job = Expect(end.Job, end.Attempt is null ? JobState.Pending : JobState.Processing);
        Rule(end.Attempt is null || end.Attempt == job.Attempt, "only the current attempt ends a job");
        Rule(end.To != JobState.Completed || end.Summary is not null, "a completed job has its result");
        if (end.Attempt is not null)
            _processing--;
        else if (_fresh.Remove(job.Key))
            left.Add(job.Key);
        else if (!job.IsHeld)
            left.Add(job.Key);
        (job.State, job.IsHeld) = (end.To, false);
        _open--;
    }

    ModelJob Expect(JobSequence sequence, JobState state)
    {
        var job = _jobs[sequence];
        Rule(job.State == state, $"job {job.Accepted.Id} is {job.State} where {state} was expected");
        return job;
    }

    void CompareWithStore()
    {
        var rows = _store.Rows.ReadQueue().ToDictionary(row => row.LineKey.Sequence);
        foreach (var (sequence, job) in _jobs)
        {
            Rule(rows.ContainsKey(sequence) == job.IsActive, $"job {sequence} is in the queue exactly while it is active");
            if (job.IsActive)
            {
                Rule(
                    rows[sequence].State == job.State && rows[sequence].LineKey == job.Key,
                    $"job {sequence} is stored as it was committed");
            }
        }

        Rule(rows.Count == _jobs.Values.Count(job => job.IsActive), "the store has no job that was never committed");
        foreach (var id in _acknowledged)
            Rule(_byId.ContainsKey(id) && _store.Rows.FindAsync(id).Result is not null, $"acknowledged job {id} is not lost");
    }

    void CheckEvents(UserId user)
    {
        var events = _store.Rows.EventsAsync(user, 0, 100_000).Result;
        for (var i = 0; i < events.Count; i++)
            Rule(events[i].Number == i + 1, $"{user}'s events are numbered without gaps");
        foreach (var life in events.GroupBy(happened => happened.Job))
        {
            Rule(life.First().Type is JobEventType.Queued or JobEventType.Held, "a life begins with its acceptance");
            Rule(life.Count(happened => IsEnd(happened.Type)) == 1, $"job {life.Key} ends once");
            Rule(
                IsEnd(life.Last(happened => happened.Type != JobEventType.Adopted).Type),
                "nothing happens after the end but a sign-in");
        }
    }

    static bool IsEnd(JobEventType type) =>
        type is JobEventType.Completed or JobEventType.Failed or JobEventType.Cancelled;

    static string Describe(ModelJob job) =>
        $"{job.Accepted.User} {job.Accepted.Id} {job.State}{(job.IsHeld ? " held" : "")} attempt {job.Attempt} not before {job.NotBefore}";

    static void Rule(bool holds, string rule)
    {
        if (!holds)
            throw new RuleBrokenException(rule);
    }
}

sealed class RuleBrokenException(string rule) : Exception($"Broken rule: {rule}");
