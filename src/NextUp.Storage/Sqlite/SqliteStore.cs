using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Storage.Files;

namespace NextUp.Storage.Sqlite;

/// <summary>The store on SQLite: one file in a folder that one process owns, or a database in memory.</summary>
/// <remarks>
/// On disk, one thread writes (<see cref="CommitQueue"/>) with <c>synchronous=FULL</c> and a write-ahead log; questions
/// are answered beside it on connections of their own and see every commit that was acknowledged before they were
/// asked. In memory there is no thread: <see cref="CommitAsync"/> commits on the caller's and answers at once, which is
/// what a simulation with one thread needs. A crash at any instant leaves the state after some commit, and at least
/// after the last one that was acknowledged; nothing has to be repaired.
/// </remarks>
public sealed partial class SqliteStore : IJobStore, IAccountStore, IStatisticsStore, IDisposable
{
    const string DatabaseName = "nextup.db";

    readonly SqliteDatabase database;
    readonly JobReaders readers;
    readonly CommitQueue? queue;
    readonly FolderLock? folderLock;
    readonly Lock turn;

    SqliteStore(SqliteDatabase database, JobReaders readers, CommitQueue? queue, FolderLock? folderLock, Lock turn)
    {
        this.database = database;
        this.readers = readers;
        this.queue = queue;
        this.folderLock = folderLock;
        this.turn = turn;
        Notices = new SqliteNotices(this, database, readers);
    }

    public event Action<IReadOnlyList<JobEvent>>? Happened
    {
        add => database.Happened += value;
        remove => database.Happened -= value;
    }

    /// <summary>Who is to be told what, in the same database.</summary>
    public INoticeStore Notices { get; }

    /// <summary>The writing half, for tests that need groups or faults of their own making.</summary>
    public SqliteDatabase Database => database;

    /// <summary>Opens the store in a folder, which is made where it is missing.</summary>
    /// <param name="files">The store of large files, told of those that deletions leave behind; null without
    /// one.</param>
    /// <exception cref="StoreOwnedException">Another process has it open.</exception>
    /// <exception cref="StoreFailedException">The folder cannot be written, or the database is damaged or
    /// newer.</exception>
    public static SqliteStore Open(string folder, FolderFileStore? files = null, SqliteStoreOptions? options = null)
    {
        options ??= new SqliteStoreOptions();
        var folderLock = FolderLock.Take(folder);
        var path = Path.Combine(folder, DatabaseName);
        Connection? connection = null;
        try
        {
            connection = Connection.OpenFile(path, readOnly: false);
            Prepare(connection, options);
            var database = new SqliteDatabase(connection, options);
            if (files is not null)
                database.FilesReleased = files.Remove;
            var readers = new PooledReaders(
                () => new JobReader(OpenReader(path, options), database.RecentJobs), options.ReadersMax);
            var queue = new CommitQueue(database, options, new LogCopy(connection, options.LogPagesMax).AfterGroup);
            return new SqliteStore(database, readers, queue, folderLock, new Lock());
        }
        catch (SqliteException failure)
        {
            connection?.Dispose();
            folderLock.Dispose();
            throw failure.AsFailure(path, whileCommitting: false);
        }
        catch
        {
            connection?.Dispose();
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>A fresh, empty store in memory, in a millisecond or two.</summary>
    public static SqliteStore OpenInMemory(SqliteStoreOptions? options = null)
    {
        var connection = Connection.OpenInMemory();
        connection.Execute("PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY");
        Schema.Bring(connection);
        var turn = new Lock();
        var database = new SqliteDatabase(connection, options ?? new SqliteStoreOptions());
        var reader = new SharedReader(new JobReader(connection, database.RecentJobs), turn);
        return new SqliteStore(database, reader, null, null, turn);
    }

    public Task<CommitAnswer> CommitAsync(StoreWrite write)
    {
        WriteLimits.Check(write);
        if (queue is not null)
            return queue.CommitAsync(write);

        lock (turn)
        {
            try
            {
                return Task.FromResult(database.ApplyGroup([write])[0]);
            }
            catch (StoreFailedException failure)
            {
                return Task.FromException<CommitAnswer>(failure);
            }
        }
    }

    public Task<QueueClaim> ClaimQueueAsync()
    {
        if (queue is not null)
            return queue.ClaimAsync();

        lock (turn)
        {
            try
            {
                return Task.FromResult(database.ClaimQueue());
            }
            catch (StoreFailedException failure)
            {
                return Task.FromException<QueueClaim>(failure);
            }
        }
    }

    public IEnumerable<QueueRow> ReadQueue() => readers.ReadQueue();

    public Task<IReadOnlyList<JobRecord>> LaneAsync(UserId user) =>
        readers.AskAsync<IReadOnlyList<JobRecord>>(reader => reader.Lane(user));

    public Task<IReadOnlyList<UserId>> UsersToPromoteAsync(int limit) =>
        readers.AskAsync<IReadOnlyList<UserId>>(reader => reader.UsersToPromote(limit));

    public Task<IReadOnlyList<MovingVisitor>> MovingAsync(int limit) =>
        readers.AskAsync<IReadOnlyList<MovingVisitor>>(reader => reader.Moving(limit));

    public Task<UserId?> AdoptedByAsync(UserId visitor) => readers.AskAsync(reader => reader.AdoptedBy(visitor));

    public Task<IReadOnlyList<JobRecord>> UnfinishedWithOriginAsync() =>
        readers.AskAsync<IReadOnlyList<JobRecord>>(reader => reader.UnfinishedWithOrigin());

    public Task<IReadOnlyList<HeldJob>> HeldAsync(JobSequence after, int limit) =>
        readers.AskAsync<IReadOnlyList<HeldJob>>(reader => reader.Held(after, limit));

    public Task<JobRecord?> FindAsync(JobId job) => readers.AskAsync(reader => reader.Find(job));

    public Task<JobRecord?> FindAsync(UserId user, JobId job) => readers.AskAsync(reader => reader.Find(user, job));

    public Task<JobRecord?> FindByKeyAsync(UserId user, string key) =>
        readers.AskAsync(reader => reader.FindByKey(user, key));

    public Task<JobListing> ListAsync(UserId user, JobState? state, JobSequence? before, int limit) =>
        readers.AskAsync(reader => reader.List(user, state, before, limit));

    public Task<StagedFile?> FindFileAsync(JobSequence job, FileRole role) =>
        readers.AskAsync(reader => reader.File(job, role));

    public Task<IReadOnlyList<LogLine>> LogAsync(JobSequence job, long after, int limit) =>
        readers.AskAsync<IReadOnlyList<LogLine>>(reader => reader.Log(job, after, limit));

    public Task<byte[]?> LoadCheckpointAsync(JobSequence job, string name) =>
        readers.AskAsync(reader => reader.Checkpoint(job, name));

    public Task<IReadOnlyList<JobEvent>> EventsAsync(UserId user, long after, int limit) =>
        readers.AskAsync<IReadOnlyList<JobEvent>>(reader => reader.Events(user, after, limit));

    public Task<long> LastEventNumberAsync(UserId user) => readers.AskAsync(reader => reader.LastEventNumber(user));

    public Task<StoreCounts> CountsAsync(DateTimeOffset now) => readers.AskAsync(reader => reader.Counts(now));

    public Task<OldJobs> FinishedBeforeAsync(DateTimeOffset endedBefore, JobSequence after, int limit) =>
        readers.AskAsync(reader => reader.FinishedBefore(endedBefore, after, limit));

    public Task<IReadOnlyList<JobRecord>> UnfinishedBeforeAsync(
        JobState state, DateTimeOffset before, int limit, JobSequence after = default) =>
        readers.AskAsync<IReadOnlyList<JobRecord>>(reader => reader.UnfinishedBefore(state, before, limit, after));

    public Task<JobListing> ListAllAsync(JobChoice choice, JobSequence? before, int limit) =>
        readers.AskAsync(reader => reader.ListAll(choice, before, limit));

    public Task<IReadOnlyList<JobEvent>> HistoryAsync(JobRecord job) =>
        readers.AskAsync<IReadOnlyList<JobEvent>>(reader => reader.History(job));

    public Task<ApiKey?> FindKeyAsync(string id) => readers.AskAsync(reader => reader.FindKey(id));

    public Task<IReadOnlyList<ApiKey>> KeysAsync(UserId? user, string? before, int limit) =>
        readers.AskAsync<IReadOnlyList<ApiKey>>(reader => reader.Keys(user, before, limit));

    public Task<IReadOnlyList<AuditEntry>> AuditAsync(Guid? before, int limit) =>
        readers.AskAsync<IReadOnlyList<AuditEntry>>(reader => reader.Audit(before, limit));

    /// <summary>
    /// Whether some job has the large file of this name; for <see cref="FolderFileStore.SweepAsync"/>.
    /// </summary>
    public Task<bool> HasFileAsync(string path) => readers.AskAsync(reader => reader.HasFile(path));

    /// <summary>Commits what waits, then closes.</summary>
    public void Dispose()
    {
        queue?.Dispose();
        readers.Dispose();
        database.Dispose();
        folderLock?.Dispose();
    }

    // The page size counts only for a new file. FULL in a write-ahead log is one sync of the log per commit; the sync
    // of the database itself is the log copy's.
    static void Prepare(Connection connection, SqliteStoreOptions options)
    {
        connection.Execute(
            "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; "
            + $"PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{options.PageCacheKib}");
        connection.WatchLog();
        Schema.Bring(connection);
    }

    static Connection OpenReader(string path, SqliteStoreOptions options)
    {
        var connection = Connection.OpenFile(path, readOnly: true);
        connection.Execute(
            $"PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{options.PageCacheKib}");
        return connection;
    }
}
