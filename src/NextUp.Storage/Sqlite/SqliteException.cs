using NextUp.Actors.Store;
using NextUp.Storage.Sql;

namespace NextUp.Storage.Sqlite;

/// <summary>
/// SQLite refused.
/// </summary>
sealed class SqliteException(int code, string message) : SqlException(message)
{
    /// <summary>The extended result code; its low byte is the primary one.</summary>
    public int Code { get; } = code;

    public int Primary => Code & 0xff;

    public override bool IsConflict => Primary == Native.Constraint;

    public override string Explain() => Constraints.Explain(this);

    /// <param name="whileCommitting">
    /// An I/O error in the middle of a commit leaves open whether its last page reached the disk: a crash right after
    /// could bring the commit back. A full disk does not, because then the commit's last page was never written.
    /// </param>
    public override StoreFailedException AsFailure(string path, bool whileCommitting) => new(
        Primary switch
        {
            Native.Full => $"The disk that holds '{path}' is full; nothing was stored. Free some space and try again.",
            Native.ReadOnly => $"The database '{path}' cannot be written; give this process write permission on it.",
            Native.CannotOpen => $"The database '{path}' cannot be opened; see that its folder exists and is writable.",
            Native.Corrupt or Native.NotADatabase =>
                $"The database '{path}' is damaged ({Message}); restore it from a backup.",
            _ => $"The database '{path}' failed: {Message} (SQLite code {Code}).",
        },
        whileCommitting && Primary == Native.IoError,
        this);
}
