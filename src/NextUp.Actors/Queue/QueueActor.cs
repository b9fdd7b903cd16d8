using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Actors.Workers;

namespace NextUp.Actors.Queue;

/// <summary>
/// The shell around <see cref="WaitingRoom"/>, <see cref="Slots"/> and <see cref="Estimate"/>.
///
/// Every change of the line comes through <see cref="ChangeAsync"/>: the line and the slots are changed in memory in one
/// turn, what may start now is picked, and all of it is one write to the store. Turns do not wait for commits: while one is
/// on its way to the disk the next changes are decided on top of it, which is what lets commits be shared. That is safe
/// because each write carries a stamp (epoch, ordinal): if one fails, the store refuses all that were decided after it.
/// The actor then forgets itself, and its successor claims a new epoch and reads what is true.
///
/// If we die after a commit and before the job's actor is told to start, the successor finds the job processing and asks
/// its actor to recover it, which counts as a lost attempt.
/// </summary>
public sealed partial class QueueActor(
    IJobStore store, IActorDirectory actors, IActorContext context, KindPolicies kinds, QueueSettings settings)
    : IQueueActor
{
    /// <summary>How many users with a stranded held job are looked for at a time after a restart.</summary>
    const int PromoteBatch = 256;

    static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(5);
    static readonly TimeSpan WatchMax = TimeSpan.FromDays(1);

    readonly WaitingRoom _waiting = new(kind => kinds.Of(kind).Windows);
    readonly Slots _slots = new(settings.Slots, kind => kinds.Of(kind).Slots, kind => kinds.Of(kind).WorkedBy);
    readonly Dictionary<JobSequence, Running> _running = [];
    QueueSettings _settings = settings;
    long _epoch;
    long _ordinal;
    long _sequence;
    long _lastMicroseconds;

    /// <param name="Attempt">0 until the start is stored; nobody can end an attempt before that.</param>
    /// <param name="IsRecovered">Whether an earlier queue started it.</param>
    /// <param name="Ask">The worker's ask it starts for, until that is stored.</param>
    readonly record struct Running(
        JobKind Kind, SizeClass Size, DateTimeOffset StartedAt, int Attempt, bool IsRecovered = false, bool IsElsewhere = false,
        LeaseAsk? Ask = null);

    /// <summary>Claims the queue and reads the line from the store; called by the host before the first call.</summary>
    public async ValueTask ActivateAsync()
    {
        var claim = await store.ClaimQueueAsync();
        (_epoch, _sequence, _lastMicroseconds) = (claim.Epoch, claim.LastSequence.Value, claim.LastLineAt);
        await RestoreAsync(claim.Steering);
        _since = context.Clock.GetUtcNow();

        foreach (var learned in claim.Learned)
            _estimate.Restore(learned);

        List<JobId> recover = [];
        var now = context.Clock.GetUtcNow();
        foreach (var row in store.ReadQueue())
        {
            if (row.State == JobState.Processing)
            {
                TakeSlot(row.Kind, row.IsElsewhere);
                var since = row.StartedAt ?? context.Clock.GetUtcNow();
                _running.Add(
                    row.LineKey.Sequence, new(row.Kind, row.LineKey.Size, since, row.Attempt, IsRecovered: true, row.IsElsewhere));
                recover.Add(row.Id);
            }
            else
            {
                _waiting.Restore(row.Kind, row.LineKey, EntryOf(row), row.NotBefore, now);
            }
        }

        foreach (var job in recover)
            context.Tell(() => actors.Job(job).RecoverAsync(job));
        context.Tell(PromoteStrandedAsync);
        context.Tell(StartWhatFitsAsync);
    }

    static Entry EntryOf(QueueRow row) => row.Attempt > 0 ? new(EntryCause.Retry)
        : row.NotBefore is not null ? new(EntryCause.Delay)
        : Entry.Of(row.HeadStart);

    public async ValueTask<QueueAnswer> ChangeAsync(QueueChange change)
    {
        if (Misplaced(change) is { } reason)
        {
            // Either the caller's picture is old or ours is: only the store can tell.
            await ReviewAsync();
            await ForgetIfOutOfStepAsync(change);
            return new QueueAnswer.Stale(reason);
        }

        var accepted = change.Accepts.Count == 0 ? [] : new JobRecord[change.Accepts.Count];
        var joined = change.Joins.Count == 0 ? [] : new JobRecord[change.Joins.Count];
        var reopened = change.Reopens.Count == 0 ? [] : new JobRecord[change.Reopens.Count];
        var accepts = WithPlaces(change.Accepts);
        var started = await CommitAsync((changes, now) =>
        {
            foreach (var end in change.Ends)
                changes.Add(End(end, now));
            foreach (var requeue in change.Requeues)
                changes.Add(Requeue(requeue, now));
            for (var i = 0; i < accepted.Length; i++)
                changes.Add(Accept(accepts[i], now, out accepted[i]));
            for (var i = 0; i < joined.Length; i++)
                changes.Add(Join(change.Joins[i], now, out joined[i]));
            for (var i = 0; i < reopened.Length; i++)
                changes.Add(Reopen(change.Reopens[i], now, out reopened[i]));
        });
        foreach (var job in started)
        {
            Show(job, accepted);
            Show(job, reopened);
        }

        return new QueueAnswer.Done(accepted, joined) { Reopened = reopened };
    }

    public ValueTask<IReadOnlyList<QueuePlace?>> PlacesAsync(IReadOnlyList<QueueAsk> asks)
    {
        var now = context.Clock.GetUtcNow();
        _waiting.Look(now);
        var places = new QueuePlace?[asks.Count];
        for (var i = 0; i < places.Length; i++)
            places[i] = PlaceOf(asks[i], now);
        return new(places);
    }

    QueuePlace? PlaceOf(QueueAsk ask, DateTimeOffset now)
    {
        var (kind, key, headStart) = ask;
        var line = _waiting.Line;
        var owner = _waiting.PausedOwnerOf(key);
        if (owner is null && !line.Contains(kind, key))
            return null;
        var wait = WaitOf(kind, owner);
        var start = wait is null ? StartOf(kind, key, now) : null;
        return new(line.CountBefore(kind, key) + 1, start)
        {
            Unknown = start is not null ? null : wait is null ? StartUnknown.Learning : StartUnknown.Paused,
            Wait = wait,
            Overtaken = line.Overtaking(kind, key, key.At + LineKey.Microseconds(headStart)),
        };
    }

    public ValueTask<QueueStatus> StatusAsync() =>
        new(new QueueStatus(_slots.Total, _running.Count, _waiting.Count, _waiting.DelayedCount, IsPaused)
        {
            RunningElsewhere = _slots.TakenElsewhere,
            Pause = PauseOf(new PauseTarget.Everything()),
            Load = _settings.Load,
        });

    /// <summary>An empty write: it is refused, and we forget ourselves, unless we are still the one that the store knows.</summary>
    public async ValueTask ReviewAsync() => await CommitAsync(static (_, _) => { }, isProof: true);

    public async ValueTask ConfigureAsync(QueueSettings settings)
    {
        _settings = settings;
        _slots.Total = SlotsNow;
        _waiting.LookAnew();
        _estimate.ForgetPromises();
        await StartWhatFitsAsync();
    }

    /// <summary>A change that expects a job elsewhere than it is changes nothing: who asks looks again.</summary>
    string? Misplaced(QueueChange change)
    {
        foreach (var end in change.Ends)
        {
            var job = end.Job;
            var isThere = end.Attempt is { } attempt ? IsRunning(job.Sequence, attempt)
                : job.IsHeld || _waiting.Contains(job.Kind, job.LineKey)
                    || (end.IsPassedOver && !_running.ContainsKey(job.Sequence));
            if (!isThere)
                return $"job {job.Id} is not {(end.Attempt is null ? "waiting" : "running")}";
        }

        foreach (var requeue in change.Requeues)
        {
            if (!IsRunning(requeue.Job.Sequence, requeue.Job.Attempt))
                return $"job {requeue.Job.Id} is not running in attempt {requeue.Job.Attempt}";
        }

        return null;
    }

    bool IsRunning(JobSequence job, int attempt) => _running.TryGetValue(job, out var running) && running.Attempt == attempt;

    Change.End End(QueueChange.Ending end, DateTimeOffset now)
    {
        var job = end.Job;
        if (end.Attempt is not null)
        {
            NoteRun(LeaveSlot(job.Sequence), now, isRetried: false);
            _adopted.Remove(job.Sequence);
        }
        else if (!job.IsHeld)
        {
            Invariant.Holds(_waiting.Remove(job.Kind, job.LineKey) || end.IsPassedOver);
            _estimate.Left(job.LineKey);
        }

        return new(job.Sequence, end.Attempt, end.To, now, end.Error, end.Summary, end.Files, job.IsHeld)
        {
            IsSetAside = end.IsSetAside,
            Crashes = end.Crashes,
        };
    }

    Change.Requeue Requeue(QueueChange.Requeueing requeue, DateTimeOffset now)
    {
        var job = requeue.Job;
        var ran = LeaveSlot(job.Sequence);
        if (requeue.Failures > job.Failures)
            NoteRun(ran, now, isRetried: true);
        var due = now + requeue.Delay;
        var user = _adopted.Remove(job.Sequence, out var account) ? account : job.User;
        _waiting.Enter(job.Kind, user, job.LineKey, new(EntryCause.Retry), due, now);
        return new(job.Sequence, job.Attempt, requeue.Failures, now, due, requeue.Error) { Crashes = requeue.Crashes };
    }

    /// <summary>Decides, adds the starts that fit, commits everything as one write, and tells the jobs that start.</summary>
    async ValueTask<IReadOnlyList<JobRecord>> CommitAsync(Action<List<Change>, DateTimeOffset> decide, bool isProof = false)
    {
        CommitAnswer answer;
        try
        {
            List<Change> changes = [];
            var now = LineKey.WholeMicroseconds(context.Clock.GetUtcNow()); // What is answered is what is read back.
            _estimate.Pass(now, _waiting.Line.Count);
            decide(changes, now);
            AddStarts(changes, now);
            PromiseEntered(now);
            KeepLearned(changes, now);
            if (changes.Count == 0 && !isProof)
                return [];
            answer = await store.CommitAsync(new(changes, new(_epoch, ++_ordinal)));
        }
        catch (StoreFailedException)
        {
            Forget();
            throw;
        }
        catch (Exception broken)
        {
            // Half of a decision is in memory. It can come to this where two of these actors lived and callers asked both.
            Forget();
            throw new ActorForgottenException("The queue's picture of the line was wrong.", broken);
        }

        if (answer is not CommitAnswer.Committed committed)
        {
            Forget();
            throw new ActorForgottenException($"The queue's write was refused: {((CommitAnswer.Conflict)answer).Reason}");
        }

        foreach (var job in committed.Started)
        {
            var running = _running[job.Sequence];
            _running[job.Sequence] = running with { Attempt = job.Attempt, Ask = null };
            context.Tell(() => actors.Job(job.Id).StartAsync(job));
            if (running.Ask is { } ask)
                _slots.Offers.Started(ask, job);
        }

        return committed.Started;
    }

    void AddStarts(List<Change> changes, DateTimeOffset now)
    {
        _waiting.Look(now);
        WatchTimes();
        while (!IsPaused && _waiting.Take(_slots) is { } next)
        {
            var ask = _slots.Offers.Take(next.Kind);
            TakeSlot(next.Kind, ask is not null);
            _running.Add(
                next.Key.Sequence, new(next.Kind, next.Key.Size, now, Attempt: 0, IsElsewhere: ask is not null, Ask: ask));
            NoteStart(next.Key, now);
            NoteFurthest(next.Kind, next.Key);
            changes.Add(new Change.Start(
                next.Key.Sequence, now, now + kinds.Of(next.Kind).AttemptDuration, ask?.Lease));
        }
    }

    /// <summary>An accepted job that started in the same commit is answered as what it is now.</summary>
    static void Show(JobRecord started, JobRecord[] accepted)
    {
        for (var i = 0; i < accepted.Length; i++)
        {
            if (accepted[i].Sequence == started.Sequence)
                accepted[i] = started;
        }
    }

    async ValueTask StartWhatFitsAsync() => await CommitAsync(static (_, _) => { });

    /// <summary>
    /// Waits for the next job that comes due and for the next window. One that is added for an earlier time starts a watch
    /// of its own.
    /// </summary>
    void WatchTimes()
    {
        if (_waiting.NextToWatch() is { } next)
            context.Tell(() => LookAtAsync(next));
    }

    async ValueTask LookAtAsync(DateTimeOffset time)
    {
        // Timers count whole milliseconds, may ring a moment early, and take no more than some weeks.
        DateTimeOffset now;
        while ((now = context.Clock.GetUtcNow()) < time)
        {
            var left = TimeSpan.FromMilliseconds(Math.Ceiling((time - now).TotalMilliseconds));
            await Task.Delay(left < WatchMax ? left : WatchMax, context.Clock);
        }

        await StartWhatFitsAsync();
    }

    /// <summary>After a restart, whoever is held although a place is free: nobody else would let them in.</summary>
    async ValueTask PromoteStrandedAsync()
    {
        for (var delay = RetryDelay; ; delay = delay * 2 < RetryDelayMax ? delay * 2 : RetryDelayMax)
        {
            try
            {
                IReadOnlyList<UserId> users;
                do
                {
                    users = await store.UsersToPromoteAsync(PromoteBatch);
                    foreach (var user in users)
                        await actors.User(user).PromoteAsync();
                }
                while (users.Count == PromoteBatch);
                return;
            }
            catch (Exception error) when (error is StoreFailedException or ActorForgottenException)
            {
                await Task.Delay(delay, context.Clock);
            }
        }
    }
}
