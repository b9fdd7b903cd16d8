using NextUp.Actors;
using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;

namespace NextUp.Hosting;

/// <summary>Runs actors: in this process, or as part of a cluster of servers.</summary>
public interface IActorHost : IActorDirectory
{
    /// <summary>Told of each sweep of the clean-up that this server made.</summary>
    event Action<SweepOutcome>? Swept;

    /// <summary>From then on jobs start, here or wherever the queue is.</summary>
    Task StartAsync();

    /// <summary>
    /// Starts nothing more here and asks the work that runs here to stop; it goes on elsewhere, or after the next start. Answers
    /// when it has, or when the time is over: what still runs then counts as lost.
    /// </summary>
    Task StopAsync(TimeSpan timeout);

    /// <summary>
    /// New rules of the kinds, and of the queue, while jobs wait and run. Answers when they are in force.
    /// </summary>
    Task ConfigureAsync(IEnumerable<KindPolicy> kinds, QueueSettings settings);
}
