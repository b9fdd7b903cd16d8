using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;

namespace NextUp.Actors.Users;

/// <summary>
/// The shell around one user's <see cref="Lane"/>s: decides in memory, has the queue commit, then settles what was decided.
/// Turns interleave while a commit is on its way; the lane counts what is under way, so two racing submissions never get
/// one place. The store's unique place stands behind that, should this actor ever live twice.
///
/// A job's end and the entry of the held job that follows it are one commit, so a crash cannot come between them. Where a
/// held job is left with a free place all the same (it was being stored while the last active one ended), the lane lets it
/// in as soon as it is stored, and the queue looks for such users when it starts.
/// </summary>
public sealed partial class UserActor(UserId user, IJobStore store, IActorDirectory actors, IActorContext context, KindPolicies kinds)
    : IUserActor
{
    /// <summary>How often a submission or a cancellation looks again when what it saw changed under it.</summary>
    const int SubmitRoundsMax = 100;
    const int CancelRoundsMax = 5;

    static readonly TimeSpan WakeDelay = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan WakeDelayMax = TimeSpan.FromSeconds(5);

    readonly Dictionary<JobKind, Lane> _lanes = [];
    readonly Dictionary<string, Task<SubmitAnswer>> _keysUnderWay = [];

    // Changes on their way to the store, and the end of whichever ends next.
    int _underWay;
    TaskCompletionSource _settled = NewSettled();

    /// <summary>Reads the user's unfinished jobs; called by the host before the first call.</summary>
    public async ValueTask ActivateAsync()
    {
        if (user.IsVisitor)
            _movedTo = await store.AdoptedByAsync(user);
        foreach (var job in await store.LaneAsync(user))
            LaneOf(job.Kind).Load(job);
        foreach (var lane in _lanes.Values)
            PromoteLater(lane);
    }

    public async ValueTask<SubmitAnswer> SubmitAsync(Submission submission)
    {
        if (submission.Key is not { } key)
            return await SubmitOnceAsync(submission);

        if (_keysUnderWay.TryGetValue(key, out var first))
            return Repeated(await first);

        var submitting = SubmitKeyedAsync(submission, key);
        _keysUnderWay.Add(key, submitting);
        try
        {
            return await submitting;
        }
        finally
        {
            _keysUnderWay.Remove(key);
        }
    }

    public async ValueTask<CancelAnswer> CancelAsync(JobId job, string reason)
    {
        if (await store.FindAsync(user, job) is not { } before)
            return new CancelAnswer.NotFound();

        // A job that starts, or fails and waits again, between our two looks is met at the next round.
        for (var round = 0; round < CancelRoundsMax; round++)
        {
            while (_pause is { } pause)
                await pause.Task;
            if (LaneOf(before.Kind).Find(job) is not { } there)
            {
                if (_underWay == 0)
                    break;
                await _settled.Task; // It is just entering the line in another's place.
                continue;
            }

            var answer = await LeaveAsync(there, new(there, null, JobState.Cancelled, reason, null, []));
            if (answer is QueueAnswer.Done || await actors.Job(job).CancelAsync(job, reason))
                break;
        }

        var after = await store.FindAsync(user, job);
        return after switch
        {
            null => new CancelAnswer.NotFound(),
            { State: JobState.Cancelled } when !before.State.IsFinished() => new CancelAnswer.Cancelled(after),
            { State: var state } when state.IsFinished() => new CancelAnswer.AlreadyFinished(after),
            _ => throw Lost($"job {job} could not be cancelled; it is {after.State}"),
        };
    }

    public async ValueTask<EndAnswer> EndAsync(JobRecord job, JobEnd end)
    {
        // A short job may be over before the turn in which its acceptance, or its entry into the line, is noted here.
        while (_pause is not null || (LaneOf(job.Kind).Find(job.Id) is null && _underWay > 0))
            await (_pause?.Task ?? _settled.Task);
        if (_movedTo is not null)
            return EndAnswer.Superseded;

        if (LaneOf(job.Kind).Find(job.Id) is not null)
        {
            var ending = new QueueChange.Ending(job, job.Attempt, end.To, end.Error, end.Summary, end.Files)
            {
                IsSetAside = end.IsSetAside,
                Crashes = end.Crashes,
            };
            var answer = await LeaveAsync(job, ending);
            if (answer is QueueAnswer.Done)
                return EndAnswer.Ended;
        }

        // The lane does not know the job, or the queue does not run it: this actor's picture is old.
        context.Forget();
        return EndAnswer.Superseded;
    }

    /// <param name="send">Tells the queue.</param>
    async ValueTask EnterHeldAsync(Func<QueueChange, ValueTask<QueueAnswer>> send)
    {
        foreach (var kind in _lanes.Keys.ToList())
        {
            while (_pause is { } pause)
                await pause.Task;
            await EnterHeldAsync(LaneOf(kind), send);
        }
    }

    async ValueTask EnterHeldAsync(Lane lane, Func<QueueChange, ValueTask<QueueAnswer>> send)
    {
        var promoted = lane.Promote();
        if (promoted.Count == 0)
            return;
        _underWay++;
        try
        {
            QueueChange.Joining[] joins = [.. promoted.Select(job => new QueueChange.Joining(job, job.Place))];
            if (await send(QueueChange.None with { Joins = joins }) is not QueueAnswer.Done done)
                throw Lost("a held job could not enter the line");
            foreach (var joined in done.Joined.Where(joined => lane.Find(joined.Id) is not null))
                lane.Update(joined);
        }
        finally
        {
            Settle();
        }
    }

    static SubmitAnswer Repeated(SubmitAnswer first) =>
        first is SubmitAnswer.Accepted accepted ? accepted with { IsRepeat = true } : first;

    async ValueTask<SubmitAnswer> SubmitOnceAsync(Submission submission)
    {
        if (Unfit(submission, LaneOf(submission.Kind).Policy) is { } unfit)
            return unfit;
        await ClearOwnStaleAsync();
        for (var round = 0; round < SubmitRoundsMax; round++)
        {
            while (_pause is { } pause)
                await pause.Task;
            if (_movedTo is not null)
                return new SubmitAnswer.SignedIn();

            var lane = LaneOf(submission.Kind);
            var decision = lane.Decide(submission.WhenBusy);
            var answer = decision switch
            {
                LaneAnswer.ChoiceNotAllowed => new SubmitAnswer.ChoiceNotAllowed(lane.Policy.WhenBusy),
                LaneAnswer.Full => new SubmitAnswer.LaneFull(lane.Policy.HeldPerUserMax),
                LaneAnswer.Refuse => await AtLimitAsync(lane),
                LaneAnswer.Replace replace => await ReplaceAsync(lane, replace, submission) ?? await AtLimitAsync(lane),
                _ => await EnterAsync(lane, decision, submission),
            };
            if (answer is not null)
                return answer;

            // Who is in the way is only being stored, or just left: look again when that is settled.
            if (_underWay > 0)
                await _settled.Task;
        }

        throw Lost("the lane did not come to rest");
    }

    /// <summary>A wish that is not to be had, whatever the lane holds.</summary>
    SubmitAnswer? Unfit(Submission submission, KindPolicy policy)
    {
        var levelMax = submission.IsByOperator ? HeadStarts.LevelMax : policy.HeadStarts.PriorityMax;
        if (submission.Priority < 0 || submission.Priority > levelMax)
            return new SubmitAnswer.PriorityNotAllowed(levelMax);
        return submission.NotBefore - context.Clock.GetUtcNow() > Submission.NotBeforeMax
            ? new SubmitAnswer.TooFarAhead() : null;
    }

    async ValueTask<SubmitAnswer?> EnterAsync(Lane lane, LaneAnswer decision, Submission submission)
    {
        lane.Reserve(decision);
        _underWay++;
        JobRecord? stored = null;
        try
        {
            var draft = Draft(submission, isHeld: decision is LaneAnswer.Hold, (decision as LaneAnswer.Enter)?.Place);
            stored = await AcceptAsync(QueueChange.None, submission, draft, takes: null)
                ?? throw Lost("a new job was refused as stale");
            return new SubmitAnswer.Accepted(stored, IsRepeat: false);
        }
        finally
        {
            lane.Settle(decision, stored);
            Settle();
            PromoteLater(lane);
        }
    }

    /// <summary>A place may come free while a held job is being committed; nobody else would let that job in.</summary>
    void PromoteLater(Lane lane)
    {
        if (lane.HasStranded)
            context.Tell(() => EnterHeldAsync(ChangeAsync));
    }

    /// <summary>Null where nobody waits that could give way.</summary>
    async ValueTask<SubmitAnswer?> ReplaceAsync(Lane lane, LaneAnswer.Replace replace, Submission submission)
    {
        foreach (var old in replace.Candidates)
        {
            if (_pause is not null)
                break; // Jobs come from a visitor: what is in the way then is another question.
            var reason = $"Replaced by \"{submission.Original.Name}\"";
            var ends = QueueChange.None with { Ends = [new(old, null, JobState.Cancelled, reason, null, [])] };
            var place = lane.Replace(old);
            JobRecord? stored = null;
            _underWay++;
            try
            {
                stored = await AcceptAsync(ends, submission, Draft(submission, isHeld: false, place), old);
                if (stored is not null)
                    return new SubmitAnswer.Accepted(stored, IsRepeat: false);
            }
            finally
            {
                lane.Replaced(old, place, stored);
                Settle();
            }
        }

        return null;
    }

    /// <summary>Names the job in the way, the one that runs if one does; null when there is none (any more, or yet).</summary>
    async ValueTask<SubmitAnswer?> AtLimitAsync(Lane lane)
    {
        JobRecord? first = null;
        foreach (var job in lane.Active.OrderBy(job => job.Sequence).ToList())
        {
            var stored = await store.FindAsync(user, job.Id);
            if (stored is null || stored.State.IsFinished())
                continue;
            if (first is null || stored.State == JobState.Processing)
                first = stored;
            if (stored.State == JobState.Processing)
                break;
        }

        return first is null ? null : new SubmitAnswer.AtLimit(first, lane.Policy.ActivePerUserMax ?? 0);
    }

    /// <summary>A job leaves its lane; the held job that follows enters the line in the same commit.</summary>
    async ValueTask<QueueAnswer> LeaveAsync(JobRecord job, QueueChange.Ending ending)
    {
        var lane = LaneOf(job.Kind);
        var follower = lane.Leave(job);
        _underWay++;
        try
        {
            IReadOnlyList<QueueChange.Joining> joins = follower is null ? [] : [new(follower, follower.Place)];
            var answer = await ChangeAsync(QueueChange.None with { Ends = [ending], Joins = joins });
            if (answer is QueueAnswer.Done done)
                lane.Left(job, done.Joined.Count > 0 ? done.Joined[0] : null);
            else
                lane.Stay(job, follower);
            return answer;
        }
        finally
        {
            Settle();
            PromoteLater(lane);
        }
    }

    void Settle()
    {
        _underWay--;
        var settled = _settled;
        _settled = NewSettled();
        settled.SetResult();
    }

    static TaskCompletionSource NewSettled() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The job as stored; null where one that should give way has started meanwhile.</summary>
    async ValueTask<JobRecord?> AcceptAsync(QueueChange also, Submission submission, JobRecord draft, JobRecord? takes)
    {
        QueueChange.Accepting accepting = new(draft, submission.Key, [submission.Original], takes);
        var answer = await ChangeAsync(also with { Accepts = [accepting] });
        return answer is QueueAnswer.Done done ? done.Accepted[0] : null;
    }

    async ValueTask<QueueAnswer> ChangeAsync(QueueChange change)
    {
        try
        {
            return await TryChangeAsync(change);
        }
        catch
        {
            // If what is stored shows a held job with a free place, nobody else would let it in.
            context.Tell(WakeSuccessorAsync);
            throw;
        }
    }

    /// <summary>For a caller that tries again by itself; a second one beside it would bring a third at the next failure.</summary>
    async ValueTask<QueueAnswer> TryChangeAsync(QueueChange change)
    {
        try
        {
            return await actors.Queue.ChangeAsync(change);
        }
        catch
        {
            // Memory and store may disagree now: the next call reads what is stored.
            context.Forget();
            throw;
        }
    }

    async ValueTask WakeSuccessorAsync()
    {
        for (var delay = WakeDelay; ; delay = delay * 2 < WakeDelayMax ? delay * 2 : WakeDelayMax)
        {
            await Task.Delay(delay, context.Clock);
            try
            {
                await actors.User(user).PromoteAsync();
                return;
            }
            catch (Exception error) when (error is StoreFailedException or ActorForgottenException)
            {
                // Still away.
            }
        }
    }

    ActorForgottenException Lost(string reason)
    {
        context.Forget();
        return new($"User {user}: {reason}.");
    }

    Lane LaneOf(JobKind kind)
    {
        if (!_lanes.TryGetValue(kind, out var lane))
            _lanes.Add(kind, lane = NewLane(kind));
        return lane;
    }

    Lane NewLane(JobKind kind) => new(() => kinds.Of(kind));

    JobRecord Draft(Submission submission, bool isHeld, int? place) => new()
    {
        Sequence = default,
        Id = submission.Id,
        User = user,
        Kind = submission.Kind,
        State = JobState.Pending,
        IsHeld = isHeld,
        Place = place,
        AcceptedAt = default,
        LineKey = default,
        FileName = submission.Original.Name,
        FileSize = submission.Original.Size,
        Options = submission.Options,
        Origin = submission.Origin,
        Trace = submission.Trace,
        Priority = submission.Priority,
        NotBefore = submission.NotBefore > context.Clock.GetUtcNow() ? Whole(submission.NotBefore.Value) : null,
    };

    /// <summary>Whole microseconds, which is what keys and the store have.</summary>
    static DateTimeOffset Whole(DateTimeOffset time) => DateTimeOffset.UnixEpoch.AddTicks(LineKey.Microseconds(time) * 10);
}
