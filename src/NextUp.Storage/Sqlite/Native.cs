using System.Runtime.InteropServices;

namespace NextUp.Storage.Sqlite;

/// <summary>
/// SQLite's C functions, as far as the store needs them, on bare pointers. The library itself comes with the
/// SQLitePCLRaw bundle; its managed layer is passed by because a safe handle counted up and down around every bind of
/// every column costs more than the statements do. Calls that only touch memory for some nanoseconds skip the switch
/// of the collector's mode; everything that can wait for a disk or a lock does not.
/// </summary>
static unsafe partial class Native
{
    const string Library = "e_sqlite3";

    public const int Ok = 0, Busy = 5, ReadOnly = 8, IoError = 10, Corrupt = 11, Full = 13, CannotOpen = 14;
    public const int Locked = 6, Constraint = 19, NotADatabase = 26, Row = 100, Done = 101;
    public const int OpenReadOnly = 1, OpenReadWrite = 2, OpenCreate = 4, OpenNoMutex = 0x8000;
    public const int CheckpointPassive = 0, CheckpointTruncate = 3;
    public const uint PreparePersistent = 1;

    /// <summary>Tells SQLite to copy a bound value at once.</summary>
    public const nint Transient = -1;

    /// <summary>Tells SQLite that a bound value stays where it is until it is bound anew.</summary>
    public const nint Static = 0;

    [LibraryImport(Library, EntryPoint = "sqlite3_open_v2")]
    public static partial int Open(byte* name, nint* connection, int flags, nint vfs);

    [LibraryImport(Library, EntryPoint = "sqlite3_close_v2")]
    public static partial int Close(nint connection);

    [LibraryImport(Library, EntryPoint = "sqlite3_exec")]
    public static partial int Execute(nint connection, byte* sql, nint callback, nint argument, nint error);

    [LibraryImport(Library, EntryPoint = "sqlite3_prepare_v3")]
    public static partial int Prepare(
        nint connection, byte* sql, int bytes, uint flags, nint* statement, nint tail);

    [LibraryImport(Library, EntryPoint = "sqlite3_finalize")]
    public static partial int Finish(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    public static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_reset")]
    public static partial int Reset(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_wal_checkpoint_v2")]
    public static partial int Checkpoint(nint connection, nint database, int mode, int* logFrames, int* copiedFrames);

    [LibraryImport(Library, EntryPoint = "sqlite3_backup_init")]
    public static partial nint BeginCopy(nint target, byte* targetName, nint source, byte* sourceName);

    [LibraryImport(Library, EntryPoint = "sqlite3_backup_step")]
    public static partial int Copy(nint copy, int pages);

    [LibraryImport(Library, EntryPoint = "sqlite3_backup_finish")]
    public static partial int EndCopy(nint copy);

    [LibraryImport(Library, EntryPoint = "sqlite3_wal_hook")]
    public static partial nint OnLogGrown(
        nint connection, delegate* unmanaged[Cdecl]<nint, nint, byte*, int, int> callback, nint argument);

    [LibraryImport(Library, EntryPoint = "sqlite3_busy_timeout")]
    public static partial int BusyTimeout(nint connection, int milliseconds);

    [LibraryImport(Library, EntryPoint = "sqlite3_errmsg")]
    public static partial byte* ErrorMessage(nint connection);

    [LibraryImport(Library, EntryPoint = "sqlite3_extended_errcode"), SuppressGCTransition]
    public static partial int ExtendedError(nint connection);

    [LibraryImport(Library, EntryPoint = "sqlite3_get_autocommit"), SuppressGCTransition]
    public static partial int IsAutoCommit(nint connection);

    [LibraryImport(Library, EntryPoint = "sqlite3_changes"), SuppressGCTransition]
    public static partial int Changes(nint connection);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64"), SuppressGCTransition]
    public static partial int Bind(nint statement, int index, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_null"), SuppressGCTransition]
    public static partial int BindNull(nint statement, int index);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text")]
    public static partial int BindText(nint statement, int index, byte* value, int bytes, nint destructor);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob")]
    public static partial int BindBlob(nint statement, int index, byte* value, int bytes, nint destructor);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_type"), SuppressGCTransition]
    public static partial int ColumnType(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64"), SuppressGCTransition]
    public static partial long ColumnLong(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_text")]
    public static partial byte* ColumnText(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_blob")]
    public static partial byte* ColumnBlob(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes"), SuppressGCTransition]
    public static partial int ColumnBytes(nint statement, int column);
}
