using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Actors.Workers;
using NextUp.Orleans.Grains;

namespace NextUp.Orleans.Cluster;

/// <summary>Calls as they go to a grain: what gets lost on the way is told as actors know it.</summary>
static class Calls
{
    public static async ValueTask<T> SentAsync<TGrain, T>(this TGrain grain, Func<TGrain, ValueTask<T>> call)
    {
        try
        {
            return await call(grain);
        }
        catch (Exception error) when (ClusterActors.IsLost(error))
        {
            throw ClusterActors.Lost(error);
        }
    }

    public static async ValueTask SentAsync<TGrain>(this TGrain grain, Func<TGrain, ValueTask> call)
    {
        try
        {
            await call(grain);
        }
        catch (Exception error) when (ClusterActors.IsLost(error))
        {
            throw ClusterActors.Lost(error);
        }
    }
}

/// <summary>Calls to a user's grain.</summary>
sealed class UserCalls(IUserGrain grain) : IUserActor
{
    public ValueTask<SubmitAnswer> SubmitAsync(Submission submission) => grain.SentAsync(user => user.SubmitAsync(submission));

    public ValueTask<CancelAnswer> CancelAsync(JobId job, string reason) => grain.SentAsync(user => user.CancelAsync(job, reason));

    public ValueTask<RetryAnswer> RetryAsync(JobId job, bool isByOperator) =>
        grain.SentAsync(user => user.RetryAsync(job, isByOperator));

    public ValueTask<IReadOnlyList<StaleJob>> ClearStaleAsync() => grain.SentAsync(user => user.ClearStaleAsync());

    public ValueTask<EndAnswer> EndAsync(JobRecord job, JobEnd end) => grain.SentAsync(user => user.EndAsync(job, end));

    public ValueTask<AdoptAnswer> MoveToAsync(UserId account, int subscriptionsMax) =>
        grain.SentAsync(user => user.MoveToAsync(account, subscriptionsMax));

    public ValueTask<AdoptAnswer> TakeInAsync(VisitorJobs visitor) => grain.SentAsync(user => user.TakeInAsync(visitor));

    public ValueTask PromoteAsync() => grain.SentAsync(user => user.PromoteAsync());
}

/// <summary>Calls to the queue's grain.</summary>
sealed class QueueCalls(ClusterActors actors) : IQueueActor
{
    public ValueTask<QueueAnswer> ChangeAsync(QueueChange change) => AskAsync(queue => queue.ChangeAsync(change));

    public ValueTask<QueueAnswer> AdoptAsync(Adoption adoption) => AskAsync(queue => queue.AdoptAsync(adoption));

    public ValueTask<IReadOnlyList<QueuePlace?>> PlacesAsync(IReadOnlyList<QueueAsk> asks) =>
        AskAsync(queue => queue.PlacesAsync(asks.ToArray()));

    public ValueTask<QueueStatus> StatusAsync() => AskAsync(queue => queue.StatusAsync());

    public ValueTask<IReadOnlyList<EstimateFigures>> EstimatesAsync() => AskAsync(queue => queue.EstimatesAsync());

    public async ValueTask ReviewAsync() => await (await actors.QueueAsync()).SentAsync(queue => queue.ReviewAsync());

    public async ValueTask ConfigureAsync(QueueSettings settings) =>
        await (await actors.QueueAsync()).SentAsync(queue => queue.ConfigureAsync(settings));

    public ValueTask<IReadOnlyList<JobRecord>> LeaseAsync(LeaseAsk ask) => AskAsync(queue => queue.LeaseAsync(ask));

    public async ValueTask WithdrawAsync(WorkerId worker, long number) =>
        await (await actors.QueueAsync()).SentAsync(queue => queue.WithdrawAsync(worker, number));

    public ValueTask<SteerAnswer> SteerAsync(SteerOrder order) => AskAsync(queue => queue.SteerAsync(order));

    public ValueTask<Steering> SteeringAsync() => AskAsync(queue => queue.SteeringAsync());

    public ValueTask<IReadOnlyList<PassedOver?>> PassedOverAsync(IReadOnlyList<JobRecord> jobs) =>
        AskAsync(queue => queue.PassedOverAsync(jobs.ToArray()));

    public async ValueTask GovernAsync(int? slots) =>
        await (await actors.QueueAsync()).SentAsync(queue => queue.GovernAsync(slots));

    async ValueTask<T> AskAsync<T>(Func<IQueueGrain, ValueTask<T>> call) => await (await actors.QueueAsync()).SentAsync(call);
}

/// <summary>Calls to the clean-up's grain.</summary>
sealed class CleanupCalls(ClusterActors actors) : ICleanupActor
{
    public async ValueTask<CleanupReport> SweepAsync(CleanupRequest request) =>
        await (await actors.CleanupAsync()).SentAsync(cleanup => cleanup.SweepAsync(request));

    public async ValueTask<IReadOnlyList<SweepOutcome>> OutcomesAsync() =>
        await (await actors.CleanupAsync()).SentAsync(cleanup => cleanup.OutcomesAsync());
}
