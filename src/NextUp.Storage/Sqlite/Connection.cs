using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using NextUp.Storage.Sql;

namespace NextUp.Storage.Sqlite;

/// <summary>One SQLite connection with its prepared statements. Used by one thread at a time.</summary>
sealed unsafe partial class Connection : SqlConnection
{
    /// <summary>
    /// A reader can meet the short lock of a log that is being restarted; it waits this long, then fails.
    /// </summary>
    const int BusyMillisecondsMax = 10_000;

    readonly List<Statement> statements = [];
    readonly Statement beginWrite;
    readonly Statement beginRead;
    readonly Statement commit;
    readonly Statement rollback;
    readonly Statement savepoint;
    readonly Statement returnToSavepoint;
    readonly Statement releaseSavepoint;
    nint handle;
    int* logPages;

    Connection(nint handle, string path)
    {
        this.handle = handle;
        Path = path;
        beginWrite = Prepare("BEGIN IMMEDIATE");
        beginRead = Prepare("BEGIN");
        commit = Prepare("COMMIT");
        rollback = Prepare("ROLLBACK");
        savepoint = Prepare("SAVEPOINT one_write");
        returnToSavepoint = Prepare("ROLLBACK TO one_write");
        releaseSavepoint = Prepare("RELEASE one_write");
    }

    public override string Path { get; }

    /// <summary>Rows changed by the last insert, update or delete.</summary>
    public int Changes => Native.Changes(handle);

    public override bool IsInTransaction => Native.IsAutoCommit(handle) == 0;

    public static Connection OpenFile(string path, bool readOnly) => Open(
        path, readOnly ? Native.OpenReadOnly : Native.OpenReadWrite | Native.OpenCreate);

    public static Connection OpenInMemory() => Open(":memory:", Native.OpenReadWrite | Native.OpenCreate);

    static Connection Open(string path, int flags)
    {
        nint handle;
        int code;
        fixed (byte* name = Encoded(path))
            code = Native.Open(name, &handle, flags | Native.OpenNoMutex, 0);

        var connection = new Connection(handle, path);
        if (code != Native.Ok)
        {
            var failure = connection.Failure();
            connection.Dispose();
            throw failure;
        }

        _ = Native.BusyTimeout(handle, BusyMillisecondsMax);
        return connection;
    }

    /// <summary>Runs one or more statements that return nothing of interest.</summary>
    public void Execute(string sql)
    {
        fixed (byte* text = Encoded(sql))
        {
            if (Native.Execute(handle, text, 0, 0, 0) != Native.Ok)
                throw Failure();
        }
    }

    public long Ask(string sql)
    {
        using var statement = new Statement(this, sql);
        return statement.Step() ? statement.Long(0) : 0;
    }

    public string? AskText(string sql)
    {
        using var statement = new Statement(this, sql);
        return statement.Step() ? statement.TextOrNull(0) : null;
    }

    /// <summary>A statement that is compiled at its first use and kept until the connection closes.</summary>
    public override Statement Prepare(string sql)
    {
        var prepared = new Statement(this, sql);
        statements.Add(prepared);
        return prepared;
    }

    public override Statement Once(string sql) => new(this, sql);

    public override void BeginWrite() => beginWrite.Run();

    public override void Commit() => commit.Run();

    public override void Rollback() => rollback.Run();

    public override void Savepoint() => savepoint.Run();

    public override void ReturnToSavepoint() => returnToSavepoint.Run();

    public override void ReleaseSavepoint() => releaseSavepoint.Run();

    public override void BeginRead() => beginRead.Run();

    public override void EndRead() => commit.Run();

    /// <summary>Compiles a statement; its owner finishes it.</summary>
    public nint Compile(string sql)
    {
        nint statement;
        fixed (byte* text = Encoded(sql))
        {
            if (Native.Prepare(handle, text, -1, Native.PreparePersistent, &statement, 0) != Native.Ok)
                throw Failure();
        }

        return statement;
    }

    /// <summary>Pages in the write-ahead log after the last commit, where <see cref="WatchLog"/> was called.</summary>
    public int LogPages => logPages is null ? 0 : *logPages;

    /// <summary>
    /// Counts the log's pages from now on, and ends SQLite's own habit of copying them inside a commit. A log that is there
    /// already may have what was deleted.
    /// </summary>
    public void WatchLog()
    {
        logPages = (int*)NativeMemory.AllocZeroed(sizeof(int));
        Native.OnLogGrown(handle, &LogGrown, (nint)logPages);
        if (new FileInfo(Path + "-wal") is { Exists: true, Length: > 0 })
            Erases();
    }

    /// <summary>Copies what it can of the log into the database without waiting for anyone.</summary>
    /// <returns>Pages in the log, and how many of them are copied.</returns>
    public (int Log, int Copied) Checkpoint()
    {
        int log, copied;
        var code = Native.Checkpoint(handle, 0, Native.CheckpointPassive, &log, &copied);
        return code is Native.Ok or Native.Busy ? (log, copied) : throw Failure();
    }

    /// <summary>
    /// Ends whatever statement an exception broke off: one left open would keep its snapshot of the database.
    /// </summary>
    public override void BreakOff()
    {
        foreach (var statement in statements)
            statement.Reset();
    }

    /// <summary>Goes up with each call that fails.</summary>
    public int Failures { get; private set; }

    public SqliteException Failure()
    {
        Failures++;
        return handle == 0
            ? new SqliteException(Native.CannotOpen, "out of memory")
            : new SqliteException(
                Native.ExtendedError(handle),
                Marshal.PtrToStringUTF8((nint)Native.ErrorMessage(handle)) ?? "unknown error");
    }

    public override void Dispose()
    {
        foreach (var statement in statements)
            statement.Dispose();
        statements.Clear();
        if (handle != 0)
            _ = Native.Close(handle);
        handle = 0;
        NativeMemory.Free(logPages);
        logPages = null;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int LogGrown(nint counter, nint connection, byte* database, int pages)
    {
        *(int*)counter = pages;
        return Native.Ok;
    }

    static byte[] Encoded(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
