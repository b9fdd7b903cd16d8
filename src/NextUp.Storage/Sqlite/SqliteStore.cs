using NextUp.Actors.Store;
using NextUp.Storage.Files;
using NextUp.Storage.Sql;

namespace NextUp.Storage.Sqlite;

/// <summary>The store on SQLite: one file in a folder that one process owns, or a database in memory.</summary>
/// <remarks>
/// On disk, one thread writes (<see cref="CommitQueue"/>) with <c>synchronous=FULL</c> and a write-ahead log; questions
/// are answered beside it on connections of their own and see every commit that was acknowledged before they were
/// asked. In memory there is no thread: <see cref="CommitAsync"/> commits on the caller's and answers at once, which is
/// what a simulation with one thread needs. A crash at any instant leaves the state after some commit, and at least
/// after the last one that was acknowledged; nothing has to be repaired.
/// </remarks>
public sealed class SqliteStore : SqlStore
{
    const string DatabaseName = "nextup.db";

    readonly SqlDatabase database;
    readonly JobReaders readers;
    readonly CommitQueue? queue;
    readonly FolderLock? folderLock;
    readonly Lock turn;
    bool isClosed;

    SqliteStore(SqlDatabase database, JobReaders readers, CommitQueue? queue, FolderLock? folderLock, Lock turn)
        : base(database, readers)
    {
        this.database = database;
        this.readers = readers;
        this.queue = queue;
        this.folderLock = folderLock;
        this.turn = turn;
    }

    internal Connection Connection => (Connection)database.Connection;

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
            var database = Writer(connection, options);
            if (files is not null)
                database.FilesReleased = files.Remove;
            var readers = new PooledReaders(
                () => new JobReader(OpenReader(path, options), database.RecentJobs), options.ReadersMax);
            var log = new LogCopy(connection, options.LogPagesMax, options.EraseAfter) { Erased = options.Erased };
            var queue = new CommitQueue(database, options, log.AfterGroup);
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
        var database = Writer(connection, options ?? new SqliteStoreOptions());
        var reader = new SharedReader(new JobReader(connection, database.RecentJobs), turn);
        return new SqliteStore(database, reader, null, null, turn);
    }

    public override Task<CommitAnswer> CommitAsync(StoreWrite write)
    {
        WriteLimits.Check(write);
        return queue is not null ? queue.CommitAsync(write) : CommitHere(write);
    }

    public override Task<QueueClaim> ClaimQueueAsync() => queue is not null ? queue.ClaimAsync() : Here(database.ClaimQueue);

    Task<CommitAnswer> CommitHere(StoreWrite write) => Here(() => database.ApplyGroup([write])[0]);

    Task<T> Here<T>(Func<T> act)
    {
        lock (turn)
        {
            try
            {
                return isClosed ? throw StoreFailedException.Closed() : Task.FromResult(act());
            }
            catch (StoreFailedException failure)
            {
                return Task.FromException<T>(failure);
            }
        }
    }

    public override StoreLoad Load()
    {
        var load = queue?.Load() ?? new StoreLoad(0, 0, 0, 0, new(), new(), 0, 0);
        var path = database.Connection.Path;
        return load with
        {
            DatabaseBytes = Length(path),
            LogBytes = Length(path + "-wal"),
        };
    }

    static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    /// <summary>Commits what waits, then closes. From any thread, while others ask: they are answered, or told so.</summary>
    public override void Dispose()
    {
        lock (turn)
        {
            if (isClosed)
                return;
            isClosed = true;
            queue?.Dispose();
            readers.Dispose();
            database.Dispose();
            folderLock?.Dispose();
        }
    }

    static SqlDatabase Writer(Connection connection, SqliteStoreOptions options) =>
        new(connection, new RecentJobs(connection, options.RecentJobsMax), options);

    // The page size counts only for a new file. FULL in a write-ahead log is one sync of the log per commit; the sync
    // of the database itself is the log copy's. FAST would leave what is deleted in the pages that it frees: files and
    // checkpoints are in such.
    static void Prepare(Connection connection, SqliteStoreOptions options)
    {
        connection.Execute(
            "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; "
            + $"PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA cache_size = -{options.PageCacheKib}");
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
