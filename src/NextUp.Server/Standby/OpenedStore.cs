using NextUp.Actors.Store;
using NextUp.Server.Settings;
using NextUp.Storage.Files;
using NextUp.Storage.Postgres;
using NextUp.Storage.Sql;
using NextUp.Storage.Sqlite;

namespace NextUp.Server.Standby;

/// <summary>The store that the server works on, and its large files.</summary>
sealed record OpenedStore(SqlStore Store, IStoredFiles Files) : IDisposable
{
    /// <summary>In the data folder of a server whose jobs are in PostgreSQL, so that nobody goes on with an old file.</summary>
    const string MarkName = "jobs-are-in-postgres";

    public static bool IsMarked(string dataFolder) => File.Exists(Path.Combine(dataFolder, MarkName));

    /// <summary>Another server has taken the store over; never with SQLite.</summary>
    public CancellationToken Lost { get; private init; }

    /// <summary>The store as one of several servers has it; null where this server has it alone.</summary>
    public MemberStore? Member => Store as MemberStore;

    /// <summary>Called once when the server may write; keeps what every server of the installation must have.</summary>
    public SharedKeys? Keys { get; private init; }

    public static OpenedStore OnSqlite(string dataFolder, TimeProvider clock)
    {
        MustBeOnSqlite(dataFolder);
        var files = new FolderFileStore(Path.Combine(dataFolder, "files"), clock);
        return new OpenedStore(SqliteStore.Open(dataFolder, files), files);
    }

    /// <exception cref="StoreFailedException">The folder's jobs are in PostgreSQL.</exception>
    public static void MustBeOnSqlite(string dataFolder)
    {
        var mark = Path.Combine(dataFolder, MarkName);
        if (File.Exists(mark))
        {
            throw new StoreFailedException(
                $"The jobs of the data folder '{dataFolder}' are in PostgreSQL. Set store.kind and store.connection as they were; "
                + $"to begin anew with a file, delete '{mark}'.",
                isUncertain: false);
        }
    }

    /// <summary>Where the files of a store on PostgreSQL are.</summary>
    public static IStoredFiles FilesOf(StoreSettings settings, string dataFolder, TimeProvider clock) =>
        settings.Files == StoreFiles.Folder
            ? new FolderFileStore(Path.Combine(dataFolder, settings.FilesFolder!), clock)
            : new PostgresFileStore(settings.Options(clock));

    public static OpenedStore OnPostgres(
        PostgresStore store, IStoredFiles files, StoreSettings settings, string dataFolder, TimeProvider clock)
    {
        Mark(dataFolder);
        var lost = new CancellationTokenSource();
        store.Lost += lost.Cancel;
        return new OpenedStore(store, files)
        {
            Lost = lost.Token,
            Keys = new SharedKeys(new PostgresKeys(settings.Options(clock)), dataFolder),
        };
    }

    /// <summary>The store of a cluster, of which other servers are part.</summary>
    /// <exception cref="StoreFailedException">The database cannot be reached, refuses, or is of a newer server.</exception>
    public static OpenedStore OnCluster(StoreSettings settings, string dataFolder, TimeProvider clock)
    {
        var files = FilesOf(settings, dataFolder, clock);
        var store = MemberStore.Open(settings.Options(clock), files);
        Mark(dataFolder);
        var lost = new CancellationTokenSource();
        store.Lost += lost.Cancel;
        return new OpenedStore(store, files)
        {
            Lost = lost.Token,
            Keys = new SharedKeys(new PostgresKeys(settings.Options(clock)), dataFolder),
        };
    }

    /// <summary>From here on a server refuses to go on with a file in this folder.</summary>
    public static void Mark(string dataFolder) =>
        File.WriteAllText(
            Path.Combine(dataFolder, MarkName), "The jobs of this data folder are in PostgreSQL (store.kind, store.connection).\n");

    public void Dispose()
    {
        Store.Dispose();
        (Files as IDisposable)?.Dispose();
    }
}
