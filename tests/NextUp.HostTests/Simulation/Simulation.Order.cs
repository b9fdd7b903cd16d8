using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Users;
using NextUp.Actors.Workers;

namespace NextUp.HostTests.Simulation;

/// <summary>Priorities, times, windows, and operators who pause, resume and change the slots.</summary>
sealed partial class Simulation
{
    const int DrainResumesEvery = 25;

    KindPolicy AnyPolicy(JobKind kind) => new()
    {
        Kind = kind,
        WhenBusy = _random.Next(3) == 0 ? WhenBusy.Hold : WhenBusy.Refuse,
        ActivePerUserMax = _random.Next(5) switch { 0 => null, 1 => 2, _ => 1 },
        HeldPerUserMax = 1 + _random.Next(6),
        AttemptsMax = 1 + _random.Next(4),
        CrashesMax = 1 + _random.Next(3),
        TotalDuration = _random.Next(4) == 0 ? TimeSpan.FromSeconds(30 + _random.Next(60)) : null,
        Retention = _random.Next(3) == 0 ? TimeSpan.FromSeconds(_random.Next(60)) : null,
        Slots = _random.Next(3) == 0 ? 2 : null,
        WorkedBy = (WorkedBy)_random.Next(3),
        HeadStarts = new()
        {
            Levels = [TimeSpan.FromMilliseconds(_random.Next(500)), TimeSpan.FromSeconds(1 + _random.Next(20))],
            IsStrict = _random.Next(4) == 0,
            PriorityMax = _random.Next(3) == 0 ? 0 : HeadStarts.LevelMax,
            SmallFileBytesMax = _random.Next(2) == 0 ? 0 : _random.Next(20),
            SmallFile = TimeSpan.FromSeconds(2),
        },
        Windows = _random.Next(4) == 0 ? ClosedForSomeMinutes() : null,
    };

    /// <summary>The clock begins at midnight, and a world lasts for some minutes.</summary>
    StartWindows ClosedForSomeMinutes()
    {
        var closes = _random.Next(4);
        var opens = closes + 1 + _random.Next(3);
        DayOfWeek[] days = Enum.GetValues<DayOfWeek>();
        StartWindow late = new(days, new(0, opens), new(0, 0));
        return new(closes == 0 ? [late] : [new(days, new(0, 0), new(0, closes)), late], TimeZoneInfo.Utc);
    }

    JobKind AnyKind() => _offered[_random.Next(_offered.Length)];

    Submission WithWishes(Submission plain) => plain with
    {
        Priority = _random.Next(3) == 0 ? 1 + _random.Next(3) : 0,
        IsByOperator = _random.Next(2) == 0,
        NotBefore = _random.Next(8) == 0 ? _clock.GetUtcNow() + TimeSpan.FromSeconds(_random.Next(90) - 10) : null,
    };

    void Steer()
    {
        SteerOrder order = _random.Next(6) switch
        {
            0 => new SteerOrder.SetSlots(_random.Next(3) == 0 ? null : 1 + _random.Next(SlotsMax)) { By = "op" },
            < 3 when _checks.Paused.Count > 0 =>
                new SteerOrder.Resume(_checks.Paused.ElementAt(_random.Next(_checks.Paused.Count))) { By = "op" },
            3 => new SteerOrder.Hold(new PauseTarget.Everything(), null) { By = "op" },
            4 => new SteerOrder.Hold(new PauseTarget.OfKind(AnyKind()), "why") { By = "op" },
            _ => new SteerOrder.Hold(new PauseTarget.OfUser(_users[_random.Next(_users.Length)]), "why") { By = "op" },
        };
        Give(AnyProcess, order);
    }

    void Give(SimProcess process, SteerOrder order) => Call(process, host => host.Queue.SteerAsync(order).AsTask(), task =>
    {
        if (task is Task<SteerAnswer> { IsCompletedSuccessfully: true, Result: var answer })
            _checks.Steered(order, answer);
    });

    /// <summary>An order that got lost is given again.</summary>
    void ResumeAll(SimProcess process)
    {
        foreach (var target in _checks.Paused)
            Give(process, new SteerOrder.Resume(target) { By = "op" });
    }
}
