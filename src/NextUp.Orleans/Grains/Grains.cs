using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Orleans.Grains;

/// <summary>A user, by their id.</summary>
public interface IUserGrain : IUserActor, IGrainWithStringKey;

/// <summary>A job, by its id.</summary>
public interface IJobGrain : IJobActor, IGrainWithStringKey;

/// <summary>The queue, by the <see cref="Cluster.Seat"/> that it has: the silo that owns the store, and since when.</summary>
public interface IQueueGrain : IQueueActor, IGrainWithStringKey;

/// <summary>The clean-up, by the same seat.</summary>
public interface ICleanupGrain : ICleanupActor, IGrainWithStringKey;

/// <summary>Takes the writes of other silos to the store, by the same seat.</summary>
public interface IWriterGrain : IGrainWithStringKey
{
    ValueTask<CommitAnswer> CommitAsync(StoreWrite write);
}

/// <summary>What a silo knows of itself, by the silo.</summary>
public interface ISiloGrain : IGrainWithStringKey
{
    /// <summary>The jobs that are worked on there.</summary>
    ValueTask<JobId[]> RunningAsync();

    /// <summary>For the owner of the store: the silo is leaving and takes no more work.</summary>
    ValueTask LeavingAsync(string silo);

    /// <summary>
    /// For the owner of the store: the silo cannot reach the database, and takes no work until it can. Answers whether the owner
    /// itself can.
    /// </summary>
    ValueTask<bool> CutOffAsync(string silo, bool isCutOff);

    /// <summary>Whether this silo cannot reach the database.</summary>
    ValueTask<bool> IsCutOffAsync();
}
