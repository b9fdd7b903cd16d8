using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Orleans.Grains;
using Orleans.Runtime.Placement;
using static NextUp.Hosting.InProcess.Calls;

namespace NextUp.Orleans.Cluster;

/// <summary>
/// Calls to a job's actor: a grain, on the silo with the most room, or beside the queue where the work is brief. A start whose
/// answer was lost is asked after until it is known that the attempt runs somewhere or is over: nobody else would look for it.
/// </summary>
sealed class JobCalls(ClusterActors actors, JobId id) : IJobActor
{
    /// <summary>
    /// Work that takes less stays beside the queue, without a grain: to make one elsewhere, to enter it into the directory and
    /// to hear of its end costs about a quarter of this in processor time.
    /// </summary>
    static readonly TimeSpan BriefMax = TimeSpan.FromMilliseconds(1);

    static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan AskAgainAfterMax = TimeSpan.FromSeconds(2);

    SiloParts Parts => actors.Parts;

    public async ValueTask StartAsync(JobRecord job)
    {
        var here = Parts.Seat()?.Silo;
        var home = here is not null && IsBrief(job) && here.Equals(actors.Here) ? here : null;

        // What a worker elsewhere does is watched beside the queue, where workers are heard.
        var silo = job.Lease is null ? Parts.Placing.Choose(id, actors.Silos, home) : here;
        if (home is not null && home.Equals(silo))
        {
            await Parts.Brief.Job(id).StartAsync(job);
            return;
        }

        try
        {
            await ToGrainAsync(silo, grain => grain.StartAsync(job));
        }
        catch (ActorForgottenException)
        {
            await RecoverAsync(id);
        }
    }

    public async ValueTask RecoverAsync(JobId job)
    {
        for (var delay = AskAgainAfter; ; delay = delay * 2 < AskAgainAfterMax ? delay * 2 : AskAgainAfterMax)
        {
            try
            {
                await ToActorAsync(actor => Answered(actor.RecoverAsync(job)));
                return;
            }
            catch (ActorForgottenException) when (!Parts.IsStopping)
            {
                await Task.Delay(delay, TimeProvider.System);
            }
        }
    }

    public ValueTask<bool> CancelAsync(JobId job, string reason) => ToActorAsync(actor => actor.CancelAsync(job, reason));

    public async ValueTask ShutDownAsync() => await ToActorAsync(actor => Answered(actor.ShutDownAsync()));

    public ValueTask<FinishAnswer> FinishAsync(JobId job, int attempt, AttemptEnd end) =>
        ToActorAsync(actor => actor.FinishAsync(job, attempt, end));

    /// <summary>One that was begun before may be known to grains and reminders, and goes on as one of them.</summary>
    bool IsBrief(JobRecord job) =>
        job is { Lease: null, Attempt: 1 } && Parts.Runner.Typical(job.Kind) < BriefMax;

    /// <summary>To the actor where it lives; where none does, to a new one beside the queue.</summary>
    ValueTask<T> ToActorAsync<T>(Func<IJobActor, ValueTask<T>> call) =>
        Parts.Brief.Find(id) is { } brief ? call(brief) : ToGrainAsync(Parts.Seat()?.Silo, call);

    async ValueTask ToGrainAsync(SiloAddress? hint, Func<IJobActor, ValueTask> call) =>
        await ToGrainAsync(hint, grain => Answered(call(grain)));

    async ValueTask<T> ToGrainAsync<T>(SiloAddress? hint, Func<IJobActor, ValueTask<T>> call)
    {
        if (hint is not null)
            RequestContext.Set(IPlacementDirector.PlacementHintKey, hint);
        try
        {
            return await actors.JobGrain(id).SentAsync<IJobGrain, T>(call);
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }
    }
}
