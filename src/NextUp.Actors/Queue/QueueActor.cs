using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Actors.Queue;

/// <summary>
/// The shell around <see cref="Line"/>, <see cref="Slots"/> and <see cref="Estimate"/>.
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
public sealed partial class QueueActor(IJobStore store, IActorDirectory actors, IActorContext context, KindPolicies kinds, QueueSettings settings)
    : IQueueActor
{
    /// <summary>How many users with a stranded held job are looked for at a time after a restart.</summary>
    const int PromoteBatch = 256;

    static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(5);

    readonly Line _line = new();
    readonly Slots _slots = new(settings.Slots, kind => kinds.Of(kind).Slots);
    readonly Estimate _estimate = new();
    readonly Dictionary<JobSequence, Running> _running = [];
    readonly DelayLine _delayed = new();
    QueueSettings _settings = settings;
    long _epoch;
    long _ordinal;
    long _sequence;
    long _lastMicroseconds;
    (DateTimeOffset At, (double Mean, double Variance)? Work) _remaining;

    /// <param name="Attempt">0 until the start is stored; nobody can end an attempt before that.</param>
    readonly record struct Running(JobKind Kind, DateTimeOffset StartedAt, int Attempt);

    /// <summary>Claims the queue and reads the line from the store; called by the host before the first call.</summary>
    public async ValueTask ActivateAsync()
    {
        var claim = await store.ClaimQueueAsync();
        (_epoch, _sequence, _lastMicroseconds) = (claim.Epoch, claim.LastSequence.Value, claim.LastLineAt);

        List<JobId> recover = [];
        foreach (var row in store.ReadQueue())
        {
            if (row.State == JobState.Processing)
            {
                _slots.Take(row.Kind);
                _running.Add(row.LineKey.Sequence, new(row.Kind, row.StartedAt ?? context.Clock.GetUtcNow(), row.Attempt));
                recover.Add(row.Id);
            }
            else if (row.NotBefore is { } due && due > context.Clock.GetUtcNow())
            {
                _delayed.Add(row.Kind, row.LineKey, due);
            }
            else
            {
                _line.Insert(row.Kind, row.LineKey);
            }
        }

        foreach (var job in recover)
            context.Tell(() => actors.Job(job).RecoverAsync(job));
        context.Tell(PromoteStrandedAsync);
        context.Tell(StartWhatFitsAsync);
        WatchDelayed();
    }

    public async ValueTask<QueueAnswer> ChangeAsync(QueueChange change)
    {
        if (Misplaced(change) is { } reason)
        {
            // Either the caller's picture is old or ours is: only the store can tell.
            await ReviewAsync();
            return new QueueAnswer.Stale(reason);
        }

        var accepted = change.Accepts.Count == 0 ? [] : new JobRecord[change.Accepts.Count];
        var joined = change.Joins.Count == 0 ? [] : new JobRecord[change.Joins.Count];
        var started = await CommitAsync((changes, now) =>
        {
            foreach (var end in change.Ends)
                changes.Add(End(end, now));
            foreach (var requeue in change.Requeues)
                changes.Add(Requeue(requeue, now));
            for (var i = 0; i < accepted.Length; i++)
                changes.Add(Accept(change.Accepts[i], now, out accepted[i]));
            for (var i = 0; i < joined.Length; i++)
                changes.Add(Join(change.Joins[i], now, out joined[i]));
        });
        foreach (var job in started)
            Show(job, accepted);
        return new QueueAnswer.Done(accepted, joined);
    }

    public ValueTask<IReadOnlyList<QueuePlace?>> PlacesAsync(IReadOnlyList<QueueAsk> asks)
    {
        var remaining = RemainingWork();
        var places = new QueuePlace?[asks.Count];
        for (var i = 0; i < places.Length; i++)
        {
            var (kind, key) = asks[i];
            if (!_line.Contains(kind, key))
                continue;
            var start = remaining is { } work && !_settings.Paused
                ? _estimate.StartOf(work, _line.KindsBefore(key), _slots.Total) : null;
            places[i] = new(_line.CountBefore(key) + 1, start);
        }

        return new(places);
    }

    public ValueTask<QueueStatus> StatusAsync() =>
        new(new QueueStatus(_slots.Total, _slots.Taken, _line.Count, _delayed.Count, _settings.Paused));

    /// <summary>An empty write: it is refused, and we forget ourselves, unless we are still the one that the store knows.</summary>
    public async ValueTask ReviewAsync() => await CommitAsync(static (_, _) => { }, isProof: true);

    public async ValueTask ConfigureAsync(QueueSettings settings)
    {
        _settings = settings;
        _slots.Total = settings.Slots;
        await StartWhatFitsAsync();
    }

    /// <summary>A change that expects a job elsewhere than it is changes nothing: who asks looks again.</summary>
    string? Misplaced(QueueChange change)
    {
        foreach (var end in change.Ends)
        {
            var job = end.Job;
            var isThere = end.Attempt is { } attempt ? IsRunning(job.Sequence, attempt)
                : job.IsHeld || _line.Contains(job.Kind, job.LineKey) || _delayed.Contains(job.LineKey);
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
            var ran = LeaveSlot(job.Sequence);
            if (end.To == JobState.Completed)
                _estimate.Learn(job.Kind, now - ran.StartedAt);
        }
        else if (!job.IsHeld && !_delayed.Remove(job.LineKey))
        {
            Invariant.Holds(_line.Remove(job.Kind, job.LineKey));
        }

        return new(job.Sequence, end.Attempt, end.To, now, end.Error, end.Summary, end.Files, job.IsHeld);
    }

    Change.Requeue Requeue(QueueChange.Requeueing requeue, DateTimeOffset now)
    {
        var job = requeue.Job;
        LeaveSlot(job.Sequence);
        var due = now + requeue.Delay;
        if (due > now)
        {
            _delayed.Add(job.Kind, job.LineKey, due);
            WatchDelayed();
        }
        else
        {
            _line.Insert(job.Kind, job.LineKey);
        }

        return new(job.Sequence, job.Attempt, requeue.Failures, now, due, requeue.Error);
    }

    Change.Accept Accept(QueueChange.Accepting accepting, DateTimeOffset now, out JobRecord job)
    {
        var sequence = new JobSequence(++_sequence);
        var key = accepting.Takes is { } taken ? new LineKey(taken.At, sequence) : new LineKey(Arrival(now), sequence);
        job = accepting.Draft with { Sequence = sequence, LineKey = key, AcceptedAt = now };
        if (!job.IsHeld)
            _line.Insert(job.Kind, key);
        return new(job, accepting.Key, accepting.Files);
    }

    Change.Join Join(QueueChange.Joining joining, DateTimeOffset now, out JobRecord job)
    {
        var key = new LineKey(Arrival(now), joining.Job.Sequence);
        job = joining.Job with { IsHeld = false, Place = joining.Place, LineKey = key };
        if (job.NotBefore is { } due && due > now)
        {
            // It left the line for its lane while a retry's delay ran, and the rest of that still counts.
            _delayed.Add(job.Kind, key, due);
            WatchDelayed();
        }
        else
        {
            _line.Insert(job.Kind, key);
        }

        return new(job.Sequence, now, key, joining.Place);
    }

    /// <summary>Arrival times never go back, whatever the machine's clock does: who comes later stands later.</summary>
    long Arrival(DateTimeOffset now) => _lastMicroseconds = Math.Max(_lastMicroseconds + 1, LineKey.Microseconds(now));

    Running LeaveSlot(JobSequence job)
    {
        Invariant.Holds(_running.Remove(job, out var ran));
        _slots.Release(ran.Kind);
        return ran;
    }

    /// <summary>Decides, adds the starts that fit, commits everything as one write, and tells the jobs that start.</summary>
    async ValueTask<IReadOnlyList<JobRecord>> CommitAsync(Action<List<Change>, DateTimeOffset> decide, bool isProof = false)
    {
        CommitAnswer answer;
        try
        {
            List<Change> changes = [];
            var now = context.Clock.GetUtcNow();
            decide(changes, now);
            AddStarts(changes, now);
            if (changes.Count == 0 && !isProof)
                return [];
            answer = await store.CommitAsync(new(changes, new(_epoch, ++_ordinal)));
        }
        catch (StoreFailedException)
        {
            context.Forget();
            throw;
        }
        catch (Exception broken)
        {
            // Half of a decision is in memory. It can come to this where two of these actors lived and callers asked both.
            context.Forget();
            throw new ActorForgottenException("The queue's picture of the line was wrong.", broken);
        }

        if (answer is not CommitAnswer.Committed committed)
        {
            context.Forget();
            throw new ActorForgottenException($"The queue's write was refused: {((CommitAnswer.Conflict)answer).Reason}");
        }

        foreach (var job in committed.Started)
        {
            _running[job.Sequence] = _running[job.Sequence] with { Attempt = job.Attempt };
            context.Tell(() => actors.Job(job.Id).StartAsync(job));
        }

        return committed.Started;
    }

    void AddStarts(List<Change> changes, DateTimeOffset now)
    {
        while (!_settings.Paused && _line.Take(_slots) is { } next)
        {
            _slots.Take(next.Kind);
            _running.Add(next.Key.Sequence, new(next.Kind, now, Attempt: 0));
            changes.Add(new Change.Start(next.Key.Sequence, now, now + kinds.Of(next.Kind).AttemptDuration));
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

    /// <summary>Waits for the next retry that comes due. A retry that is added for an earlier time starts a watch of its own.</summary>
    void WatchDelayed()
    {
        if (_delayed.NextToWatch() is { } due)
            context.Tell(() => EnterDueAsync(due));
    }

    async ValueTask EnterDueAsync(DateTimeOffset due)
    {
        // Timers count whole milliseconds and may ring a moment early.
        DateTimeOffset now;
        while ((now = context.Clock.GetUtcNow()) < due)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling((due - now).TotalMilliseconds)), context.Clock);
        await CommitAsync((_, _) =>
        {
            foreach (var (kind, key) in _delayed.TakeDue(now))
                _line.Insert(kind, key);
            WatchDelayed();
        });
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

    /// <summary>The running jobs' remaining work, worked out anew at most five times a second however many ask.</summary>
    (double Mean, double Variance)? RemainingWork()
    {
        var now = context.Clock.GetUtcNow();
        if (now - _remaining.At > TimeSpan.FromMilliseconds(200) || now < _remaining.At)
            _remaining = (now, _estimate.Remaining(_running.Values.Select(job => (job.Kind, now - job.StartedAt))));
        return _remaining.Work;
    }
}
