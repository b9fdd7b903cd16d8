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
        "007-statistics.sql", "008-identity.sql", "009-cleanup.sql", "010-moving.sql", "011-sign-outs.sql",
    ];

    /// <summary>The version that this program writes.</summary>
    public static int Version => Migrations.Length;

    public static void Bring(Connection connection) => Bring(connection, Migrations);

    /// <summary>Brings a database of its own to the newest of its migrations.</summary>
    public static void Bring(Connection connection, IReadOnlyList<string> migrations)
    {
        var version = (int)connection.Ask("PRAGMA user_version");
        if (version > migrations.Count)
        {
            throw new StoreFailedException(
                $"The database '{connection.Path}' has layout {version}, and this program knows layouts "
                + $"up to {migrations.Count}. Run the newer program that wrote it, or restore a backup of the older layout.",
                isUncertain: false);
        }

        if (version == migrations.Count)
            return;

        connection.Execute("BEGIN IMMEDIATE");
        for (var next = version; next < migrations.Count; next++)
            connection.Execute(Read(migrations[next]));
        connection.Execute($"PRAGMA user_version = {migrations.Count}");
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
