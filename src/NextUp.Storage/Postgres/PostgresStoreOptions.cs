using NextUp.Storage.Sql;

namespace NextUp.Storage.Postgres;

/// <summary>Where the store on PostgreSQL is, and its bounds.</summary>
public sealed record PostgresStoreOptions : StoreOptions
{
    public PostgresStoreOptions() => AwayMax = TimeSpan.FromSeconds(3);

    /// <summary>
    /// An Npgsql connection string. With <c>Search Path</c> the store has a schema of its own, which is made where it is
    /// missing. A pooler between must keep sessions, not only transactions.
    /// </summary>
    public required string Connection { get; init; }

    /// <summary>
    /// How long the owner of the store must have been silent before another server takes it over. Shorter notices a dead
    /// server sooner; longer forgives a machine that stalls. Defaults to 5 seconds.
    /// </summary>
    public TimeSpan TakeoverAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the owner says that it is there. Defaults to a second.</summary>
    public TimeSpan SeenEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a statement may take before the database counts as away. Defaults to 15 seconds.</summary>
    public TimeSpan StatementMax { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long making a connection may take. Defaults to 5 seconds.</summary>
    public TimeSpan ConnectMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether each commit tells other servers of its events (see <see cref="EventListener"/>). Costs a statement a commit;
    /// where one server serves alone nobody listens. Defaults to no.
    /// </summary>
    public bool Announces { get; init; }

    /// <summary>
    /// Where other servers find this one while it is the owner, in their own words; at most 1,000 characters. Defaults to none.
    /// </summary>
    public string Address { get; init; } = "";

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
