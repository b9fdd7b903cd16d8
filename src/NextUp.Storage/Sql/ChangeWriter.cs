using NextUp.Actors.Jobs;
using NextUp.Actors.Notices;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Storage.Sql.Statistics;

namespace NextUp.Storage.Sql;

/// <summary>
/// Applies changes inside the running transaction. Each method answers null, or why the change does not fit. Rows of
/// unfinished jobs are kept in memory between their changes, so that a change is one statement; the statement repeats
/// what it expects, and memory is changed only after it has succeeded.
/// </summary>
sealed partial class ChangeWriter(
    SqlConnection connection, UserLedger users, IRecentJobs recentJobs, Tally tally, StatisticsJournal statistics)
{
    /// <summary>Rows kept in memory, twice: about 30 MB when full.</summary>
    const int RowsHalfMax = 16_384;

    static readonly CommitAnswer NothingStarted = new CommitAnswer.Committed([]);

    readonly RecentCache<long, JobRow> rows = new(RowsHalfMax);
    readonly Dictionary<JobKind, long> kinds = [];
    readonly NoticeWriter notices = new(connection, users);
    List<JobRecord>? started;

    /// <summary>True once the present write has changed the database, so that refusing it means rolling back.</summary>
    public bool HasTouched { get; private set; }

    /// <summary>The events of the transaction, where someone listens; else null.</summary>
    public List<JobEvent>? Events { get; set; }

    /// <summary>Names of large files that the transaction's deletions leave without a row.</summary>
    public List<string> Released { get; } = [];

    /// <summary>Subscriptions with something new to deliver.</summary>
    public List<SubscriptionId> Noticed => notices.Noticed;

    /// <summary>The answer to the present write, all of whose changes were applied.</summary>
    public CommitAnswer Answer => started is null ? NothingStarted : new CommitAnswer.Committed(started);

    /// <summary>A transaction begins.</summary>
    public void Begin()
    {
        Released.Clear();
        notices.Begin();
    }

    public void BeginWrite()
    {
        HasTouched = false;
        started = null;
    }

    public string? Apply(Change change) => change switch
    {
        Change.Accept accept => Accept(accept),
        Change.Join join => Join(join),
        Change.Start start => Start(start),
        Change.End end => End(end),
        Change.Requeue requeue => Requeue(requeue),
        Change.Report report => Report(report),
        Change.Checkpoint checkpoint => Checkpoint(checkpoint),
        Change.Adopt adopt => Adopt(adopt),
        Change.AddKey add => AddKey(add.Key),
        Change.RevokeKey revoke => RevokeKey(revoke),
        Change.SignOut end => SignOut(end),
        Change.TouchKey touch => TouchKey(touch),
        Change.BeginAudit begin => BeginAudit(begin.Entry),
        Change.EndAudit end => EndAudit(end),
        Change.Delete delete => Delete(delete),
        Change.Learn learn => Learn(learn),
        Change.Notify notify => Notify(notify),
        Change.Reopen reopen => Reopen(reopen),
        Change.SetAside aside => SetAside(aside),
        Change.DropFiles drop => DropFiles(drop),
        _ => ApplySteering(change),
    };

    string? ApplySteering(Change change) => change switch
    {
        Change.SetPause pause => SetPause(pause),
        Change.EndPause pause => EndPause(pause),
        Change.SetCapacity capacity => SetCapacity(capacity),
        _ => throw new ArgumentException($"The store does not know the change {change.GetType().Name}."),
    };

    /// <summary>After a rollback memory may be ahead of the database.</summary>
    /// <param name="events">Events that stand, from the start of the transaction.</param>
    /// <param name="released">Released files that stand.</param>
    public void Forget(int events, int released)
    {
        rows.Clear();
        users.Clear();
        kinds.Clear();
        notices.Forget();
        Events?.RemoveRange(events, Events.Count - events);
        Released.RemoveRange(released, Released.Count - released);
    }

    string? Accept(Change.Accept accept)
    {
        var job = accept.Job with
        {
            AcceptedAt = Stored(accept.Job.AcceptedAt),
            NotBefore = Stored(accept.Job.NotBefore),
        };
        if (job.State != JobState.Pending)
            return $"Job {job.Id} is to be accepted as {job.State}; it must be pending.";

        var user = users.Enter(job.User);
        if (job.Sequence.Value <= user.LastSequence)
            return $"Sequence {job.Sequence} is not above {user.LastSequence}, the user's newest job.";
        if (user.AdoptedBy is not null)
            return "The visitor has signed in: its jobs are an account's, and it takes no new one.";

        var type = job.IsHeld ? JobEventType.Held : JobEventType.Queued;
        var born = user.LastEvent + 1;
        var row = new JobRow
        {
            Record = job,
            Born = born,
            LaneBorn = user.Open.Count > 0 ? user.Open[0] : born,
            SubmissionKey = accept.Key,
            LogLines = 0,
            HasCheckpoints = false,
            Events = EventTrail.Append([], new(born, LineKey.Microseconds(job.AcceptedAt), type, job.Attempt, accept.Reason)),
        };
        Insert(row, user.Key, KindKey(job.Kind));
        HasTouched = true;
        if (accept.Key is not null)
        {
            insertSubmission.With(user.Key).With(accept.Key).With(job.Sequence.Value)
                .Touching(Touched.Job(job.Sequence.Value)).Later();
        }

        Insert(job.Sequence, accept.Files);

        recentJobs.Add(user.Key, new UserJob(born, job.Sequence.Value));
        rows.Keep(job.Sequence.Value, row);
        user.LastEvent = born;
        user.LastSequence = job.Sequence.Value;
        user.Open.Add(born);
        tally.State.Count(job, 1);
        tally.State.LastSequence = Math.Max(tally.State.LastSequence, job.Sequence.Value);
        var accepted = new JobEvent(job.User, born, job.AcceptedAt, type, job.Id, job.Attempt, accept.Reason);
        Events?.Add(accepted);
        notices.Record(user.Key, job, accepted);
        CountAccepted(user.Key, job, accepted);
        return null;
    }

    string? Join(Change.Join join)
    {
        if (Find(join.Job) is not { } row)
            return Missing(join.Job);
        if (row.Record is not { State: JobState.Pending, IsHeld: true })
            return Unexpected(row, "pending and held");

        var next = row.Record with
        {
            IsHeld = false,
            LineKey = join.LineKey,
            Place = join.Place,
            HeadStart = join.HeadStart,
            NotBefore = Stored(join.NotBefore),
        };
        var told = Tell(row, join.At, JobEventType.Queued, next.Attempt, join.Reason);
        updateJoin.With(join.LineKey.At).With(join.Place).With(LineKey.Microseconds(join.HeadStart))
            .With(join.NotBefore).With(told.Events).With(join.Job.Value);
        // One that is held in a place frees that, too; what touches three things comes after all before it.
        if (row.Record.Place is null)
            updateJoin.Touching(Touched.Job(join.Job.Value), PlaceOf(told.User, next));
        if (!updateJoin.OneLater())
            return Stale(row);

        Take(row, next, told);
        return null;
    }

    string? Start(Change.Start start)
    {
        if (Find(start.Job) is not { } row)
            return Missing(start.Job);
        if (row.Record is not { State: JobState.Pending, IsHeld: false })
            return Unexpected(row, "pending and not held");

        var next = row.Record with
        {
            State = JobState.Processing,
            Attempt = row.Record.Attempt + 1,
            StartedAt = Stored(start.At),
            Deadline = Stored(start.Deadline),
            NotBefore = null,
            Lease = start.Lease,
        };
        var told = Tell(row, start.At, JobEventType.Started, next.Attempt, null);
        updateStart.With(next.Attempt).With(start.At).With(start.Deadline).With(told.Events)
            .With(start.Job.Value).With(row.Record.Attempt);
        if (!updateStart.Touching(Touched.Job(start.Job.Value)).OneLater())
            return Stale(row);

        if (start.Lease != row.Record.Lease)
            StoreLease(start);
        Take(row, next, told);
        (started ??= []).Add(next);
        return null;
    }

    string? End(Change.End end)
    {
        if (!end.To.IsFinished())
            return $"A job cannot end as {end.To}.";
        if (Find(end.Job) is not { } row)
            return Missing(end.Job);
        if (end.Attempt is { } attempt ? !IsRunning(row, attempt)
            : row.Record.State != JobState.Pending || row.Record.IsHeld != end.IsHeld)
        {
            var expected = end.Attempt is not null ? $"processing in attempt {end.Attempt}" : end.IsHeld ? "held" : "pending";
            return Unexpected(row, expected);
        }

        var next = row.Record with
        {
            State = end.To,
            IsHeld = false,
            Place = null,
            EndedAt = Stored(end.At),
            Deadline = null,
            NotBefore = null,
            Origin = null,
            Error = end.Error,
            Summary = end.Summary,
            Crashes = end.Crashes ?? row.Record.Crashes,
            SetAsideAt = end.IsSetAside ? Stored(end.At) : null,
        };
        var type = end.To switch
        {
            JobState.Completed => JobEventType.Completed,
            JobState.Failed => JobEventType.Failed,
            _ => JobEventType.Cancelled,
        };
        var told = Tell(row, end.At, type, next.Attempt, end.Error);
        updateEnd.With((long)end.To).With(end.At).With(end.Error).With(end.Summary).With(told.Events)
            .With(end.Job.Value).With((long)row.Record.State).With(row.Record.Attempt);
        if (!updateEnd.Touching(Touched.Job(end.Job.Value), PlaceOf(told.User, row.Record)).OneLater())
            return Stale(row);

        if (end.IsSetAside || end.Crashes is not null)
            StoreEvidence(next);
        var user = users.Enter(row.Record.User);
        var freed = row.Record.Place;
        Take(row, next, told);
        if (user.HasSurplus && freed < Change.Seat.SurplusFrom)
            Inherit(user, next.Kind, freed.Value);
        Insert(end.Job, end.Files);
        if (row.HasCheckpoints)
            deleteCheckpoints.With(end.Job.Value).Touching(Touched.Job(end.Job.Value)).Later();
        var open = user.Open.BinarySearch(row.Born);
        if (open >= 0)
            user.Open.RemoveAt(open);
        rows.Forget(end.Job.Value);
        if (end.To == JobState.Completed)
            tally.Complete(end.At);
        return null;
    }

    string? Requeue(Change.Requeue requeue)
    {
        if (Find(requeue.Job) is not { } row)
            return Missing(requeue.Job);
        if (!IsRunning(row, requeue.Attempt))
            return Unexpected(row, $"processing in attempt {requeue.Attempt}");

        var next = row.Record with
        {
            State = JobState.Pending,
            StartedAt = null,
            Deadline = null,
            NotBefore = Stored(requeue.NotBefore),
            Error = requeue.Error,
            Failures = requeue.Failures,
            Crashes = requeue.Crashes ?? row.Record.Crashes,
            FirstStartedAt = row.Record.FirstStartedAt ?? row.Record.StartedAt,
        };
        var told = Tell(row, requeue.At, JobEventType.Retrying, next.Attempt, requeue.Error);
        updateRequeue.With(requeue.NotBefore).With(requeue.Error).With(requeue.Failures).With(next.Crashes)
            .With(told.Events).With(requeue.Job.Value).With(requeue.Attempt);
        if (!updateRequeue.Touching(Touched.Job(requeue.Job.Value)).OneLater())
            return Stale(row);

        Take(row, next, told);
        return null;
    }

    string? Report(Change.Report report)
    {
        if (Find(report.Job) is not { } row)
            return Missing(report.Job);
        if (!IsRunning(row, report.Attempt))
            return Unexpected(row, $"processing in attempt {report.Attempt}");

        var progress = report.Progress;
        updateReport.With((long)progress.Done).With((long?)progress.Total).With((long)progress.Failed)
            .With((long)progress.Percent).With(progress.Step).With(row.LogLines + report.Lines.Count)
            .With(report.Job.Value).With(report.Attempt);
        var job = Touched.Job(report.Job.Value);
        if (!updateReport.Touching(job).OneLater())
            return Stale(row);

        HasTouched = true;
        row.Record = row.Record with { Progress = progress };
        foreach (var line in report.Lines)
        {
            insertLogLine.With(report.Job.Value).With(++row.LogLines).With(report.At).With(line).Touching(job).Later();
        }

        Events?.Add(new JobEvent(
            row.Record.User, 0, report.At, JobEventType.Progressed, row.Record.Id, report.Attempt, null));
        return null;
    }

    string? Checkpoint(Change.Checkpoint checkpoint)
    {
        if (Find(checkpoint.Job) is not { } row)
            return Missing(checkpoint.Job);
        if (!IsRunning(row, checkpoint.Attempt))
            return Unexpected(row, $"processing in attempt {checkpoint.Attempt}");

        if (!row.HasCheckpoints)
            markCheckpoints.With(checkpoint.Job.Value).Touching(Touched.Job(checkpoint.Job.Value)).Later();
        HasTouched = true;
        row.HasCheckpoints = true;
        saveCheckpoint.With(checkpoint.Job.Value).With(checkpoint.Name).With(checkpoint.Content.Span)
            .Touching(Touched.Job(checkpoint.Job.Value)).Later();
        return null;
    }

    string? Delete(Change.Delete delete)
    {
        if (Find(delete.Job) is not { } row)
            return Missing(delete.Job);
        if (!row.Record.State.IsFinished())
            return Unexpected(row, "finished");
        if (row.Record.SetAsideAt is not null)
            return $"Job {row.Record.Id} is set aside and is kept until it is requeued or its mark is discarded.";

        var user = users.Enter(row.Record.User);
        users.RaiseFloor(user, EventTrail.LastNumber(row.Events));
        HasTouched = true;
        RemoveFiles(delete.Job);
        if (row.LogLines > 0)
            deleteLog.With(delete.Job.Value).Later();
        if (row.SubmissionKey is { } key)
            deleteSubmission.With(user.Key).With(key).Later();
        notices.Drop(user.Key, delete.Job);
        users.ForgetReopened(user, delete.Job.Value);
        recentJobs.Drop(user.Key, row.Born);
        deleteJob.With(delete.Job.Value).Later();
        rows.Forget(delete.Job.Value);
        tally.State.Count(row.Record, -1);
        return null;
    }

    string? Notify(Change.Notify notify)
    {
        if (notices.Apply(notify.What) is { } reason)
            return reason;

        HasTouched = true;
        return null;
    }
}
