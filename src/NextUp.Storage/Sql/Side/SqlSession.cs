using NextUp.Actors.Users;

namespace NextUp.Storage.Sql.Side;

/// <summary>A connection whose statements are compiled once. Used by one thread at a time.</summary>
sealed class SqlSession(SqlConnection connection) : IDisposable
{
    readonly Dictionary<string, SqlStatement> statements = new(StringComparer.Ordinal);

    public SqlConnection Connection => connection;

    /// <summary>The statement of this text, ready for its parameters. Texts are constants, so there are few.</summary>
    public SqlStatement Of(string sql)
    {
        if (sql.StartsWith("DELETE ", StringComparison.Ordinal))
            connection.Erases();
        if (!statements.TryGetValue(sql, out var statement))
            statements.Add(sql, statement = connection.Prepare(sql));
        return statement;
    }

    /// <summary>
    /// From here to the end of the transaction no other one changes anything of the user's, on whichever server. It comes
    /// before what is read to be decided on; see <see cref="SideDatabase"/>.
    /// </summary>
    public void Enter(UserId user) => connection.EnterTurns([user.Value]);

    /// <summary>As <see cref="Enter(UserId)"/>, for both, in an order that is the same for everybody.</summary>
    public void Enter(UserId one, UserId other) => connection.EnterTurns([one.Value, other.Value]);

    /// <summary>The turn of something that belongs to no user.</summary>
    public void Enter(string what) => connection.EnterTurns([what]);

    public void Dispose() => connection.Dispose();
}

/// <summary>Rows of a statement whose parameters are given.</summary>
static class SqlRows
{
    public static List<T> All<T>(this SqlStatement rows, Func<SqlStatement, T> read)
    {
        List<T> all = [];
        while (rows.Step())
            all.Add(read(rows));
        rows.Reset();
        return all;
    }

    /// <summary>The first row, or the default where there is none.</summary>
    public static T? First<T>(this SqlStatement rows, Func<SqlStatement, T> read)
    {
        var row = rows.Step() ? read(rows) : default;
        rows.Reset();
        return row;
    }

    /// <summary>The number in the first row, or null where there is none.</summary>
    public static long? Number(this SqlStatement rows)
    {
        long? number = rows.Step() && !rows.IsNull(0) ? rows.Long(0) : null;
        rows.Reset();
        return number;
    }
}
