using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Orleans.Grains;
using Orleans.Runtime.Placement;

namespace NextUp.Orleans.Cluster;

/// <summary>
/// Calls to a job's grain. Its start goes to the silo with the most room. A start whose answer was lost is asked after until it
/// is known that the attempt runs somewhere or is over: nobody else would look for it.
/// </summary>
sealed class JobCalls(ClusterActors actors, IJobGrain grain) : IJobActor
{
    static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan AskAgainAfterMax = TimeSpan.FromSeconds(2);

    public async ValueTask StartAsync(JobRecord job)
    {
        var parts = actors.Parts;
        // What a worker elsewhere does is watched beside the queue, where workers are heard.
        var silo = job.Lease is null ? parts.Placing.Choose(job.Id, actors.Silos) : parts.Seat()?.Silo;
        try
        {
            await HintedAsync(silo, () => grain.SentAsync(actor => actor.StartAsync(job)));
        }
        catch (ActorForgottenException)
        {
            await RecoverAsync(job.Id);
        }
    }

    public async ValueTask RecoverAsync(JobId job)
    {
        var parts = actors.Parts;
        for (var delay = AskAgainAfter; ; delay = delay * 2 < AskAgainAfterMax ? delay * 2 : AskAgainAfterMax)
        {
            try
            {
                await HintedAsync(parts.Seat()?.Silo, () => grain.SentAsync(actor => actor.RecoverAsync(job)));
                return;
            }
            catch (ActorForgottenException) when (!parts.IsStopping)
            {
                await Task.Delay(delay, TimeProvider.System);
            }
        }
    }

    public ValueTask<bool> CancelAsync(JobId job, string reason) => grain.SentAsync(actor => actor.CancelAsync(job, reason));

    public ValueTask ShutDownAsync() => grain.SentAsync(actor => actor.ShutDownAsync());

    public ValueTask<FinishAnswer> FinishAsync(JobId job, int attempt, AttemptEnd end) =>
        grain.SentAsync(actor => actor.FinishAsync(job, attempt, end));

    static async ValueTask HintedAsync(SiloAddress? silo, Func<ValueTask> call)
    {
        if (silo is not null)
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        try
        {
            await call();
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }
    }
}
