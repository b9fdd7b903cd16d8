using NextUp.Actors.Store;

namespace NextUp.Storage.Sql;

/// <summary>Lends readers. What is asked on one reader within one call sees one state of the store.</summary>
abstract class JobReaders : IDisposable
{
    public abstract Task<T> AskAsync<T>(Func<JobReader, T> question);

    /// <summary>See <see cref="IJobStore.ReadQueue"/>.</summary>
    public abstract IEnumerable<QueueRow> ReadQueue();

    public abstract void Dispose();
}
