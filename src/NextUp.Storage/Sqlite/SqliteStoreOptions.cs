namespace NextUp.Storage.Sqlite;

/// <summary>The store's bounds. The defaults suit a machine of two cores and a few gigabytes.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>Writes that may wait while a group commits; more fail at once. Defaults to 65,536.</summary>
    public int WaitingWritesMax { get; init; } = 65_536;

    /// <summary>Writes in one commit. More cost latency and gain nothing. Defaults to 1,024.</summary>
    public int GroupWritesMax { get; init; } = 1_024;

    /// <summary>Bytes of files and checkpoints after which a group takes no further write. Defaults to 4 MiB.</summary>
    public long GroupBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>Questions that may be read at the same time; more wait their turn. Defaults to 4.</summary>
    public int ReadersMax { get; init; } = 4;

    /// <summary>Memory for pages of the database, in KiB, per connection. Defaults to 64 MiB.</summary>
    public int PageCacheKib { get; init; } = 64 * 1024;

    /// <summary>
    /// Pages in the write-ahead log at which it is copied into the database. More copy each hot page once for more commits
    /// and make the copying longer. Defaults to 4,000 (16 MB).
    /// </summary>
    public int LogPagesMax { get; init; } = 4_000;
}
