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
    readonly Dictionary<(UserId, string), JobId> _keys = [];
    readonly HashSet<JobId> _acknowledged = [];
    readonly List<JobId> _order = [];
    readonly SimStore _store;
    readonly KindPolicies _kinds;
    readonly IReadOnlyList<JobKind> _offered;
    readonly SimClock _clock;
    readonly SimLimits _limits;
    int _open;
    int _looks;

    public SimChecks(SimStore store, KindPolicies kinds, IReadOnlyList<JobKind> offered, SimClock clock, SimLimits limits)
    {
        (_store, _kinds, _offered, _clock, _limits) = (store, kinds, offered, clock, limits);
        store.Committed += Follow;
    }

    sealed class ModelJob
    {
        public required JobRecord Accepted { get; set; }

        /// <summary>Whose it was before a sign-in; null where there was none.</summary>
        public UserId? Before { get; set; }

        public JobKind Kind => Accepted.Kind;

        public UserId User => Accepted.User;

        public LineKey Key { get; set; }

        /// <summary>When it entered the line, in unix microseconds.</summary>
        public long EnteredAt { get; set; }

        /// <summary>How many were before it in turn, as last looked at; null while it is not in the line.</summary>
        public int? Seen { get; set; }

        public bool IsReplacement { get; set; }

        public JobState State { get; set; }

        public bool IsHeld { get; set; }

        public int Attempt { get; set; }

        public bool IsElsewhere { get; set; }

        public bool IsSetAside { get; set; }

        public DateTimeOffset? NotBefore { get; set; }

        /// <summary>The oldest limits under which it may have become active.</summary>
        public int Limits { get; set; }

        public bool IsActive => !State.IsFinished() && !IsHeld;
    }

    public int Acknowledged => _acknowledged.Count;

    public bool HaveAllEnded() => _open == 0 && !_store.HasPending;

    public JobRecord? AnyJob(Random random) => _order.Count == 0 ? null : _byId[_order[random.Next(_order.Count)]].Accepted;

    public void Answered(UserId user, Submission submission, SubmitAnswer answer)
    {
        if (answer is SubmitAnswer.Accepted { Job.Id: var gone } && _deleted.Contains(gone))
            return;
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
        if (_cameBack.Contains(job.Id) || !_byId.TryGetValue(job.Id, out var model))
            return; // What was true when it was answered need not be so now.
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
        var isCurrent = _byId.GetValueOrDefault(job.Id) is { State: JobState.Processing } model && model.Attempt == job.Attempt;
        var answer = _store.CommitNow(new([new Change.Report(job.Sequence, job.Attempt, job.AcceptedAt, JobProgress.None, [])]));
        Rule(isCurrent == answer is CommitAnswer.Committed, $"attempt {job.Attempt} may report exactly while it is the current one");
    }

    public void Look()
    {
        PositionsWorsenWithACauseOnly();
        if (++_looks % FullLookEvery == 0)
            CompareWithStore();
    }

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

    /// <summary>What was stored, in one number.</summary>
    public uint Trace { get; private set; }

    void Follow(StoreWrite write)
    {
        List<ModelJob> left = [];
        foreach (var change in write.Changes)
        {
            Trace = change.ToString().Aggregate(Trace, (trace, letter) => (trace ^ letter) * 16777619);
            Follow(change, left);
        }
    }

    void Follow(Change change, List<ModelJob> left)
    {
        switch (change)
        {
            case Change.Accept { Job: var job } accept:
                var model = new ModelJob
                {
                    Accepted = job, State = JobState.Pending, IsHeld = job.IsHeld, NotBefore = job.NotBefore,
                };
                _jobs.Add(job.Sequence, model);
                _byId.Add(job.Id, model);
                _order.Add(job.Id);
                _open++;
                if (!job.IsHeld)
                    EnterLine(model, job.LineKey, job.HeadStart, job.AcceptedAt, accept.Reason, left);
                if (!job.IsHeld)
                    HasAPlaceOfItsOwn(
                        model, job.Place, left.Exists(gone => gone.User == job.User && gone.Kind == job.Kind));
                break;
            case Change.Join join:
                var held = Expect(join.Job, JobState.Pending);
                Rule(held.IsHeld, "only a held job joins");
                (held.IsHeld, held.NotBefore) = (false, join.NotBefore);
                EnterLine(held, join.LineKey, join.HeadStart, join.At, join.Reason, []);
                HasAPlaceOfItsOwn(held, join.Place, replaces: false);
                break;
            case Change.Start start:
                Start(Expect(start.Job, JobState.Pending), start);
                break;
            case Change.Requeue requeue:
                var failed = Expect(requeue.Job, JobState.Processing);
                Rule(failed.Attempt == requeue.Attempt, "only the current attempt is put back");
                (failed.State, failed.NotBefore, failed.Seen) = (JobState.Pending, requeue.NotBefore, null);
                break;
            case Change.Adopt adopt:
                Adopt(adopt);
                break;
            case Change.End end:
                End(end, left);
                break;
            case Change.Reopen reopen:
                Reopen(reopen);
                break;
            case Change.Delete delete:
                Delete(delete);
                break;
            default:
                FollowSteering(change);
                break;
        }
    }

    /// <summary>Who becomes active keeps to the largest of the limits under which that may have been decided.</summary>
    void HasAPlaceOfItsOwn(ModelJob job, int? place, bool replaces)
    {
        job.Limits = _limits.Oldest;
        var active = _jobs.Values.Where(other => other.IsActive && other.User == job.User && other.Kind == job.Kind).ToList();
        var max = _limits.ActivePerUser(job.Kind, active.Min(other => other.Limits));
        Rule(active.Count <= max, $"{job.User} has {active.Count} active jobs of {job.Kind}, more than {max}");
        var newest = _limits.ActivePerUser(job.Kind, _limits.Oldest);
        Rule(
            replaces || (place is { } number ? number < newest : newest == int.MaxValue),
            $"who enters under a limit of {newest} has a place below it, not {place}");
    }

    void End(Change.End end, List<ModelJob> left)
    {
        var job = Expect(end.Job, end.Attempt is null ? JobState.Pending : JobState.Processing);
        Rule(end.Attempt is null || end.Attempt == job.Attempt, "only the current attempt ends a job");
        Rule(end.To != JobState.Completed || end.Summary is not null, "a completed job has its result");
        if (end.Attempt is null)
            left.Add(job);
        (job.State, job.IsHeld, job.IsSetAside) = (end.To, false, end.IsSetAside);
        Rule(!end.IsSetAside || end.Crashes >= _kinds.Of(job.Kind).CrashesMax, "only one that crashed too often is set aside");
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
        {
            var before = i == 0 ? 0 : events[i - 1].Number;
            var isNext = _lessEvents.Contains(user) ? events[i].Number > before : events[i].Number == before + 1;
            Rule(isNext, $"{user}'s events are numbered without gaps, but where their jobs were deleted");
        }

        foreach (var life in events.GroupBy(happened => happened.Job))
            CheckLife(life.Key, [.. life]);
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
