using NextUp.Actors.Store;

namespace NextUp.Storage.Sqlite;

/// <summary>
/// The numbered migrations that are built into this assembly. <c>user_version</c> of the database says how many of them
/// it has seen; opening applies the missing ones in one transaction.
/// </summary>
static class Schema
{
    static readonly string[] Migrations =
    [
        "001-jobs.sql", "002-unfinished-jobs.sql", "003-order.sql", "004-learned.sql", "005-notices.sql", "006-leases.sql",
        "007-statistics.sql", "008-identity.sql", "009-cleanup.sql", "010-moving.sql",
    ];

    static readonly Lazy<string>[] Texts = [.. Migrations.Select(name => new Lazy<string>(() => Read(name)))];

    /// <summary>The version that this program writes.</summary>
    public static int Version => Migrations.Length;

    public static void Bring(Connection connection)
    {
        var version = (int)connection.Ask("PRAGMA user_version");
        if (version > Version)
        {
            throw new StoreFailedException(
                $"The database '{connection.Path}' has layout {version}, and this program knows layouts "
                + $"up to {Version}. Run the newer program that wrote it, or restore a backup of the older layout.",
                isUncertain: false);
        }

        if (version == Version)
            return;

        connection.Execute("BEGIN IMMEDIATE");
        for (var next = version; next < Version; next++)
            connection.Execute(Texts[next].Value);
        connection.Execute($"PRAGMA user_version = {Version}");
        connection.Execute("COMMIT");
    }

    static string Read(string name)
    {
        using var stream = typeof(Schema).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The migration {name} is not built into this assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
