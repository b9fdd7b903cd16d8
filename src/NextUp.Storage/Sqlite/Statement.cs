using System.Text;
using NextUp.Actors.Queue;

namespace NextUp.Storage.Sqlite;

/// <summary>
/// A prepared statement. Parameters are given in the order in which the SQL names them, columns are read by number.
/// Every use ends in <see cref="Reset"/>, which <see cref="Run"/> does itself.
/// </summary>
sealed unsafe class Statement(Connection connection, string sql) : IDisposable
{
    const int StackBytesMax = 512;

    nint compiled;
    int given;

    nint Handle => compiled != 0 ? compiled : compiled = connection.Compile(sql);

    public Statement With(long value)
    {
        Check(Native.Bind(Handle, ++given, value));
        return this;
    }

    public Statement With(long? value) => value is { } known ? With(known) : WithNull();

    public Statement With(bool value) => With(value ? 1L : 0L);

    public Statement With(DateTimeOffset value) => With(LineKey.Microseconds(value));

    public Statement With(DateTimeOffset? value) => value is { } known ? With(known) : WithNull();

    public Statement With(Guid value)
    {
        var bytes = stackalloc byte[16];
        value.TryWriteBytes(new Span<byte>(bytes, 16), bigEndian: true, out _);
        Check(Native.BindBlob(Handle, ++given, bytes, 16, Native.Transient));
        return this;
    }

    public Statement With(string? value)
    {
        if (value is null)
            return WithNull();

        var bytesMax = Encoding.UTF8.GetMaxByteCount(value.Length);
        var bytes = bytesMax <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[bytesMax];
        var length = Encoding.UTF8.GetBytes(value, bytes);
        fixed (byte* first = bytes)
            Check(Native.BindText(Handle, ++given, first, length, Native.Transient));
        return this;
    }

    public Statement With(ReadOnlySpan<byte> value)
    {
        // An empty span has no address, and a null address would bind NULL.
        byte nothing;
        fixed (byte* first = value)
            Check(Native.BindBlob(Handle, ++given, value.IsEmpty ? &nothing : first, value.Length, Native.Transient));
        return this;
    }

    public Statement WithNull()
    {
        Check(Native.BindNull(Handle, ++given));
        return this;
    }

    /// <summary>True while there is a row.</summary>
    public bool Step()
    {
        var code = Native.Step(Handle);
        if (code == Native.Row)
            return true;
        if (code == Native.Done)
            return false;

        var failure = connection.Failure();
        Reset();
        throw failure;
    }

    /// <summary>Runs a statement without rows and answers how many rows it changed.</summary>
    public int Run()
    {
        Step();
        Reset();
        return connection.Changes;
    }

    public void Reset()
    {
        given = 0;
        if (compiled != 0)
            _ = Native.Reset(compiled);
    }

    public bool IsNull(int column) => Native.ColumnType(Handle, column) == 5;

    public long Long(int column) => Native.ColumnLong(Handle, column);

    public int Int(int column) => (int)Native.ColumnLong(Handle, column);

    public DateTimeOffset Time(int column) => DateTimeOffset.UnixEpoch.AddTicks(Long(column) * 10);

    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);

    /// <summary>Kept as microseconds.</summary>
    public TimeSpan Span(int column) => TimeSpan.FromTicks(Long(column) * 10);

    public Guid Id(int column) => new(Bytes(column), bigEndian: true);

    public string Text(int column)
    {
        var first = Native.ColumnText(Handle, column);
        return first is null ? "" : Encoding.UTF8.GetString(first, Native.ColumnBytes(Handle, column));
    }

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>Valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Bytes(int column)
    {
        var first = Native.ColumnBlob(Handle, column);
        return new(first, first is null ? 0 : Native.ColumnBytes(Handle, column));
    }

    public void Dispose()
    {
        if (compiled != 0)
            _ = Native.Finish(compiled);
        compiled = 0;
    }

    void Check(int code)
    {
        if (code == Native.Ok)
            return;

        var failure = connection.Failure();
        Reset();
        throw failure;
    }
}
