using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.HostTests.Behaviour;
using NextUp.Hosting.InProcess;
using NextUp.Hosting.Workers;

namespace NextUp.HostTests.Simulation;

/// <summary>The rules on the simulator: one thread, turns in an order that a seed chooses, the store in memory.</summary>
public sealed class SimulatedQueueBehaviour : QueueBehaviour
{
    private protected override Task<World> OpenAsync(KindPolicy policy, QueueSettings settings) =>
        Task.FromResult<World>(new SimWorld(policy, settings));
}

/// <summary>The rules on the simulator.</summary>
public sealed class SimulatedCleanupBehaviour : CleanupBehaviour
{
    private protected override Task<World> OpenAsync(KindPolicy policy, QueueSettings settings) =>
        Task.FromResult<World>(new SimWorld(policy, settings));
}

/// <summary>The rules for workers elsewhere on the simulator.</summary>
public sealed class SimulatedLeaseBehaviour : LeaseBehaviour
{
    private protected override Task<World> OpenAsync(KindPolicy policy, QueueSettings settings) =>
        Task.FromResult<World>(new SimWorld(policy, settings));
}

sealed class SimWorld : World
{
    const int TurnsMax = 1_000_000;

    /// <summary>Who looks again and again for something that only time brings takes turns without end.</summary>
    const int TurnsBetweenTimes = 10_000;
    const int TurnsACommit = 16;
    static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);
    static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);
    readonly KindPolicies _kinds;
    readonly QueueSettings _settings;
    readonly Random _random = new(1);
    readonly SimStore _store;
    SimScheduler _scheduler;
    Mailbox _outside;
    InProcessHost _host;
    LeaseDesk? _desk;

    public SimWorld(KindPolicy policy, QueueSettings settings)
    {
        (_kinds, _settings) = (new([policy]), settings);
        _store = new(_random);
        (_scheduler, _outside, _host) = Start();
    }

    public override IActorDirectory Actors => _host;

    public override LeaseDesk Desk => _desk!;

    public override IJobStore Store => _store.Rows;

    public override Task<T> BeginAnswer<T>(Func<Task<T>> call)
    {
        var answer = Begin(call);
        GiveTurns(answer, Moment);
        return answer;
    }

    /// <summary>What the workers hand to the test arrives from another thread, a moment after all is at rest here.</summary>
    public override Task<T> AnswerAsync<T>(Func<Task<T>> call) => Pump(call).WaitAsync(AnswerWithin);

    public override Task<T> AnswerInTimeAsync<T>(Func<Task<T>> call)
    {
        const int StepsMax = 1_000;
        var answer = Begin(call);
        GiveTurns(answer, Moment, TurnsBetweenTimes);
        for (var steps = 0; !answer.IsCompleted && steps < StepsMax; steps++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            GiveTurns(answer, Moment, TurnsBetweenTimes);
        }

        return answer;
    }

    public override Task ConfigureAsync(KindPolicy policy, QueueSettings settings) => Pump(async () =>
    {
        await _host.ConfigureAsync([policy], settings);
        return true;
    });

    public override Task CrashAsync()
    {
        _scheduler.Die();
        _desk!.Dispose();
        _store.CommitAll();
        Runner = new();
        (_scheduler, _outside, _host) = Start();
        return Task.CompletedTask;
    }

    public override async Task RestartAsync()
    {
        await Pump(async () =>
        {
            await _host.StopAsync(TimeSpan.FromSeconds(10));
            return true;
        });
        await CrashAsync();
    }

    public override ValueTask DisposeAsync()
    {
        _store.Dispose();
        return default;
    }

    (SimScheduler Scheduler, Mailbox Outside, InProcessHost Host) Start()
    {
        var scheduler = new SimScheduler(_random);
        _desk = new(Runner, _store.ForAnyone, new NoFiles(), Clock, LeaseTerm);
        var host = new InProcessHost(
            _store.ForAnyone, _kinds, _settings, _desk, new(Clock, _random, static (_, _) => { }), scheduler, Cleanup);
        _desk.Serve(host);
        (_scheduler, _outside, _host) = (scheduler, new(scheduler), host);
        _ = Pump(async () =>
        {
            await host.StartAsync();
            return true;
        });
        return (scheduler, _outside, host);
    }

    Task<T> Pump<T>(Func<Task<T>> call)
    {
        var answer = Begin(call);
        GiveTurns(answer, AnswerWithin);
        return answer;
    }

    Task<T> Begin<T>(Func<Task<T>> call)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_outside);
        try
        {
            return call();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    /// <summary>
    /// Commits come in between, so that a test that looks again and again does not keep the store from going on. Where all
    /// is at rest without an answer, what the pool completes (a cancellation's callbacks, a channel's reader) is waited for.
    /// </summary>
    void GiveTurns(Task answer, TimeSpan patience, int turnsMax = TurnsMax)
    {
        for (var turns = 0; !answer.IsCompleted && turns < turnsMax; turns++)
        {
            if (_store.HasPending && (turns % TurnsACommit == 0 || !_scheduler.HasReady))
                _store.CommitAll();
            else if (_scheduler.HasReady)
                _scheduler.RunOne();
            else if (WaitHandle.WaitAny([_scheduler.Arrived, ((IAsyncResult)answer).AsyncWaitHandle], patience) == WaitHandle.WaitTimeout)
                break;
        }
    }
}
