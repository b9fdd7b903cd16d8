using System.Reflection;
using Npgsql;
using NextUp.Actors.Store;

namespace NextUp.Storage.Postgres;

/// <summary>
/// The numbered migrations that are built into this assembly. A table says how many of them the database has seen; the missing
/// ones are applied in one transaction, under a lock, so that servers which start at once do it one after the other.
/// </summary>
/// <remarks>
/// <para>A program works on its own layout only, so nobody changes the layout under one that works. Who brings a store from
/// an older layout has taken it from its owner (<see cref="OwnerLock"/>), and finds that no other server is part of it: each
/// that is holds <see cref="UseKey"/> together with the others, and the migration needs it alone.</para>
/// <para><c>store_layout</c> and <c>store_owner</c> are read by older and newer programs: they stay as they are.</para>
/// </remarks>
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

    /// <summary>The lock of those that work on the store as it is.</summary>
    public static long UseKey(PostgresLink link) => OwnerLock.Key(link, "layout in use");

    /// <summary>The version that the store has; 0 where there is no store yet.</summary>
    /// <exception cref="StoreFailedException">It is of a newer program.</exception>
    public static int Look(NpgsqlConnection connection, PostgresLink link)
    {
        if (Ask(connection, "SELECT to_regclass('store_layout')::text") is not string)
            return 0;
        var version = (int)Ask(connection, "SELECT version FROM store_layout")!;
        return version <= Version ? version : throw LayoutFault.Newer(link.Name, version, Version);
    }

    /// <summary>Makes the tables, or brings them to what this program knows.</summary>
    /// <exception cref="StoreFailedException">They are of a newer program, or other servers work on them.</exception>
    public static void Bring(NpgsqlConnection connection, PostgresLink link)
    {
        using var transaction = connection.BeginTransaction();
        Run(connection, $"SELECT pg_advisory_xact_lock({OwnerLock.Key(link, "layout")})");
        if (link.Schema is { } schema)
            Run(connection, $"CREATE SCHEMA IF NOT EXISTS \"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        Run(connection, "CREATE TABLE IF NOT EXISTS store_layout (only_row INT PRIMARY KEY CHECK (only_row = 1), version INT)");
        Run(connection, "INSERT INTO store_layout VALUES (1, 0) ON CONFLICT DO NOTHING");
        var version = Look(connection, link);
        if (version == Version)
            return;
        if (version > 0 && Ask(connection, $"SELECT pg_try_advisory_xact_lock({UseKey(link)})") is false)
            throw LayoutFault.InUse(link.Name, version, Version);
        for (var next = version; next < Version; next++)
            Run(connection, Read(next + 1));
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

    /// <summary>What leads from the version before to this one.</summary>
    internal static string Read(int version)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Migrations[version - 1])!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
