using System.Text;
using NextUp.Actors.Queue;
using NextUp.Storage.Sql;

namespace NextUp.Storage.Sqlite;

/// <summary>
/// A prepared statement. Parameters are given in the order in which the SQL names them, columns are read by number.
/// Every use ends in <see cref="Reset"/>, which <see cref="Run"/> does itself.
/// </summary>
sealed unsafe class Statement(Connection connection, string sql) : SqlStatement
{
    const int StackBytesMax = 512;

    nint compiled;
    int given;
    int failuresSeen;

    nint Handle => compiled != 0 ? compiled : compiled = connection.Compile(sql);

    public override Statement With(long value)
    {
        Check(Native.Bind(Handle, Next(), value));
        return this;
    }

    public override Statement With(long? value) => value is { } known ? With(known) : WithNull();

    public override Statement With(bool value) => With(value ? 1L : 0L);

    public override Statement With(DateTimeOffset value) => With(LineKey.Microseconds(value));

    public override Statement With(DateTimeOffset? value) => value is { } known ? With(known) : WithNull();

    public override Statement With(Guid value)
    {
        var bytes = stackalloc byte[16];
        value.TryWriteBytes(new Span<byte>(bytes, 16), bigEndian: true, out _);
        Check(Native.BindBlob(Handle, Next(), bytes, 16, Native.Transient));
        return this;
    }

    public override Statement With(string? value)
    {
        if (value is null)
            return WithNull();

        var bytesMax = Encoding.UTF8.GetMaxByteCount(value.Length);
        var bytes = bytesMax <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[bytesMax];
        var length = Encoding.UTF8.GetBytes(value, bytes);
        fixed (byte* first = bytes)
            Check(Native.BindText(Handle, Next(), first, length, Native.Transient));
        return this;
    }

    public override Statement With(ReadOnlySpan<byte> value)
    {
        // An empty span has no address, and a null address would bind NULL.
        byte nothing;
        fixed (byte* first = value)
            Check(Native.BindBlob(Handle, Next(), value.IsEmpty ? &nothing : first, value.Length, Native.Transient));
        return this;
    }

    public override Statement With(Guid? value) => value is { } known ? With(known) : WithNull();

    public override Statement With(byte[]? value) => value is null ? WithNull() : With(value.AsSpan());

    public Statement WithNull()
    {
        Check(Native.BindNull(Handle, Next()));
        return this;
    }

    /// <summary>True while there is a row.</summary>
    public override bool Step()
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
    public override int Run()
    {
        Step();
        Reset();
        return connection.Changes;
    }

    public override void Later() => Run();

    public override bool OneLater() => Run() == 1;

    public override void Reset()
    {
        given = 0;
        if (compiled != 0)
            _ = Native.Reset(compiled);
    }

    public override bool IsNull(int column) => Native.ColumnType(Handle, column) == 5;

    public override long Long(int column) => Native.ColumnLong(Handle, column);

    public override Guid Id(int column) => new(Bytes(column), bigEndian: true);

    public override string Text(int column)
    {
        var first = Native.ColumnText(Handle, column);
        return first is null ? "" : Encoding.UTF8.GetString(first, Native.ColumnBytes(Handle, column));
    }

    /// <summary>Valid until the next step or reset.</summary>
    public override ReadOnlySpan<byte> Bytes(int column)
    {
        var first = Native.ColumnBlob(Handle, column);
        return new(first, first is null ? 0 : Native.ColumnBytes(Handle, column));
    }

    public override void Dispose()
    {
        if (compiled != 0)
            _ = Native.Finish(compiled);
        compiled = 0;
    }

    int Next()
    {
        // A question that was asked between two parameters may have failed: those before it belong to no use any more.
        if (failuresSeen != connection.Failures)
            (failuresSeen, given) = (connection.Failures, 0);
        return ++given;
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
