using System.Runtime.CompilerServices;
using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.HostTests.Policies.Load;

/// <summary>
/// Follows the stored writes in the order of their commits and holds each against the rules. It knows nothing of actors,
/// lanes or trees; what it does not like it writes down, and goes on.
/// </summary>
sealed partial class Ledger(Rules rules, TimeProvider clock)
{
    const int ViolationsKeptMax = 200;

    readonly Queue<Entry> _order = new();
    readonly Dictionary<JobSequence, Life> _lives = [];
    readonly Dictionary<JobId, Life> _byId = [];
    readonly Dictionary<UserId, HashSet<Life>> _open = [];
    readonly Dictionary<UserId, UserId> _adopted = [];
    readonly SortedDictionary<string, long> _counts = [];
    readonly List<string> _violations = [];
    readonly Lock _gate = new();
    JobSequence _lastSequence;
    readonly HashSet<string> _keys = [];
    long _version;
    int _unfinished;

    /// <summary>A write that is on its way.</summary>
    public sealed class Entry(StoreWrite write)
    {
        public StoreWrite Write => write;

        public bool? IsStored { get; set; }
    }

    /// <summary>Held while a write is handed to the store, so that the order here is the order there.</summary>
    public Lock Order { get; } = new();

    public int Accepted { get; private set; }

    /// <summary>Goes up with each write of the queue that is on its way.</summary>
    public long Version => Volatile.Read(ref _version);

    public int Unfinished => Volatile.Read(ref _unfinished);

    public long ViolationsCount { get; private set; }

    /// <summary>For whoever looks when nothing happens any more.</summary>
    public IReadOnlyCollection<Life> Lives => _lives.Values;

    public IReadOnlyDictionary<UserId, UserId> Adopted => _adopted;

    public IReadOnlyList<KeyValuePair<string, long>> Counts
    {
        get
        {
            lock (_gate)
                return [.. _counts];
        }
    }

    public IReadOnlyList<string> Violations
    {
        get
        {
            lock (_gate)
                return [.. _violations];
        }
    }

    public Life? Find(JobId job)
    {
        lock (_gate)
            return _byId.GetValueOrDefault(job);
    }

    public Entry Expect(StoreWrite write)
    {
        var entry = new Entry(write);
        lock (_gate)
        {
            _order.Enqueue(entry);
            _version += write.Stamp is null ? 0 : 1;
        }

        return entry;
    }

    public void Settle(Entry entry, bool isStored)
    {
        lock (_gate)
        {
            entry.IsStored = isStored;
            while (_order.TryPeek(out var first) && first.IsStored is { } stored)
            {
                _order.Dequeue();
                if (stored)
                    Follow(first.Write);
            }
        }
    }

    public void Count(string what, long by = 1)
    {
        lock (_gate)
            _counts[what] = _counts.GetValueOrDefault(what) + by;
    }

    public void Rule(bool holds, string rule) => Rule(holds, rule, $"");

    public void Rule(bool holds, string rule, [InterpolatedStringHandlerArgument(nameof(holds))] Detail detail)
    {
        if (holds)
            return;
        lock (_gate)
        {
            ViolationsCount++;
            if (_violations.Count < ViolationsKeptMax)
                _violations.Add($"{rule} {detail.Text}");
        }
    }

    /// <summary>A text that is only made where a rule is broken.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Detail
    {
        readonly StringBuilder? _text;

        public Detail(int literalLength, int formattedCount, bool holds, out bool isWanted)
        {
            isWanted = !holds;
            _text = holds ? null : new(literalLength + (formattedCount * 16));
        }

        public string Text => _text?.Length > 0 ? $"({_text})" : "";

        public void AppendLiteral(string text) => _text?.Append(text);

        public void AppendFormatted<T>(T value) => _text?.Append(value);

        public void AppendFormatted(DateTimeOffset value, string format) => _text?.Append(value.ToString(format));
    }

    void Follow(StoreWrite write)
    {
        List<Life> left = [];
        DateTimeOffset? at = null;
        foreach (var change in write.Changes)
        {
            if (TimeOf(change) is { } time)
                Pass((at = time).Value);
            Follow(change, left);
        }

        if (write.Stamp is not null && at is { } now)
            NoSlotStandsIdle(now);
    }

    static DateTimeOffset? TimeOf(Change change) => change switch
    {
        Change.Accept accept => accept.Job.AcceptedAt,
        Change.Join join => join.At,
        Change.Start start => start.At,
        Change.End end => end.At,
        Change.Requeue requeue => requeue.At,
        Change.Adopt adopt => adopt.At,
        Change.SetPause pause => pause.Pause.At,
        Change.EndPause pause => pause.At,
        Change.SetCapacity capacity => capacity.At,
        _ => null,
    };

    void Follow(Change change, List<Life> left)
    {
        switch (change)
        {
            case Change.Accept accept:
                Accept(accept, left);
                break;
            case Change.Join join:
                var held = Expect(join.Job, JobState.Pending);
                Rule(held.IsHeld, "only a held job joins");
                (held.IsHeld, held.NotBefore) = (false, join.NotBefore);
                held.Note(JobEventType.Queued, join.At);
                Count("held jobs let into the line");
                Enter(held, join.LineKey, join.HeadStart, join.At, join.Reason, []);
                KeepsTheLimit(held, replaced: null);
                break;
            case Change.Start start:
                Start(Expect(start.Job, JobState.Pending), start);
                break;
            case Change.Requeue requeue:
                var failed = Expect(requeue.Job, JobState.Processing);
                Rule(failed.Attempt == requeue.Attempt, "only the running attempt is put back");
                Stop(failed);
                (failed.State, failed.NotBefore) = (JobState.Pending, requeue.NotBefore);
                failed.Note(JobEventType.Retrying, requeue.At);
                var isFailure = requeue.Failures > failed.Failures;
                (failed.Failures, failed.Retries) = (requeue.Failures, failed.Retries + (isFailure ? 1 : 0));
                Count(isFailure ? "attempts failed or lost, tried again" : "attempts handed back, or stopped by a restart");
                Stand(failed, requeue.At);
                break;
            case Change.Adopt adopt:
                Adopt(adopt);
                break;
            case Change.End end:
                End(end, left);
                break;
            default:
                FollowSteering(change);
                break;
        }
    }

    void Accept(Change.Accept accept, List<Life> left)
    {
        var job = accept.Job;
        var life = new Life(job) { State = JobState.Pending };
        Rule(job.Sequence > _lastSequence, "sequences go up");
        _lastSequence = job.Sequence;
        Rule(!_adopted.ContainsKey(job.User), "a visitor who has signed in takes no new job", $"{job.User}");
        Rule(_byId.TryAdd(job.Id, life), "an id is one job's");
        Rule(accept.Key is null || _keys.Add(accept.Key), "a key makes one job", $"{accept.Key}");
        _lives.Add(job.Sequence, life);
        OpenOf(job.User).Add(life);
        Accepted++;
        Interlocked.Increment(ref _unfinished);
        life.Note(job.IsHeld ? JobEventType.Held : JobEventType.Queued, job.AcceptedAt);
        Count($"accepted: {job.Kind}");
        if (job.IsHeld)
        {
            Count("accepted and held");
            return;
        }

        var replaced = left.Find(gone => gone.User == job.User && gone.Kind == job.Kind);
        if (replaced is not null)
            Count("waiting jobs replaced");
        Enter(life, job.LineKey, job.HeadStart, job.AcceptedAt, accept.Reason, left);
        KeepsTheLimit(life, replaced);
    }

    void End(Change.End end, List<Life> left)
    {
        var life = Expect(end.Job, end.Attempt is null ? JobState.Pending : JobState.Processing);
        Rule(end.Attempt is null || end.Attempt == life.Attempt, "only the running attempt ends a job");
        Rule(end.To != JobState.Completed || end.Attempt is not null, "what is completed has run");
        if (life.State == JobState.Processing)
            Stop(life);
        else
            Leave(life);
        if (end.To == JobState.Cancelled)
            Count(end.Attempt is not null ? "running jobs cancelled" : "waiting jobs cancelled or replaced");
        if (end.Attempt is null && !life.IsHeld)
            left.Add(life);
        (life.State, life.IsHeld) = (end.To, false);
        OpenOf(life.User).Remove(life);
        Interlocked.Decrement(ref _unfinished);
        Count(end.IsSetAside ? $"ended: {end.To}, set aside" : $"ended: {end.To}");
        life.Note(
            end.To switch
            {
                JobState.Completed => JobEventType.Completed,
                JobState.Failed => JobEventType.Failed,
                _ => JobEventType.Cancelled,
            },
            end.At);
    }

    Life Expect(JobSequence sequence, JobState state)
    {
        var life = _lives[sequence];
        Rule(life.State == state, $"what happens to a {state} job happens to no other", $"{sequence} is {life.State}");
        return life;
    }

    HashSet<Life> OpenOf(UserId user)
    {
        if (!_open.TryGetValue(user, out var open))
            _open.Add(user, open = []);
        return open;
    }
}
