using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Actors.Workers;
using NextUp.Orleans.Cluster;
using Orleans.Concurrency;

namespace NextUp.Orleans.Grains;

/// <summary>
/// The queue's actor, on the silo that owns the store, so that its commits go to the disk in the order in which they were
/// decided. It must not sleep: when its actor is forgotten the successor is woken at once.
/// </summary>
[Reentrant]
[KeepAlive]
[SeatPlacement]
sealed class QueueGrain : Grain, IQueueGrain
{
    static readonly TimeSpan WakeDelay = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan WakeDelayMax = TimeSpan.FromSeconds(2);

    readonly SiloParts _parts;
    readonly ActorShell<QueueActor> _shell;

    public QueueGrain(SiloParts parts)
    {
        _parts = parts;
        _shell = new(
            context => new QueueActor(parts.Store, parts.Actors, context, parts.Kinds, parts.Settings),
            actor => actor.ActivateAsync(), parts.Environment, () => _shell!.Tell(WakeAsync));
    }

    public async ValueTask<QueueAnswer> ChangeAsync(QueueChange change) => await (await _shell.ActorAsync()).ChangeAsync(change);

    public async ValueTask<QueueAnswer> AdoptAsync(Adoption adoption) => await (await _shell.ActorAsync()).AdoptAsync(adoption);

    public async ValueTask<IReadOnlyList<QueuePlace?>> PlacesAsync(IReadOnlyList<QueueAsk> asks) =>
        (await (await _shell.ActorAsync()).PlacesAsync(asks)).ToArray();

    public async ValueTask<QueueStatus> StatusAsync() => await (await _shell.ActorAsync()).StatusAsync();

    public async ValueTask<IReadOnlyList<EstimateFigures>> EstimatesAsync() =>
        (await (await _shell.ActorAsync()).EstimatesAsync()).ToArray();

    public async ValueTask ReviewAsync() => await (await _shell.ActorAsync()).ReviewAsync();

    public async ValueTask ConfigureAsync(QueueSettings settings) =>
        await (await _shell.ActorAsync()).ConfigureAsync(settings);

    public async ValueTask<IReadOnlyList<JobRecord>> LeaseAsync(LeaseAsk ask) =>
        (await (await _shell.ActorAsync()).LeaseAsync(ask)).ToArray();

    public async ValueTask WithdrawAsync(WorkerId worker, long number) =>
        await (await _shell.ActorAsync()).WithdrawAsync(worker, number);

    public async ValueTask<SteerAnswer> SteerAsync(SteerOrder order)
    {
        var answer = await (await _shell.ActorAsync()).SteerAsync(order);

        // The pause of the settings ends with this one, also for a successor on this silo.
        if (order is SteerOrder.Resume { Target: PauseTarget.Everything })
            _parts.Settings = _parts.Settings with { Paused = false };
        return answer;
    }

    public async ValueTask<Steering> SteeringAsync() => await (await _shell.ActorAsync()).SteeringAsync();

    public async ValueTask<IReadOnlyList<PassedOver?>> PassedOverAsync(IReadOnlyList<JobRecord> jobs) =>
        (await (await _shell.ActorAsync()).PassedOverAsync(jobs)).ToArray();

    public async ValueTask GovernAsync(int? slots) => await (await _shell.ActorAsync()).GovernAsync(slots);

    /// <summary>Jobs wait in the store while no queue actor lives, so one is woken until it answers, while the store is ours.</summary>
    async ValueTask WakeAsync()
    {
        for (var delay = WakeDelay; IsSeated; delay = delay * 2 < WakeDelayMax ? delay * 2 : WakeDelayMax)
        {
            await Task.Delay(delay, _parts.Environment.Clock);
            try
            {
                await (await _shell.ActorAsync()).StatusAsync();
                return;
            }
            catch (Exception away) when (away is StoreFailedException or ActorForgottenException)
            {
                // The store is still away; whoever calls meanwhile is told so.
            }
        }
    }

    bool IsSeated => !_parts.IsStopping && _parts.Seat()?.Key == this.GetPrimaryKeyString();
}
