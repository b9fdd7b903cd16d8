using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;

namespace NextUp.Actors.Users;

/// <summary>
/// A visitor's jobs move to an account. The visitor's actor is asked; it pauses, lets what is under way settle, and hands
/// its jobs to the account's actor, which pauses too and has the queue commit all of it as one change. While an actor is
/// paused whatever would change its lanes waits; afterwards it goes on with what is stored. The order is always visitor,
/// account, queue, so nobody waits for someone who waits for them.
///
/// If we die before the commit nothing has happened, and if after it everything has: the visitor's actor finds in the store
/// that its jobs are an account's. Whoever still works for the visitor is told that it is superseded, looks at the stored
/// job, and goes on for the account.
/// </summary>
public sealed partial class UserActor
{
    UserId? _movedTo;

    bool _isMovingRest;

    // Set while the lanes must stay as they are; completed when they may change again.
    TaskCompletionSource? _pause;

    // How often jobs came from a visitor: what was read before may be old.
    int _adoptions;

    public async ValueTask<AdoptAnswer> MoveToAsync(UserId account, int subscriptionsMax)
    {
        await PauseAsync();
        try
        {
            if (_movedTo is { } other)
            {
                if (other != account)
                    return new AdoptAnswer.ByAnother();
                context.Tell(() => MoveRestAsync(account));
                return new AdoptAnswer.Adopted();
            }

            var answer = await actors.User(account).TakeInAsync(new(user, AllJobs(), subscriptionsMax));
            _lanes.Clear();
            _movedTo = account;
            context.Tell(() => MoveRestAsync(account));
            return answer;
        }
        catch
        {
            // Nobody knows whether they moved: the next call reads the store.
            context.Forget();
            throw;
        }
        finally
        {
            Resume();
        }
    }

    public async ValueTask<AdoptAnswer> TakeInAsync(VisitorJobs visitor)
    {
        await PauseAsync();
        try
        {
            Adoption adoption = new(visitor.Visitor, user, visitor.Jobs, AllJobs())
            {
                SubscriptionsMax = visitor.SubscriptionsMax,
            };
            if (await actors.Queue.AdoptAsync(adoption) is not QueueAnswer.Done)
                throw Lost($"the jobs of {visitor.Visitor} are not where they were thought to be");

            var stored = await store.LaneAsync(user);
            _lanes.Clear();
            foreach (var job in stored)
                LaneOf(job.Kind).Load(job);
            return new AdoptAnswer.Adopted();
        }
        catch
        {
            context.Forget();
            context.Tell(WakeSuccessorAsync);
            throw;
        }
        finally
        {
            _adoptions++;
            Resume();
            foreach (var lane in _lanes.Values)
                PromoteLater(lane);
        }
    }

    /// <summary>
    /// Finished jobs, a bounded number a commit. If we die on the way the store knows that some are left, and the sweep
    /// comes back to it.
    /// </summary>
    async ValueTask MoveRestAsync(UserId account)
    {
        if (_isMovingRest)
            return;
        _isMovingRest = true;
        try
        {
            while ((await store.ListAsync(user, null, null, 1)).Jobs.Count > 0)
            {
                Change.Adopt next = new(user, account, context.Clock.GetUtcNow(), []) { FinishedMax = Adoption.FinishedMax };
                if (await store.CommitAsync(new([next])) is not CommitAnswer.Committed)
                    return;
            }
        }
        finally
        {
            _isMovingRest = false;
        }
    }

    async Task<SubmitAnswer> SubmitKeyedAsync(Submission submission, string key)
    {
        var adoptions = _adoptions;
        if (await store.FindByKeyAsync(user, key) is { } job)
            return new SubmitAnswer.Accepted(job, IsRepeat: true);

        // A job with this key may have come from a visitor while we looked.
        while (_pause is { } pause)
            await pause.Task;
        return adoptions == _adoptions ? await SubmitOnceAsync(submission) : await SubmitKeyedAsync(submission, key);
    }

    /// <summary>From the moment this answers nothing changes the lanes but its caller.</summary>
    async Task PauseAsync()
    {
        while (_pause is { } earlier)
            await earlier.Task;
        _pause = new(TaskCreationOptions.RunContinuationsAsynchronously);
        while (_underWay > 0)
            await _settled.Task;
    }

    void Resume()
    {
        var pause = _pause!;
        _pause = null;
        pause.SetResult();
    }

    List<JobRecord> AllJobs() => [.. _lanes.Values.SelectMany(lane => lane.Jobs)];
}
