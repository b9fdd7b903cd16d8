namespace NextUp.StorageTests.Postgres;

/// <summary>One server for all tests of the process, begun at the first need.</summary>
public sealed class SharedPostgres : IDisposable
{
    static readonly Lazy<PostgresServer> Server = new(PostgresServer.Start);
    static int schemas;

    /// <summary>For a store of its own. Skips the test where PostgreSQL is not installed.</summary>
    public static string NewStore()
    {
        Assert.SkipUnless(PostgresServer.Missing is null, PostgresServer.Missing ?? "");
        return Server.Value.Connection($"store_{Interlocked.Increment(ref schemas)}");
    }

    public void Dispose()
    {
        if (Server.IsValueCreated)
            Server.Value.Dispose();
    }
}
