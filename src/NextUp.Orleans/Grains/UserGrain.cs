using NextUp.Actors.Jobs;
using NextUp.Actors.Users;
using NextUp.Orleans.Cluster;
using Orleans.Concurrency;
using Orleans.Placement;

namespace NextUp.Orleans.Grains;

/// <summary>A user's actor, on the silo that is asked first.</summary>
[Reentrant]
[PreferLocalPlacement]
sealed class UserGrain : Grain, IUserGrain
{
    readonly ActorShell<UserActor> _shell;

    public UserGrain(SiloParts parts)
    {
        var user = new UserId(this.GetPrimaryKeyString());
        _shell = new(
            context => new UserActor(user, parts.Store, parts.Actors, context, parts.Kinds), actor => actor.ActivateAsync(),
            parts.Environment);
    }

    public async ValueTask<SubmitAnswer> SubmitAsync(Submission submission) =>
        await (await _shell.ActorAsync()).SubmitAsync(submission);

    public async ValueTask<CancelAnswer> CancelAsync(JobId job, string reason) =>
        await (await _shell.ActorAsync()).CancelAsync(job, reason);

    public async ValueTask<RetryAnswer> RetryAsync(JobId job, bool isByOperator) =>
        await (await _shell.ActorAsync()).RetryAsync(job, isByOperator);

    public async ValueTask<IReadOnlyList<StaleJob>> ClearStaleAsync() =>
        (await (await _shell.ActorAsync()).ClearStaleAsync()).ToArray();

    public async ValueTask<EndAnswer> EndAsync(JobRecord job, JobEnd end) => await (await _shell.ActorAsync()).EndAsync(job, end);

    public async ValueTask<AdoptAnswer> MoveToAsync(UserId account, int subscriptionsMax) =>
        await (await _shell.ActorAsync()).MoveToAsync(account, subscriptionsMax);

    public async ValueTask<AdoptAnswer> TakeInAsync(VisitorJobs visitor) =>
        await (await _shell.ActorAsync()).TakeInAsync(visitor);

    public async ValueTask PromoteAsync() => await (await _shell.ActorAsync()).PromoteAsync();
}
