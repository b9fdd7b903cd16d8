using System.Collections.Concurrent;
using NextUp.Actors;
using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Hosting.InProcess;

/// <summary>
/// Runs all actors in this process. Actors live from their first call; those that are idle, or that forgot themselves after
/// a failed commit, leave memory, and their next call finds a new one that has read the store. The queue is the one that
/// must not sleep: when it is forgotten its successor is woken at once.
/// </summary>
public sealed class InProcessHost : IActorHost
{
    /// <summary>How long a user's actor stays in memory unused, in sweeps of <see cref="SweepInterval"/>: one to two.</summary>
    static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    const int StopRoundsMax = 100;
    static readonly TimeSpan WakeDelayMax = TimeSpan.FromSeconds(2);
    static readonly TimeSpan WakeDelay = TimeSpan.FromMilliseconds(20);

    readonly ConcurrentDictionary<UserId, ActorCell<UserActor>> _users = new();
    readonly JobCells _jobs;
    readonly ITurnScheduler _scheduler;
    readonly ActorEnvironment _environment;
    readonly IJobStore _store;
    readonly KindPolicies _kinds;
    readonly IJobRunner _runner;
    readonly HostClock _clock;
    volatile bool _isStopping;
    int _queuesToWake;
    readonly ActorCell<CleanupActor> _cleanup;
    ActorCell<QueueActor> _queue;
    QueueSettings _settings;
    readonly TimeSpan _cleanupInterval;
    ITimer? _sweep;
    ITimer? _cleaning;

    public InProcessHost(
        IJobStore store, KindPolicies kinds, QueueSettings settings, IJobRunner runner, ActorEnvironment environment,
        ITurnScheduler? scheduler = null, CleanupSettings? cleanup = null)
    {
        _clock = new HostClock(environment.Clock);
        (_store, _kinds, _settings, _runner, _environment) =
            (store, kinds, settings, runner, environment with { Clock = _clock });
        _scheduler = scheduler ?? new PoolScheduler();
        _jobs = new(_scheduler, _environment, cell => new JobActor(_store, this, cell, _kinds, _runner));
        _queue = NewQueueCell();
        _cleanupInterval = (cleanup ??= new()).Interval;
        _cleanup = new(
            _scheduler, cell => new CleanupActor(_store, this, cell, _kinds, cleanup, outcome => Swept?.Invoke(outcome)),
            _ => default, () => _cleanup!, _ => { }, _environment);
    }

    public IQueueActor Queue => new QueueCalls(this);

    public ICleanupActor Cleanup => new CleanupCalls(this);

    /// <summary>Told of each sweep of the clean-up, from its turn.</summary>
    public event Action<SweepOutcome>? Swept;

    /// <summary>Users whose actors are in memory.</summary>
    public int UsersInMemory => _users.Count;

    public IUserActor User(UserId user) => new UserCalls(this, user);

    public IJobActor Job(JobId job) => _jobs.Job(job);

    /// <summary>Reads the queue from the store; from then on jobs start.</summary>
    public async Task StartAsync()
    {
        await Queue.StatusAsync();
        _sweep = _environment.Clock.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
        _cleaning = _environment.Clock.CreateTimer(_ => _cleanup.Tell(CleanAsync), null, _cleanupInterval, _cleanupInterval);
    }

    /// <summary>
    /// Starts nothing more and asks running work to stop; it goes on after the next start. Answers when it has, or when
    /// the time is over: what still runs then counts as lost.
    /// </summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        foreach (var timer in new[] { _sweep, _cleaning })
        {
            if (timer is not null)
                await timer.DisposeAsync();
        }

        using var late = new CancellationTokenSource(timeout, _environment.Clock);
        try
        {
            await Queue.ConfigureAsync(_settings with { Paused = true });

            // A start that was on its way to the disk when the queue was paused still arrives: look again.
            for (var round = 0; round < StopRoundsMax; round++)
            {
                await _jobs.ShutDownAsync(late.Token);
                if (await Queue.StatusAsync() is var status && status.Running == status.RunningElsewhere)
                    break;
                await Task.Yield();
            }
        }
        catch (OperationCanceledException)
        {
            // The rest is found processing, and recovered, at the next start.
        }
        finally
        {
            _isStopping = true;
        }
    }

    /// <summary>
    /// Nothing of it goes on: what still waits to try again does so no more, and whoever waits for that has no answer. Called
    /// when its store is closed, which would fail each try for ever.
    /// </summary>
    public void Close()
    {
        _isStopping = true;
        _clock.Stop();
    }

    /// <summary>
    /// New rules of the kinds, and of the queue, while jobs wait and run. Answers when the queue has them and what they let
    /// start is stored; held jobs that have a place now enter the line one user after the other.
    /// </summary>
    public async Task ConfigureAsync(IEnumerable<KindPolicy> kinds, QueueSettings settings)
    {
        _kinds.Replace(kinds);
        _cleanup.Tell(() => new LaneReview(_store, this, _environment.Clock).LetInAsync());
        await Queue.ConfigureAsync(settings);
    }

    internal ActorCell<UserActor> UserCell(UserId user) =>
        _users.TryGetValue(user, out var cell) ? cell : _users.GetOrAdd(user, static (id, host) => host.NewUserCell(id), this);

    internal ActorCell<QueueActor> QueueCell => Volatile.Read(ref _queue);

    internal ActorCell<CleanupActor> CleanupCell => _cleanup;

    internal QueueSettings Settings => _settings;

    internal void Remember(QueueSettings settings) => _settings = settings;

    internal void EndSettingsPause() => _settings = _settings with { Paused = false };

    ActorCell<UserActor> NewUserCell(UserId user) => new(
        _scheduler, cell => new UserActor(user, _store, this, cell, _kinds), actor => actor.ActivateAsync(),
        () => UserCell(user), cell => _users.TryRemove(new(user, cell)), _environment);

    ActorCell<QueueActor> NewQueueCell() => new(
        _scheduler, cell => new QueueActor(_store, this, cell, _kinds, _settings), actor => actor.ActivateAsync(),
        () => QueueCell, Succeed, _environment);

    void Succeed(ActorCell<QueueActor> forgotten)
    {
        // Each try to wake one may bring another that is forgotten: one of us tries for all of them.
        if (Interlocked.CompareExchange(ref _queue, NewQueueCell(), forgotten) == forgotten
            && Interlocked.Increment(ref _queuesToWake) == 1)
            forgotten.Tell(WakeQueueAsync);
    }

    /// <summary>Jobs wait in the store while no queue actor lives, so one is woken until it answers.</summary>
    async ValueTask WakeQueueAsync()
    {
        for (var delay = WakeDelay; !_isStopping; delay = delay * 2 < WakeDelayMax ? delay * 2 : WakeDelayMax)
        {
            await Task.Delay(delay, _environment.Clock);
            var forgotten = Volatile.Read(ref _queuesToWake);
            try
            {
                await Queue.StatusAsync();
                if (Interlocked.Add(ref _queuesToWake, -forgotten) == 0)
                    return;
                delay = WakeDelay;
            }
            catch (Exception error) when (error is StoreFailedException or ActorForgottenException)
            {
                // The store is still away; whoever calls meanwhile is told so.
            }
            catch
            {
                // A fault: whoever is forgotten next is woken again.
                Volatile.Write(ref _queuesToWake, 0);
                throw;
            }
        }
    }

    async ValueTask CleanAsync() => await Cleanup.SweepAsync(new(IsDryRun: false, DeleteOlderThan: null) { IsPeriodic = true });

    void Sweep()
    {
        var before = _environment.Tick++;
        foreach (var cell in _users.Values)
            cell.RetireIfIdle(before);
    }
}
