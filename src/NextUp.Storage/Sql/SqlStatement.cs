namespace NextUp.Storage.Sql;

/// <summary>
/// A prepared statement. Parameters are given in the order in which the SQL names them, each always by the same overload of
/// <c>With</c>, which says its type; columns are read by number. Every use ends in <see cref="Reset"/>, which those that
/// run the statement do themselves.
/// </summary>
/// <remarks>
/// The SQL is what both databases understand. <c>INDEXED BY</c> is for SQLite alone. Everything that is a number is given
/// and read as 64 bits, times are unix microseconds.
/// </remarks>
abstract class SqlStatement : IDisposable
{
    public abstract SqlStatement With(long value);

    public abstract SqlStatement With(long? value);

    public abstract SqlStatement With(bool value);

    public abstract SqlStatement With(DateTimeOffset value);

    public abstract SqlStatement With(DateTimeOffset? value);

    public abstract SqlStatement With(Guid value);

    public abstract SqlStatement With(Guid? value);

    public abstract SqlStatement With(string? value);

    public abstract SqlStatement With(ReadOnlySpan<byte> value);

    /// <summary>Bytes, or null.</summary>
    public abstract SqlStatement With(byte[]? value);

    /// <summary>
    /// What this use of the statement reads or changes: a job (<see cref="Touched.Job"/>) or a place. A store that runs
    /// statements later may then change their order with those that touch nothing of it, and run those of one kind
    /// together. Without it everything before comes before, and everything after, after.
    /// </summary>
    public virtual SqlStatement Touching(long one, long other = 0) => this;

    /// <summary>True while there is a row.</summary>
    public abstract bool Step();

    /// <summary>Runs a statement without rows now and answers how many rows it changed.</summary>
    public abstract int Run();

    /// <summary>
    /// Runs a statement without rows, now or with others of its transaction, at the latest before something is read.
    /// </summary>
    public abstract void Later();

    /// <summary>
    /// As <see cref="Later"/>, and exactly one row is to change. False where it is known by now that none did; where it
    /// shows itself later the group fails and is applied again on what is stored.
    /// </summary>
    public abstract bool OneLater();

    /// <summary>The first row for each of the items, or the default; where each question is a way, all go together.</summary>
    /// <param name="give">Gives the statement its parameters for an item.</param>
    public List<T?> FirstOfEach<TItem, T>(
        IReadOnlyList<TItem> items, Func<SqlStatement, TItem, SqlStatement> give, Func<SqlStatement, T> read) =>
        OfEach(items, give, statement => statement.Step() ? read(statement) : default);

    /// <summary>As <see cref="FirstOfEach"/>, all rows.</summary>
    public List<List<T>> AllOfEach<TItem, T>(
        IReadOnlyList<TItem> items, Func<SqlStatement, TItem, SqlStatement> give, Func<SqlStatement, T> read) =>
        OfEach(items, give, statement =>
        {
            var all = new List<T>();
            while (statement.Step())
                all.Add(read(statement));
            return all;
        });

    /// <param name="read">Steps through the rows for one item.</param>
    protected virtual List<T> OfEach<TItem, T>(
        IReadOnlyList<TItem> items, Func<SqlStatement, TItem, SqlStatement> give, Func<SqlStatement, T> read)
    {
        List<T> found = new(items.Count);
        foreach (var item in items)
        {
            give(this, item);
            found.Add(read(this));
            Reset();
        }

        return found;
    }

    public abstract void Reset();

    public abstract void Dispose();

    public abstract bool IsNull(int column);

    public abstract long Long(int column);

    public abstract Guid Id(int column);

    public abstract string Text(int column);

    /// <summary>Valid until the next step or reset.</summary>
    public abstract ReadOnlySpan<byte> Bytes(int column);

    public int Int(int column) => (int)Long(column);

    public DateTimeOffset Time(int column) => DateTimeOffset.UnixEpoch.AddTicks(Long(column) * 10);

    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);

    /// <summary>Kept as microseconds.</summary>
    public TimeSpan Span(int column) => TimeSpan.FromTicks(Long(column) * 10);

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);
}

/// <summary>Names of what statements touch; see <see cref="SqlStatement.Touching"/>.</summary>
static class Touched
{
    /// <summary>The job of this sequence.</summary>
    public static long Job(long sequence) => sequence;

    /// <summary>
    /// A place of a user and kind; 0, nothing, where there is none. Two places may have one name, which costs a little
    /// order and breaks nothing; none is the name of a job, since sequences are positive.
    /// </summary>
    public static long Place(long user, long kind, int? place) =>
        place is { } known ? ((user * 31 * 4_096) + (kind * 4_096) + known) | long.MinValue : 0;
}
