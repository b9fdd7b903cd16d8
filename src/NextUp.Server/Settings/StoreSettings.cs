using NextUp.Storage.Postgres;

namespace NextUp.Server.Settings;

/// <summary>Which database holds the jobs. The words are settings.</summary>
enum StoreKind
{
    Sqlite = 0,
    Postgres = 1,
}

/// <summary>Where large files are, with a store on PostgreSQL. The words are settings.</summary>
enum StoreFiles
{
    Database = 0,
    Folder = 1,
}

/// <summary>The section <c>store</c>: the database that everything is kept in.</summary>
sealed record StoreSettings
{
    const int TextLengthMax = 4_000;

    static readonly TimeSpan TakeoverAfterMin = TimeSpan.FromSeconds(2), TakeoverAfterMax = TimeSpan.FromMinutes(1);

    public StoreKind Kind { get; init; }

    /// <summary>An Npgsql connection string; set where the kind is PostgreSQL.</summary>
    public string? Connection { get; init; }

    public TimeSpan TakeoverAfter { get; init; } = TimeSpan.FromSeconds(5);

    public StoreFiles Files { get; init; }

    public string? FilesFolder { get; init; }

    public static StoreSettings Read(SettingsSection section)
    {
        var defaults = new StoreSettings();
        var store = new StoreSettings
        {
            Kind = section.Choice(
                "kind", defaults.Kind,
                "The database: sqlite is a file in the data folder; postgres is a server, on which a second NextUp can stand by."),
            Connection = section.Secret(
                "connection", TextLengthMax,
                "Where PostgreSQL is, as in `Host=db;Database=nextup;Username=nextup;Password=...`. With `Search Path=NAME` "
                + "everything is in a schema of that name."),
            TakeoverAfter = section.Duration(
                "takeoverAfter", defaults.TakeoverAfter, TakeoverAfterMin, TakeoverAfterMax,
                "How long the server that has the store must be silent before one that stands by takes over. Longer forgives a "
                + "machine that stalls."),
            Files = section.Choice(
                "files", defaults.Files,
                "Where files above 64 KiB are with PostgreSQL: in the database, or in a folder that all servers share."),
            FilesFolder = section.TextOrNone(
                "filesFolder", TextLengthMax, "That folder; a relative one is in the data folder."),
        };
        if (store is { Kind: StoreKind.Postgres, Connection: null })
            section.Fault("connection", "it is needed with postgres: write where the database is, or set store.kind to sqlite.");
        if (store is { Files: StoreFiles.Folder, FilesFolder: null })
            section.Fault("filesFolder", "it is needed with store.files folder: name a folder that all servers share.");
        return store;
    }

    public PostgresStoreOptions Options(TimeProvider clock) => new()
    {
        Connection = Connection!, TakeoverAfter = TakeoverAfter, Time = clock,
    };
}
