using Npgsql;
using NextUp.Actors.Store;
using NextUp.Storage.Sql;

namespace NextUp.Storage.Postgres;

/// <summary>PostgreSQL refused, or is away.</summary>
sealed class PostgresFailure : SqlException
{
    /// <summary>Class 23 of PostgreSQL's codes: integrity constraints.</summary>
    const string ConstraintClass = "23";

    readonly PostgresException? told;
    readonly bool isStale;

    public PostgresFailure(PostgresException told)
        : base(told.MessageText, told) => this.told = told;

    PostgresFailure(string message, bool isStale, Exception? inner)
        : base(message, inner) => this.isStale = isStale;

    public override bool IsConflict =>
        isStale || told?.SqlState.StartsWith(ConstraintClass, StringComparison.Ordinal) == true;

    /// <summary>It waited for a transaction that waited for it, and was chosen to give way.</summary>
    public bool IsDeadlock => told?.SqlState == PostgresErrorCodes.DeadlockDetected;

    public override bool IsAway => told is null && !isStale;

    /// <summary>The connection broke or could not be made.</summary>
    public static PostgresFailure Gone(Exception? inner) => new(inner?.Message ?? "The connection is gone.", false, inner);

    /// <summary>A row is not as memory has it.</summary>
    public static PostgresFailure Stale() => new("A row is not in the state that was expected.", true, null);

    public override string Explain() => told is null ? Message : Constraints.Explain(told);

    public override StoreFailedException AsFailure(string path, bool whileCommitting) => new(
        told?.SqlState switch
        {
            PostgresErrorCodes.DiskFull => $"The disk of {path} is full; nothing was stored. Free some space and try again.",
            PostgresErrorCodes.InsufficientPrivilege =>
                $"{path} refuses this user ({Message}); give it rights on the schema and its tables.",
            { } code => $"{path} failed: {Message} (PostgreSQL code {code}).",
            null => $"{path} cannot be reached ({Message}). It is tried again with each write; see that it runs.",
        },
        whileCommitting,
        this);
}
