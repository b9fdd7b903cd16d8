using System.Data;
using Npgsql;
using NextUp.Actors.Store;

namespace NextUp.Storage.Postgres;

/// <summary>Makes connections, all under one name by which this process is known to the database.</summary>
sealed class PostgresLink
{
    /// <summary>
    /// A statement over arrays is planned once for any number of rows, when its tables may still be empty. These keep it
    /// on the indexes that each of them was written for, whatever the statistics say at that moment.
    /// </summary>
    const string Planning = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

    /// <summary>
    /// The writer finds every row by a key, so that one plan does for all values. Left to itself the server plans a statement
    /// over arrays anew at each use.
    /// </summary>
    const string WriterPlanning = "-c plan_cache_mode=force_generic_plan";

    readonly string writer;

    /// <summary>What a server says of who may not come in at all; all else may pass.</summary>
    static readonly string[] Refusals = ["28", "3D", "42", "3F"];

    /// <param name="also">Further settings of each session, as in <c>-c name=value</c>.</param>
    public PostgresLink(PostgresStoreOptions options, string also = "")
    {
        NpgsqlConnectionStringBuilder given;
        try
        {
            given = new NpgsqlConnectionStringBuilder(options.Connection);
        }
        catch (ArgumentException failure)
        {
            throw new StoreFailedException(
                $"The connection string of the store is not understood ({failure.Message}); write it like "
                + "'Host=db.example;Database=nextup;Username=nextup;Password=...'.",
                isUncertain: false, failure);
        }

        // PostgreSQL changes letters outside ASCII, and what is long.
        var machine = string.Concat(Environment.MachineName.Where(char.IsAsciiLetterOrDigit).Take(20));
        Instance = $"nextup {machine} {Environment.ProcessId} {Guid.NewGuid().ToString("n")[..8]}";
        given.ApplicationName = Instance;
        given.Pooling = false;
        given.Enlist = false;
        given.MaxAutoPrepare = 256;
        given.AutoPrepareMinUsages = 2;
        given.IncludeErrorDetail = false;
        given.Timeout = (int)options.ConnectMax.TotalSeconds;
        given.CommandTimeout = (int)options.StatementMax.TotalSeconds;
        given.KeepAlive = 0;
        given.TcpKeepAlive = true;
        given.Options = $"{given.Options} {Planning} -c synchronous_commit=on {also}".Trim();
        ConnectionString = given.ConnectionString;
        given.Options += $" {WriterPlanning}";
        writer = given.ConnectionString;
        Schema = given.SearchPath?.Split(',')[0].Trim().Trim('"');
        Name = $"the database '{given.Database}' at {given.Host}";
    }

    public string ConnectionString { get; }

    /// <summary>What the database is called in messages; has no password.</summary>
    public string Name { get; }

    /// <summary>This process among the database's sessions.</summary>
    public string Instance { get; }

    /// <summary>The schema that the store is in; null for the user's default.</summary>
    public string? Schema { get; }

    /// <exception cref="PostgresFailure">It cannot be made.</exception>
    public NpgsqlConnection Open() => Open(ConnectionString);

    /// <summary>For the one connection that writes.</summary>
    /// <exception cref="PostgresFailure">It cannot be made.</exception>
    public NpgsqlConnection OpenWriter() => Open(writer);

    static NpgsqlConnection Open(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            connection.Dispose();
            throw failure is PostgresException told && Refusals.Any(told.SqlState.StartsWith)
                ? new PostgresFailure(told) : PostgresFailure.Gone(failure);
        }
    }

    public static bool IsUsable(NpgsqlConnection connection) => connection.FullState is ConnectionState.Open;
}
