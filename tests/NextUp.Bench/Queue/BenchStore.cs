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

    /// <summary>Starts a server for others to measure on, says where it is, and keeps it until the input ends or has a line.</summary>
    public static async Task KeepAsync(TextWriter output, TextReader input)
    {
        using var kept = PostgresServer.Start();
        await output.WriteLineAsync($"connection='{kept.Connection("public").Split(";Search Path")[0]}'");
        await output.WriteLineAsync("Enter ends it.");
        await input.ReadLineAsync();
    }

    public static void Close()
    {
        if (server is { IsValueCreated: true })
            server.Value.Dispose();
    }
}
