using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Actors.Queue;

/// <summary>
/// What operators say: pauses and slots. It is committed under the queue's stamp like every other change, and the next
/// claim of the queue gives it back.
/// </summary>
public sealed partial class QueueActor
{
    readonly Dictionary<PauseTarget, Pause> _pauses = [];
    Capacity? _capacity;
    int? _governed;

    bool IsPaused => _settings.Paused || _pauses.Count > 0 && PauseOf(new PauseTarget.Everything()) is not null;

    int SlotsNow => _capacity?.Slots ?? _governed ?? _settings.Slots;

    public ValueTask<Steering> SteeringAsync() => new(SteeringNow());

    public async ValueTask<SteerAnswer> SteerAsync(SteerOrder order)
    {
        switch (order)
        {
            case SteerOrder.Hold { Target: PauseTarget.OfUser { User: var user } }
                when !_waiting.IsPaused(user) && _waiting.PausedUsersCount >= Pause.UsersMax:
                return new SteerAnswer.TooManyPauses();
            case SteerOrder.Hold hold:
                await CommitAsync((changes, now) => changes.Add(Hold(hold, now)));
                if (hold.Target is PauseTarget.OfUser paused)
                    await ParkAsync(paused.User);
                break;
            case SteerOrder.Resume resume:
                await CommitAsync((changes, now) => changes.Add(Resume(resume, now)));
                break;
            case SteerOrder.SetSlots slots:
                await CommitAsync((changes, now) => changes.Add(SetSlots(slots, now)));
                break;
        }

        _estimate.ForgetPromises();
        return new SteerAnswer.Done(SteeringNow());
    }

    public async ValueTask GovernAsync(int? slots)
    {
        _governed = slots;
        _slots.Total = SlotsNow;
        await StartWhatFitsAsync();
    }

    Steering SteeringNow() => new([.. _pauses.Values.OrderBy(pause => pause.At)], _capacity);

    Pause? PauseOf(PauseTarget target) => _pauses.GetValueOrDefault(target);

    Change.SetPause Hold(SteerOrder.Hold hold, DateTimeOffset now)
    {
        var pause = new Pause(hold.Target, hold.Reason, hold.By, now);
        Remember(pause);
        return new(pause);
    }

    Change.EndPause Resume(SteerOrder.Resume resume, DateTimeOffset now)
    {
        _pauses.Remove(resume.Target);
        switch (resume.Target)
        {
            case PauseTarget.Everything:
                _settings = _settings with { Paused = false };
                break;
            case PauseTarget.OfKind { Kind: var kind }:
                _waiting.Pause(kind, isPaused: false);
                break;
            case PauseTarget.OfUser { User: var user }:
                _waiting.Resume(user);
                break;
        }

        return new(resume.Target, resume.By, now);
    }

    Change.SetCapacity SetSlots(SteerOrder.SetSlots order, DateTimeOffset now)
    {
        _capacity = order.Slots is { } slots ? new(slots, order.By, now) : null;
        _slots.Total = SlotsNow;
        return new(order.Slots, order.By, now);
    }

    void Remember(Pause pause)
    {
        _pauses[pause.Target] = pause;
        if (pause.Target is PauseTarget.OfKind { Kind: var kind })
            _waiting.Pause(kind, isPaused: true);
        else if (pause.Target is PauseTarget.OfUser { User: var user })
            _waiting.Pause(user);
    }

    /// <summary>What operators said before we were; their users' waiting jobs are noted before the line is read.</summary>
    async ValueTask RestoreAsync(Steering steering)
    {
        _capacity = steering.Capacity;
        _slots.Total = SlotsNow;
        foreach (var pause in steering.Pauses)
        {
            Remember(pause);
            if (pause.Target is not PauseTarget.OfUser { User: var user })
                continue;
            foreach (var job in await store.LaneAsync(user))
            {
                if (job is { State: JobState.Pending, IsHeld: false })
                    _waiting.Note(user, job.LineKey);
            }
        }
    }

    /// <summary>
    /// The pause is stored, so whatever the user has in the line by now is stored, too; what enters later is kept out at once.
    /// </summary>
    async ValueTask ParkAsync(UserId user)
    {
        IReadOnlyList<JobRecord> lane;
        try
        {
            lane = await store.LaneAsync(user);
        }
        catch (StoreFailedException)
        {
            Forget(); // Our successor reads the pause, and the jobs with it.
            throw;
        }

        if (!_waiting.IsPaused(user))
            return;
        foreach (var job in lane)
        {
            if (job is { State: JobState.Pending, IsHeld: false })
                _waiting.Park(user, job.Kind, job.LineKey);
        }

        // A start that was decided while the lane was read is stored before we answer.
        await ReviewAsync();
    }

    QueueWait? WaitOf(JobKind kind, UserId? owner)
    {
        if (IsPaused)
            return new QueueWait.Paused(PauseOf(new PauseTarget.Everything()));
        if (owner is { } user)
            return new QueueWait.Paused(PauseOf(new PauseTarget.OfUser(user)));
        if (_waiting.Line.IsOpen(kind))
            return IsWithoutWorker(kind) ? new QueueWait.NoWorker() : null;
        if (PauseOf(new PauseTarget.OfKind(kind)) is { } pause)
            return new QueueWait.Paused(pause);
        return kinds.Of(kind).Windows is { } windows
            ? new QueueWait.Closed(windows.NextChange(context.Clock.GetUtcNow()), windows.Zone) : null;
    }
}
