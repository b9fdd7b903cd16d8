using NextUp.Actors.Cleanup;
using NextUp.Orleans.Cluster;
using Orleans.Concurrency;

namespace NextUp.Orleans.Grains;

/// <summary>The clean-up's actor, beside the queue.</summary>
[Reentrant]
[KeepAlive]
[SeatPlacement]
sealed class CleanupGrain(SiloParts parts) : Grain, ICleanupGrain
{
    readonly ActorShell<CleanupActor> _shell = new(
        context => new CleanupActor(parts.Store, parts.Actors, context, parts.Kinds, parts.Cleanup, parts.TellSwept),
        _ => default, parts.Environment);

    public async ValueTask<CleanupReport> SweepAsync(CleanupRequest request) =>
        await (await _shell.ActorAsync()).SweepAsync(request);

    public async ValueTask<IReadOnlyList<SweepOutcome>> OutcomesAsync() =>
        (await (await _shell.ActorAsync()).OutcomesAsync()).ToArray();
}
