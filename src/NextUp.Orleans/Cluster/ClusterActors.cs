using Microsoft.Extensions.DependencyInjection;
using NextUp.Actors;
using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Users;
using NextUp.Orleans.Grains;

namespace NextUp.Orleans.Cluster;

/// <summary>
/// Finds actors on any silo. What is beside the store's writer is found by who owns the store; while nobody does, or the
/// owner is gone, a call waits for the next one for up to <see cref="SeatWaitMax"/>.
/// </summary>
sealed class ClusterActors(SiloParts parts) : IActorDirectory
{
    /// <summary>Longer than a takeover takes.</summary>
    static readonly TimeSpan SeatWaitMax = TimeSpan.FromSeconds(10);

    static readonly TimeSpan SeatLookEvery = TimeSpan.FromMilliseconds(50);

    public IQueueActor Queue => new QueueCalls(this);

    public ICleanupActor Cleanup => new CleanupCalls(this);

    public IUserActor User(UserId user) => new UserCalls(Grains.GetGrain<IUserGrain>(user.Value));

    public IJobActor Job(JobId job) => new JobCalls(this, job);

    public SiloParts Parts => parts;

    /// <summary>This silo.</summary>
    public SiloAddress Here => Silo<ILocalSiloDetails>().SiloAddress;

    /// <summary>Silos that take work.</summary>
    public IReadOnlyList<SiloAddress> Silos => Oracle.GetActiveSilos();

    public async ValueTask<IQueueGrain> QueueAsync() => Grains.GetGrain<IQueueGrain>((await SeatAsync()).Key);

    public async ValueTask<ICleanupGrain> CleanupAsync() => Grains.GetGrain<ICleanupGrain>((await SeatAsync()).Key);

    public IJobGrain JobGrain(JobId job) => Grains.GetGrain<IJobGrain>(job.ToString());

    public ISiloGrain Silo(SiloAddress silo) => Grains.GetGrain<ISiloGrain>(Seat.KeyOf(silo));

    IGrainFactory Grains => Silo<IGrainFactory>();

    ISiloStatusOracle Oracle => Silo<ISiloStatusOracle>();

    T Silo<T>()
        where T : notnull =>
        parts.Services is { } services ? services.GetRequiredService<T>() : throw new ActorForgottenException("The silo has not started.");

    async ValueTask<Seat> SeatAsync()
    {
        var clock = TimeProvider.System; // How long to wait for a machine is no matter of the world's clock.
        for (var begun = clock.GetTimestamp(); ;)
        {
            if (parts.Seat() is { } seat && !Oracle.IsDeadSilo(seat.Silo))
                return seat;
            if (clock.GetElapsedTime(begun) >= SeatWaitMax)
                throw new ActorForgottenException("No server owns the store at the moment.");
            await Task.Delay(SeatLookEvery, clock);
        }
    }

    /// <summary>What Orleans says of a call whose answer nobody knows; asking again reaches whoever is there then.</summary>
    public static bool IsLost(Exception error) => error is OrleansException or TimeoutException or IOException;

    public static ActorForgottenException Lost(Exception error) =>
        new($"The server that was asked is gone, or did not answer ({error.Message}).", error);
}
