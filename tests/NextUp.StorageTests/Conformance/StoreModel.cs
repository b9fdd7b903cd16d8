using System.Collections.Immutable;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.StorageTests.Conformance;

/// <summary>
/// What a store should hold, in the plainest way: immutable collections, and each write applied to a copy that is kept
/// where everything fits.
/// </summary>
public sealed partial record StoreModel
{
    public static readonly StoreModel Empty = new();

    public ImmutableSortedDictionary<long, JobRecord> Jobs { get; init; } =
        ImmutableSortedDictionary<long, JobRecord>.Empty;

    public ImmutableDictionary<UserId, long> LastEvents { get; init; } = ImmutableDictionary<UserId, long>.Empty;

    public ImmutableList<JobEvent> Events { get; init; } = [];

    /// <summary>When jobs were completed, deleted ones included.</summary>
    public ImmutableList<DateTimeOffset> Completions { get; init; } = [];

    public ImmutableDictionary<(UserId User, string Key), JobId> Keys { get; init; } =
        ImmutableDictionary<(UserId, string), JobId>.Empty;

    public ImmutableDictionary<(long Job, FileRole Role), StagedFile> Files { get; init; } =
        ImmutableDictionary<(long, FileRole), StagedFile>.Empty;

    public ImmutableDictionary<long, ImmutableList<LogLine>> Logs { get; init; } =
        ImmutableDictionary<long, ImmutableList<LogLine>>.Empty;

    public ImmutableDictionary<(long Job, string Name), byte[]> Checkpoints { get; init; } =
        ImmutableDictionary<(long, string), byte[]>.Empty;

    public ImmutableDictionary<PauseTarget, Pause> Pauses { get; init; } = ImmutableDictionary<PauseTarget, Pause>.Empty;

    public Capacity? Capacity { get; init; }

    public long LastSequence { get; init; }

    public long Epoch { get; init; }

    public long Ordinal { get; init; }

    /// <summary>The model after the write; null where it does not fit.</summary>
    public StoreModel? After(StoreWrite write)
    {
        if (write.Stamp is { } stamp && (stamp.Epoch != Epoch || stamp.Ordinal != Ordinal + 1))
            return null;

        var next = write.Stamp is { } used ? this with { Ordinal = used.Ordinal } : this;
        foreach (var change in write.Changes)
        {
            if (next.After(change) is not { } after)
                return null;
            next = after;
        }

        return next;
    }

    public StoreCounts Counts(DateTimeOffset now) => new(
        Jobs.Values.Count(job => job is { State: JobState.Pending, IsHeld: false }),
        Jobs.Values.Count(job => job.IsHeld),
        Of(JobState.Processing), Of(JobState.Completed), Of(JobState.Failed), Of(JobState.Cancelled),
        Completions.Count(at => Minute(at) > Minute(now) - 60));

    static DateTimeOffset At(LineKey key) => DateTimeOffset.UnixEpoch.AddTicks(key.At * 10);

    static long Minute(DateTimeOffset at) => at.ToUnixTimeSeconds() / 60;

    long Of(JobState state) => Jobs.Values.Count(job => job.State == state);

    StoreModel? After(Change change) => change switch
    {
        Change.Accept accept => Accept(accept),
        Change.Join join => Find(join.Job) is { State: JobState.Pending, IsHeld: true } job
            && IsFree(job.User, job.Kind, join.Place)
            ? Put(job with
            {
                IsHeld = false, LineKey = join.LineKey, Place = join.Place, HeadStart = join.HeadStart,
                NotBefore = join.NotBefore,
            }).Tell(job, join.At, JobEventType.Queued, job.Attempt, join.Reason)
            : null,
        Change.Start start => Find(start.Job) is { State: JobState.Pending, IsHeld: false } job
            ? Put(job with
            {
                State = JobState.Processing, Attempt = job.Attempt + 1, StartedAt = start.At, Deadline = start.Deadline,
                NotBefore = null,
            }).Tell(job, start.At, JobEventType.Started, job.Attempt + 1, null)
            : null,
        Change.End end => End(end),
        Change.Requeue requeue => Running(requeue.Job, requeue.Attempt) is { } job
            ? Put(job with
            {
                State = JobState.Pending, StartedAt = null, Deadline = null, NotBefore = requeue.NotBefore,
                Error = requeue.Error, Failures = requeue.Failures, Crashes = requeue.Crashes ?? job.Crashes,
                FirstStartedAt = job.FirstStartedAt ?? job.StartedAt,
            }).Tell(job, requeue.At, JobEventType.Retrying, job.Attempt, requeue.Error)
            : null,
        Change.Report report => Running(report.Job, report.Attempt) is { } job
            ? Put(job with { Progress = report.Progress }) with { Logs = Logs.SetItem(report.Job.Value, Lines(report)) }
            : null,
        Change.Checkpoint saved => Running(saved.Job, saved.Attempt) is not null
            ? this with { Checkpoints = Checkpoints.SetItem((saved.Job.Value, saved.Name), saved.Content.ToArray()) }
            : null,
        Change.Adopt adopt => Adopt(adopt),
        Change.SetPause set => this with { Pauses = Pauses.SetItem(set.Pause.Target, set.Pause) },
        Change.EndPause ended => this with { Pauses = Pauses.Remove(ended.Target) },
        Change.SetCapacity set => this with { Capacity = set.Slots is { } slots ? new(slots, set.By, set.At) : null },
        Change.Delete delete => Find(delete.Job) is { SetAsideAt: null } job && job.State.IsFinished() ? Without(job) : null,
        Change.DropFiles drop => Find(drop.Job) is { } job && job.State.IsFinished()
            ? this with { Files = Files.RemoveRange(Files.Keys.Where(file => file.Job == drop.Job.Value)) } : null,
        Change.Reopen reopen => Find(reopen.Job) is { State: JobState.Failed or JobState.Cancelled } job
            && (reopen.IsHeld || IsFree(job.User, job.Kind, reopen.Place))
            ? Put(job with
            {
                State = JobState.Pending, IsHeld = reopen.IsHeld, Place = reopen.Place, LineKey = reopen.LineKey,
                HeadStart = reopen.HeadStart, StartedAt = null, FirstStartedAt = null, EndedAt = null, SetAsideAt = null,
                Error = null, Failures = 0, Crashes = 0, Progress = JobProgress.None,
            }).Tell(job, reopen.At, JobEventType.Requeued, job.Attempt, reopen.Reason)
            : null,
        Change.SetAside aside => Find(aside.Job) is { State: JobState.Failed or JobState.Cancelled } job
            && job.SetAsideAt is null != aside.At is null
            ? Put(job with { SetAsideAt = aside.At })
            : null,
        _ => throw new ArgumentException($"{change}"),
    };

    StoreModel? Accept(Change.Accept accept)
    {
        var job = accept.Job;
        if (AdoptedBy.ContainsKey(job.User) || job.Sequence.Value <= LastSequence || Jobs.Values.Any(other => other.Id == job.Id)
            || !IsFree(job.User, job.Kind, job.Place)
            || (accept.Key is { } given && Keys.ContainsKey((job.User, given))))
        {
            return null;
        }

        var next = Put(job).With(job.Sequence, accept.Files) with { LastSequence = job.Sequence.Value };
        if (accept.Key is { } key)
            next = next with { Keys = next.Keys.Add((job.User, key), job.Id) };
        return next.Tell(job, job.AcceptedAt, job.IsHeld ? JobEventType.Held : JobEventType.Queued, job.Attempt, accept.Reason);
    }

    StoreModel? End(Change.End end)
    {
        var job = end.Attempt is { } attempt ? Running(end.Job, attempt)
            : Find(end.Job) is { State: JobState.Pending } pending && pending.IsHeld == end.IsHeld ? pending : null;
        if (job is null || end.Files.Any(file => Files.ContainsKey((end.Job.Value, file.Role))))
            return null;

        var ended = job with
        {
            State = end.To, IsHeld = false, Place = null, EndedAt = end.At, Deadline = null, NotBefore = null,
            Origin = null, Error = end.Error, Summary = end.Summary, Crashes = end.Crashes ?? job.Crashes,
            SetAsideAt = end.IsSetAside ? end.At : null,
        };
        var kept = Checkpoints.RemoveRange(Checkpoints.Keys.Where(key => key.Job == end.Job.Value));
        var type = end.To switch
        {
            JobState.Completed => JobEventType.Completed,
            JobState.Failed => JobEventType.Failed,
            _ => JobEventType.Cancelled,
        };
        var completions = end.To == JobState.Completed ? Completions.Add(end.At) : Completions;
        return (Put(ended).Inherit(job).With(end.Job, end.Files) with { Checkpoints = kept, Completions = completions })
            .Tell(job, end.At, type, job.Attempt, end.Error);
    }

    StoreModel Without(JobRecord job) => this with
    {
        Jobs = Jobs.Remove(job.Sequence.Value),
        Events = Events.RemoveAll(told => told.Job == job.Id),
        Keys = Keys.RemoveRange(Keys.Where(key => key.Value == job.Id).Select(key => key.Key)),
        Files = Files.RemoveRange(Files.Keys.Where(key => key.Job == job.Sequence.Value)),
        Logs = Logs.Remove(job.Sequence.Value),
    };

    StoreModel Put(JobRecord job) => this with { Jobs = Jobs.SetItem(job.Sequence.Value, job) };

    StoreModel With(JobSequence job, IReadOnlyList<StagedFile> files) =>
        this with { Files = Files.AddRange(files.Select(file => KeyValuePair.Create((job.Value, file.Role), file))) };

    StoreModel Tell(JobRecord job, DateTimeOffset at, JobEventType type, int attempt, string? reason)
    {
        var number = LastEvents.GetValueOrDefault(job.User) + 1;
        return this with
        {
            LastEvents = LastEvents.SetItem(job.User, number),
            Events = Events.Add(new JobEvent(job.User, number, at, type, job.Id, attempt, reason)),
        };
    }

    ImmutableList<LogLine> Lines(Change.Report report)
    {
        var lines = Logs.GetValueOrDefault(report.Job.Value, []);
        foreach (var line in report.Lines)
            lines = lines.Add(new LogLine(lines.Count + 1, report.At, line));
        return lines;
    }

    JobRecord? Find(JobSequence job) => Jobs.GetValueOrDefault(job.Value);

    JobRecord? Running(JobSequence job, int attempt) =>
        Find(job) is { State: JobState.Processing } found && found.Attempt == attempt ? found : null;

    bool IsFree(UserId user, JobKind kind, int? place) => place is null || !Jobs.Values.Any(
        job => job.User == user && job.Kind == kind && job.Place == place && !job.State.IsFinished());
}
