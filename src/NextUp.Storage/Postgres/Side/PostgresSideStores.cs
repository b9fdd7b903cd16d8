using NextUp.Storage.Sql.Side;

namespace NextUp.Storage.Postgres.Side;

/// <summary>Results that live on, in the PostgreSQL of the queue, whose layout they share.</summary>
public static class PostgresSideStores
{
    /// <summary>For a store whose tables are there. Connections are made when they are first needed.</summary>
    public static SideStores Open(PostgresStoreOptions options)
    {
        var database = new PostgresSideDatabase(options);
        return new SideStores(database, database, database, database);
    }
}
