using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Hosting.InProcess;
using NextUp.Hosting.Workers;

namespace NextUp.HostTests.Simulation;

/// <summary>
/// One world from one seed: the real actors and the real store on one thread, users that submit and cancel, workers that
/// finish, fail, stall and come back, a disk that fails before or after a commit, processes that die at any point, and at
/// times two of them that both believe they are the one; and an operator who changes the limits under all that. After
/// every step <see cref="SimChecks"/> looks at all of it.
/// </summary>
sealed partial class Simulation : IDisposable
{
    const int SlotsMax = 4;
    static readonly JobKind[] Kinds = [new("sim"), new("other")];

    readonly Random _random;
    readonly SimClock _clock = new();
    readonly SimStore _store;
    readonly SimChecks _checks;
    readonly JobKind[] _offered;
    readonly KindPolicies _kinds;
    readonly SimLimits _limits;
    readonly UserId[] _users;
    readonly List<SimProcess> _processes = [];
    readonly List<Calling> _calls = [];
    readonly SimWorkers _workers;
    int _names;

    sealed record Calling(SimProcess Process, Task Task, Action<Task> Answered);

    public Simulation(int seed)
    {
        _random = new Random(seed);
        _offered = Kinds[..(1 + _random.Next(2))];
        _kinds = new(_offered.Select(AnyPolicy));
        _limits = new(_kinds.All, new() { Slots = 1 + _random.Next(SlotsMax) });
        _users = [.. Enumerable.Range(0, 1 + _random.Next(6)).Select(i => UserId.Account($"user-{i}"))];
        _store = new(_random);
        _checks = new(_store, _kinds, _offered, _clock, _limits);
        _workers = new(_random, _offered, _checks, (talk, answered) =>
        {
            var process = AnyProcess;
            Call(process, _ => talk(process.Desk), answered);
        });
        StartProcess();
    }

    public int Steps { get; private set; }

    public int Jobs => _checks.Acknowledged;

    public int Moved => _checks.Moved;

    public uint Trace => _checks.Trace;

    public void Run(int steps)
    {
        for (; Steps < steps; Steps++)
        {
            Step();
            Settle();
        }

        Drain();
        _checks.AllEnded();
    }

    public void Dispose() => _store.Dispose();

    SimProcess AnyProcess => _processes[_random.Next(_processes.Count)];

    void Step()
    {
        switch (_random.Next(100))
        {
            case < 45:
                RunTurns(1 + _random.Next(4));
                break;
            case < 65:
                _store.CommitSome();
                break;
            case < 78:
                Submit();
                break;
            case < 80:
                Cancel();
                break;
            case < 81:
                LookAfter();
                break;
            case < 83:
                SignIn();
                break;
            case < 89:
                MoveWorker();
                break;
            case < 92:
                _workers.Move();
                break;
            case < 95:
                Pass();
                break;
            case < 97:
                CheckPositions();
                break;
            case < 98:
                Steer();
                break;
            default:
                Disturb();
                break;
        }
    }

    /// <summary>The rare things.</summary>
    void Disturb()
    {
        switch (_random.Next(7))
        {
            case 6:
                ChangeLimits();
                break;
            case 0:
                _store.FailNext(isUncertain: false);
                break;
            case 1:
                _store.FailNext(isUncertain: true);
                break;
            case 2:
                Crash(AnyProcess);
                break;
            case 3 when _processes.Count == 1:
                StartProcess();
                break;
            case 4:
                _store.IsAway = !_store.IsAway;
                break;
            default:
                if (_processes.Count > 1)
                    Crash(AnyProcess);
                break;
        }
    }

    /// <summary>An operator's reload, in every process that lives.</summary>
    void ChangeLimits()
    {
        var kinds = _offered.Select(kind => _kinds.Of(kind) with
        {
            WhenBusy = _random.Next(2) == 0 ? WhenBusy.Hold : WhenBusy.Refuse,
            ActivePerUserMax = _random.Next(5) switch { 0 => null, 1 => 2, 2 => 3, _ => 1 },
            HeldPerUserMax = 1 + _random.Next(6),
            AttemptsMax = 1 + _random.Next(4),
            Slots = _random.Next(3) == 0 ? 2 : null,
        }).ToList();
        _limits.Change(kinds, _limits.Queue with { Slots = 1 + _random.Next(SlotsMax) });
        foreach (var process in _processes)
            Call(process, host => host.ConfigureAsync(kinds, _limits.Queue), _ => { });
    }

    void StartProcess()
    {
        var process = new SimProcess(_store, _kinds, _limits.Queue, _clock, _random);
        _processes.Add(process);
        Start(process);
    }

    /// <summary>A start that fails is tried again, as an operator would.</summary>
    void Start(SimProcess process) => Call(process, host => host.StartAsync(), task =>
    {
        if (task.IsFaulted)
            Start(process);
    });

    void Crash(SimProcess process)
    {
        process.Scheduler.Die();
        process.Desk.Dispose();
        _processes.Remove(process);
        _calls.RemoveAll(call => call.Process == process);
        _store.Crash(process);
        if (_processes.Count == 0)
            StartProcess();
    }

    void RunTurns(int turns)
    {
        for (var i = 0; i < turns; i++)
        {
            var process = AnyProcess;
            if (process.Scheduler.HasReady)
                process.Scheduler.RunOne();
        }
    }

    void Submit()
    {
        var process = AnyProcess;
        var user = _random.Next(3) == 0 ? AnyVisitor : _users[_random.Next(_users.Length)];
        var id = new JobId(new Guid(++_names, 0, 0, new byte[8]));
        var file = new StagedFile(
            FileRole.Original, $"{_names}.bib", "application/x-bibtex", _random.Next(20), "00", [1], null);
        WhenBusy? wish = _random.Next(3) == 0 ? (WhenBusy)_random.Next(3) : null;
        var key = _random.Next(4) == 0 ? $"key-{_random.Next(20)}" : null;
        var submission = WithWishes(new(id, AnyKind(), file, null, wish, key));
        Call(process, host => host.User(user).SubmitAsync(submission).AsTask(), task =>
        {
            if (task is Task<SubmitAnswer> { IsCompletedSuccessfully: true, Result: var answer })
                _checks.Answered(user, submission, answer);
        });
    }

    void Cancel()
    {
        if (_checks.AnyJob(_random) is not { } job)
            return;
        var process = AnyProcess;
        var user = _random.Next(5) == 0 ? _users[_random.Next(_users.Length)] : job.User;
        Call(process, host => host.User(user).CancelAsync(job.Id).AsTask(), task =>
        {
            if (task is Task<CancelAnswer> { IsCompletedSuccessfully: true, Result: var answer })
                _checks.Cancelled(user, job, answer);
        });
    }

    void MoveWorker()
    {
        var live = AnyProcess.Runner.Live;
        if (live.Count == 0)
            return;
        var attempt = live[_random.Next(live.Count)];
        switch (_random.Next(6))
        {
            case 0:
                attempt.IsStalled = true;
                break;
            case 1:
                _checks.Report(attempt.Job);
                break;
            default:
                if (!attempt.IsStalled || _random.Next(4) == 0)
                    Finish(live, attempt);
                break;
        }
    }

    void Finish(List<SimAttempt> live, SimAttempt attempt)
    {
        live.Remove(attempt);
        attempt.End.SetResult(attempt.IsAskedToStop && _random.Next(4) > 0 ? new AttemptEnd.Stopped() : _random.Next(10) switch
        {
            0 => new AttemptEnd.Faulted("broke"),
            1 => new AttemptEnd.Finished(new JobOutcome.Retry("busy", TimeSpan.FromSeconds(_random.Next(30))), []),
            2 => new AttemptEnd.Finished(new JobOutcome.GiveUp("unreadable"), []),
            _ => new AttemptEnd.Finished(new JobOutcome.Done($"{{\"attempt\":{attempt.Job.Attempt}}}", []), []),
        });
    }

    void Pass() => _clock.Advance(_random.Next(8) switch
    {
        0 when _clock.NextDue is { } due && due > _clock.GetUtcNow() => due - _clock.GetUtcNow(),
        1 => TimeSpan.FromSeconds(_random.Next(60)),
        _ => TimeSpan.FromMilliseconds(_random.Next(400)),
    });

    void Call(SimProcess process, Func<InProcessHost, Task> call, Action<Task> answered) =>
        _calls.Add(new(process, process.Outside(call), answered));

    void Settle()
    {
        for (var i = _calls.Count - 1; i >= 0; i--)
        {
            if (i >= _calls.Count || !_calls[i].Task.IsCompleted)
                continue;
            var call = _calls[i];
            _calls.RemoveAt(i);
            call.Answered(call.Task);
            _ = call.Task.Exception;
        }

        foreach (var process in _processes)
        {
            if (process.Faults.Count > 0)
                throw new RuleBrokenException($"no actor breaks: {process.Faults[0]}");
        }

        if (!_store.HasPending && !_processes.Exists(process => process.Scheduler.HasReady))
            _limits.Settle();
        _checks.Look();
    }

    /// <summary>No more faults and no more submissions: everything accepted has to come to an end, in bounded time.</summary>
    void Drain()
    {
        _store.Heal();
        while (_processes.Count > 1)
            Crash(_processes[0]);
        const int RoundsMax = 20_000;
        for (var round = 0; round < RoundsMax && !_checks.HaveAllEnded(); round++, Steps++)
        {
            var process = _processes[0];
            if (round % DrainResumesEvery == 0)
                ResumeAll(process);
            for (var turns = 0; turns < 200 && process.Scheduler.HasReady; turns++)
                process.Scheduler.RunOne();
            _store.CommitAll();
            foreach (var attempt in process.Runner.Live.ToList())
            {
                process.Runner.Live.Remove(attempt);
                attempt.End.SetResult(new AttemptEnd.Finished(new JobOutcome.Done("{}", []), []));
            }

            var isAtRest = !process.Scheduler.HasReady;
            _workers.MoveInGoodOrder();
            if (isAtRest)
                _clock.Advance(_clock.NextDue is { } due && due > _clock.GetUtcNow() ? due - _clock.GetUtcNow() : TimeSpan.FromSeconds(1));
            Settle();
        }
    }

    /// <summary>Lets everything under way come to rest, without a worker or the clock moving, and asks for every position.</summary>
    void CheckPositions()
    {
        if (_processes.Count > 1 || _store.IsAway)
            return;
        _store.Heal();
        var process = _processes[0];
        ComeToRest(process);
        Call(process, host => host.Queue.ReviewAsync().AsTask(), _ => { });
        ComeToRest(process);
        var asks = _checks.LineInOrder();
        var places = process.Host.Queue.PlacesAsync(asks).AsTask();
        ComeToRest(process);
        if (places.IsCompletedSuccessfully)
            _checks.PositionsAreTheOrder(places.Result, asks);
    }

    void ComeToRest(SimProcess process)
    {
        while (process.Scheduler.HasReady || _store.HasPending)
        {
            while (process.Scheduler.HasReady)
                process.Scheduler.RunOne();
            _store.CommitAll();
        }
    }
}

/// <summary>One server process: it can die without a word.</summary>
sealed class SimProcess
{
    public SimProcess(SimStore store, KindPolicies kinds, QueueSettings settings, SimClock clock, Random random)
    {
        Scheduler = new(random);
        _outside = new(Scheduler);
        Desk = new(Runner, store.For(this), new NoFiles(), clock, SimWorkers.Term);
        Host = new(store.For(this), kinds, settings, Desk, new(clock, random, Failed), Scheduler, Simulation.Cleanup);
        Desk.Serve(Host);
    }

    /// <summary>Faults that no rule allows: anything but the store's and what follows from them.</summary>
    public List<Exception> Faults { get; } = [];

    readonly Mailbox _outside;

    public SimScheduler Scheduler { get; }

    public SimRunner Runner { get; } = new();

    public InProcessHost Host { get; }

    public LeaseDesk Desk { get; }

    /// <summary>A call from outside all actors, whose continuations the simulation gives turns to as well.</summary>
    public Task Outside(Func<InProcessHost, Task> call)
    {
        SynchronizationContext.SetSynchronizationContext(_outside);
        try
        {
            return call(Host);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    void Failed(string actor, Exception error)
    {
        if (error is not (StoreFailedException or ActorForgottenException))
            Faults.Add(error);
    }
}
