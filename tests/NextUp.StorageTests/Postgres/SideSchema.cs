using Npgsql;
using NextUp.Storage.Postgres;
using NextUp.Storage.Postgres.Side;
using NextUp.Storage.Sql.Side;

namespace NextUp.StorageTests.Postgres;

/// <summary>
/// A schema that the tests of one class use one after the other, since making one takes longer than they do.
/// </summary>
public sealed class SideSchema
{
    static readonly string[] Tables =
    [
        "document", "version", "chunk", "holding", "document_job", "user_table", "import", "import_to_purge", "record", "mark",
        "rejected", "profile", "remembered", "paper", "page", "aside", "syllabus",
    ];

    readonly Lazy<PostgresStoreOptions> options = new(static () =>
    {
        var made = new PostgresStoreOptions { Connection = SharedPostgres.NewStore() };
        var link = new PostgresLink(made);
        using var session = link.Open();
        Schema.Bring(session, link);
        return made;
    });

    public PostgresStoreOptions Options => options.Value;

    /// <summary>The stores with nothing in them.</summary>
    public SideStores OpenEmpty()
    {
        using var session = new PostgresLink(Options).Open();
        using var empty = new NpgsqlCommand(string.Join(';', Tables.Select(table => $"DELETE FROM {table}")), session);
        empty.ExecuteNonQuery();
        return Open();
    }

    public SideStores Open() => PostgresSideStores.Open(Options);
}
