using Npgsql;
using NpgsqlTypes;
using NextUp.Actors.Queue;
using NextUp.Storage.Sql;

namespace NextUp.Storage.Postgres;

/// <summary>
/// A statement as the shared half of the store uses it. Questions are read whole into memory; changes are left to the
/// connection's <see cref="WritePlan"/>, except where their count is asked for.
/// </summary>
sealed class Statement(Connection connection, string shared) : SqlStatement
{
    /// <summary>Questions of one statement that go together.</summary>
    const int QuestionsAtOnce = 500;

    readonly List<object?> given = [];
    readonly List<NpgsqlDbType> types = [];
    List<object[]>? rows;
    (long One, long Other) touching;
    int next;
    int failuresSeen;
    SqlText? text;

    /// <summary>What PostgreSQL is given; known once the statement was used.</summary>
    public SqlText Sql => text ??= new SqlText(shared, [.. types]);

    public override Statement With(long value) => Give(value, NpgsqlDbType.Bigint);

    public override Statement With(long? value) => Give(value, NpgsqlDbType.Bigint);

    public override Statement With(bool value) => Give(value ? 1L : 0L, NpgsqlDbType.Bigint);

    public override Statement With(DateTimeOffset value) => Give(LineKey.Microseconds(value), NpgsqlDbType.Bigint);

    public override Statement With(DateTimeOffset? value) =>
        Give(value is { } known ? LineKey.Microseconds(known) : null, NpgsqlDbType.Bigint);

    public override Statement With(Guid value) => Give(value, NpgsqlDbType.Uuid);

    public override Statement With(Guid? value) => Give(value, NpgsqlDbType.Uuid);

    // PostgreSQL takes no zero character in a text; what people write is never refused for it.
    public override Statement With(string? value) =>
        Give(value is not null && value.Contains('\0') ? value.Replace('\0', '\uFFFD') : value, NpgsqlDbType.Text);

    public override Statement With(ReadOnlySpan<byte> value) => Give(value.ToArray(), NpgsqlDbType.Bytea);

    public override Statement With(byte[]? value) => Give(value, NpgsqlDbType.Bytea);

    public override Statement Touching(long one, long other = 0)
    {
        touching = (one, other);
        return this;
    }

    public override bool Step()
    {
        if (rows is null)
        {
            var values = Taken();
            rows = connection.Ask(this, values);
            next = 0;
        }

        return next++ < rows.Count;
    }

    public override int Run()
    {
        connection.Leave(this, Taken(), default, isOne: false);
        return connection.FlushCounted();
    }

    public override void Later() => connection.Leave(this, Taken(), touching, isOne: false);

    public override bool OneLater()
    {
        connection.Leave(this, Taken(), touching, isOne: true);
        return true;
    }

    protected override List<T> OfEach<TItem, T>(
        IReadOnlyList<TItem> items, Func<SqlStatement, TItem, SqlStatement> give, Func<SqlStatement, T> read)
    {
        List<T> found = new(items.Count);
        foreach (var part in items.Chunk(QuestionsAtOnce))
        {
            List<object?[]> values = new(part.Length);
            foreach (var item in part)
            {
                give(this, item);
                values.Add(Taken());
            }

            foreach (var answer in connection.AskEach(this, values))
            {
                (rows, next) = (answer, 0);
                found.Add(read(this));
            }
        }

        Reset();
        return found;
    }

    public override void Reset()
    {
        given.Clear();
        touching = default;
        rows = null;
    }

    public override bool IsNull(int column) => rows![next - 1][column] is DBNull;

    public override long Long(int column) => rows![next - 1][column] switch
    {
        long value => value,
        int value => value,
        DBNull => 0,
        var other => throw new InvalidCastException($"Column {column} of '{shared}' is {other.GetType().Name}, not a number."),
    };

    public override Guid Id(int column) => (Guid)rows![next - 1][column];

    public override string Text(int column) => rows![next - 1][column] as string ?? "";

    public override ReadOnlySpan<byte> Bytes(int column) => rows![next - 1][column] as byte[];

    public override void Dispose() => Reset();

    Statement Give(object? value, NpgsqlDbType type)
    {
        // A question that was asked between two parameters may have failed: those before it belong to no use any more.
        if (failuresSeen != connection.Failures)
        {
            failuresSeen = connection.Failures;
            given.Clear();
            touching = default;
        }

        if (types.Count == given.Count)
            types.Add(type);
        given.Add(value);
        return this;
    }

    object?[] Taken()
    {
        object?[] values = [.. given];
        given.Clear();
        rows = null;
        return values;
    }
}

/// <summary>A statement's text for one use, and for many uses at once.</summary>
/// <param name="Types">Of the parameters, in order.</param>
sealed class SqlText(string sql, NpgsqlDbType[] types)
{
    public NpgsqlDbType[] Types => types;

    /// <summary>For one use: parameters are numbered, and hints of SQLite are gone.</summary>
    public string Single { get; } = SqlDialect.Numbered(sql);

    /// <summary>For many: each parameter is an array.</summary>
    public string Bulk => bulk ??= SqlDialect.Bulk(sql, types);

    /// <summary>Only adds rows: those that touch the same thing may be added together.</summary>
    public bool IsPlainInsert { get; } =
        sql.StartsWith("INSERT", StringComparison.Ordinal) && !sql.Contains("ON CONFLICT", StringComparison.Ordinal);

    string? bulk;
}
