namespace NextUp.Storage.Sqlite.Records;

/// <summary>A connection to the records with each statement compiled once. Used by one thread at a time.</summary>
sealed class RecordConnection(Connection connection) : IDisposable
{
    readonly Dictionary<string, Statement> statements = new(StringComparer.Ordinal);

    public Connection Connection => connection;

    public Statement Sql(string sql)
    {
        if (!statements.TryGetValue(sql, out var statement))
            statements.Add(sql, statement = connection.Prepare(sql));
        return statement;
    }

    /// <summary>All rows of a statement whose parameters are given.</summary>
    public static List<T> All<T>(Statement statement, Func<Statement, T> read)
    {
        var rows = new List<T>();
        while (statement.Step())
            rows.Add(read(statement));
        statement.Reset();
        return rows;
    }

    /// <summary>The first row, or the default where there is none.</summary>
    public static T? One<T>(Statement statement, Func<Statement, T> read)
    {
        var row = statement.Step() ? read(statement) : default;
        statement.Reset();
        return row;
    }

    /// <summary>The number in the first row, or null where there is none.</summary>
    public static long? Number(Statement statement)
    {
        long? number = statement.Step() && !statement.IsNull(0) ? statement.Long(0) : null;
        statement.Reset();
        return number;
    }

    public void Dispose() => connection.Dispose();
}
