using NextUp.Storage.Files;
using NextUp.Storage.Postgres;
using NextUp.Storage.Sql;
using NextUp.Storage.Sqlite;
using NextUp.StorageTests.Postgres;

namespace NextUp.Bench.Queue;

/// <summary>The store of a benchmark: SQLite in its folder, or with <c>store=postgres</c> a server of its own.</summary>
static class BenchStore
{
    static Lazy<PostgresServer>? server;
    static int schemas;

    /// <summary>With <c>connection=</c> a server that runs already.</summary>
    static string? connection;

    public static void Choose(string[] arguments)
    {
        connection = arguments.FirstOrDefault(argument => argument.StartsWith("connection=", StringComparison.Ordinal))?[11..];
        if (connection is null && !arguments.Contains("store=postgres"))
            return;
        server = new(PostgresServer.Start);
    }

    public static SqlStore Open(string folder, FolderFileStore? files)
    {
        if (server is null)
            return SqliteStore.Open(folder, files);
        var schema = $"bench_{Environment.ProcessId}_{++schemas}";
        return PostgresStore.Open(
            new PostgresStoreOptions
            {
                Connection = connection is null ? server.Value.Connection(schema) : $"{connection};Search Path={schema}",
            },
            files);
    }

    public static void Close()
    {
        if (server is { IsValueCreated: true })
            server.Value.Dispose();
    }
}
