using System.Reflection;
using Npgsql;
using NextUp.Actors.Store;

namespace NextUp.Storage.Postgres;

/// <summary>
/// The numbered migrations that are built into this assembly. A table says how many of them the database has seen; opening
/// applies the missing ones in one transaction, under a lock, so that servers which start at once do it one after the other.
/// </summary>
static class Schema
{
    const string Folder = "postgres/";

    static readonly string[] Migrations =
    [
        .. typeof(Schema).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    /// <summary>The version that this program writes.</summary>
    public static int Version => Migrations.Length;

    public static void Bring(NpgsqlConnection connection, PostgresLink link)
    {
        using var transaction = connection.BeginTransaction();
        Run(connection, $"SELECT pg_advisory_xact_lock({OwnerLock.Key(link, "layout")})");
        if (link.Schema is { } schema)
            Run(connection, $"CREATE SCHEMA IF NOT EXISTS \"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        Run(connection, "CREATE TABLE IF NOT EXISTS store_layout (only_row INT PRIMARY KEY CHECK (only_row = 1), version INT)");
        Run(connection, "INSERT INTO store_layout VALUES (1, 0) ON CONFLICT DO NOTHING");
        var version = (int)Ask(connection, "SELECT version FROM store_layout")!;
        if (version > Version)
        {
            throw new StoreFailedException(
                $"In {link.Name} the store has layout {version}, and this program knows layouts up to {Version}. "
                + "Run the newer program that wrote it, or restore a backup of the older layout.",
                isUncertain: false);
        }

        for (var next = version; next < Version; next++)
            Run(connection, Read(Migrations[next]));
        if (version < Version)
            Run(connection, $"UPDATE store_layout SET version = {Version}");
        transaction.Commit();
    }

    /// <summary>However long it takes: on a large store a new layout may take minutes.</summary>
    static void Run(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.ExecuteNonQuery();
    }

    static object? Ask(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
