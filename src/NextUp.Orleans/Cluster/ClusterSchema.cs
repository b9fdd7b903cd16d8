using System.Reflection;
using Npgsql;
using NextUp.Actors.Store;

namespace NextUp.Orleans.Cluster;

/// <summary>
/// The numbered migrations of what Orleans keeps, in the schema of the store. A table says how many of them the database has
/// seen; the missing ones are applied in one transaction, under a lock, so that servers which start at once do it one after
/// the other. Nobody changes the tables of a newer program, or those under servers that are part of the cluster.
/// </summary>
static class ClusterSchema
{
    const string Folder = "orleans/";

    /// <summary>Any number that no other lock of the database has.</summary>
    const long Lock = 0x6e65787475700001;

    /// <summary>A silo that lives writes so in its row every five seconds; one that has not for so long was killed.</summary>
    const int AliveSeconds = 15;

    static readonly string[] s_migrations =
    [
        .. typeof(ClusterSchema).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    /// <exception cref="StoreFailedException">
    /// The database cannot be reached, or refuses; its tables are a newer program's, or older while others work on them.
    /// </exception>
    public static async Task BringAsync(string connection)
    {
        try
        {
            await using var session = new NpgsqlConnection(connection);
            await session.OpenAsync();
            await using var transaction = await session.BeginTransactionAsync();
            await RunAsync(session, $"SELECT pg_advisory_xact_lock({Lock})");
            await RunAsync(
                session, "CREATE TABLE IF NOT EXISTS cluster_layout (only_row INT PRIMARY KEY CHECK (only_row = 1), version INT)");
            await RunAsync(session, "INSERT INTO cluster_layout VALUES (1, 0) ON CONFLICT DO NOTHING");
            var version = (int)(await AskAsync(session, "SELECT version FROM cluster_layout"))!;
            if (version < s_migrations.Length)
                await BringAsync(session, version);
            else if (version > s_migrations.Length)
                throw Refusal(version, "Run the newer program that wrote them, or restore a backup of the older layout.");
            await transaction.CommitAsync();
        }
        catch (NpgsqlException failure)
        {
            throw new StoreFailedException(
                $"The cluster's tables cannot be read or made ({failure.Message}). See that the database runs and that the user "
                + "may make tables in it.",
                isUncertain: false, failure);
        }
    }

    static async Task BringAsync(NpgsqlConnection session, int version)
    {
        var isMade = await AskAsync(session, "SELECT to_regclass('cluster_silo')::text") is string;
        if (isMade && await AskAsync(
            session, $"SELECT count(*) FROM cluster_silo WHERE status <> {(int)SiloStatus.Dead} "
            + $"AND alive_time > clock_timestamp() - interval '{AliveSeconds} seconds'") is > 0L)
            throw Refusal(version, "Servers of an older program work on them. Stop them all, then start this one.");
        for (var next = version; next < s_migrations.Length; next++)
            await RunAsync(session, Read(s_migrations[next]));
        await RunAsync(session, $"UPDATE cluster_layout SET version = {s_migrations.Length}");
    }

    static StoreFailedException Refusal(int version, string wayOut) => new(
        $"The cluster's tables have layout {version}, and this program works on layout {s_migrations.Length}. {wayOut}",
        isUncertain: false);

    static async Task RunAsync(NpgsqlConnection session, string sql)
    {
        await using var command = new NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync();
    }

    static async Task<object?> AskAsync(NpgsqlConnection session, string sql)
    {
        await using var command = new NpgsqlCommand(sql, session);
        return await command.ExecuteScalarAsync();
    }

    static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
