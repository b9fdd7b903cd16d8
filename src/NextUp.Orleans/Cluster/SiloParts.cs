using System.Collections.Concurrent;
using NextUp.Actors;
using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Hosting.InProcess;
using NextUp.Orleans.Grains;

namespace NextUp.Orleans.Cluster;

/// <summary>What the grains of one silo share.</summary>
sealed class SiloParts
{
    public required IJobStore Store { get; init; }

    public required KindPolicies Kinds { get; init; }

    public required IJobRunner Runner { get; init; }

    public required ActorEnvironment Environment { get; init; }

    public required CleanupSettings Cleanup { get; init; }

    public required Action<SweepOutcome> TellSwept { get; init; }

    /// <summary>Who owns the store, as far as this silo knows; null where nobody does.</summary>
    public required Func<Seat?> Seat { get; init; }

    /// <summary>Any actor of the cluster.</summary>
    public IActorDirectory Actors { get; set; } = null!;

    /// <summary>The silo's; null until it has started.</summary>
    public IServiceProvider? Services { get; set; }

    /// <summary>For queue actors that are made on this silo from now on.</summary>
    public volatile QueueSettings Settings = new();

    /// <summary>Jobs whose attempts run on this silo, by their grains.</summary>
    public ConcurrentDictionary<JobId, IJobGrain> Running { get; } = new();

    /// <summary>
    /// Jobs whose work is so brief that a grain's life would cost more: their actors live beside the queue, as in a server that
    /// is alone. Used on the owner of the store; when that is lost the next one asks after them as after all that runs.
    /// </summary>
    public JobCells Brief { get; set; } = null!;

    /// <summary>Jobs whose attempts run on this silo.</summary>
    public JobId[] RunningNow() => [.. Running.Keys, .. Brief.Ids];

    /// <summary>Where attempts begin; used on the owner of the store.</summary>
    public JobPlacing Placing { get; } = new();

    public volatile bool IsStopping;
}
