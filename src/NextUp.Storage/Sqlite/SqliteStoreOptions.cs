using NextUp.Storage.Sql;

namespace NextUp.Storage.Sqlite;

/// <summary>The bounds of the store on SQLite.</summary>
public sealed record SqliteStoreOptions : StoreOptions
{
    /// <summary>
    /// Memory for pages of the database, in KiB, per connection. Defaults to 8 MiB: what is written now fits, the operating
    /// system keeps the rest, and most commits that balance a tree go through every page that is kept here (measured: 5 % of
    /// all processor time with 64 MiB, 1 % with 8).
    /// </summary>
    public int PageCacheKib { get; init; } = 8 * 1024;

    /// <summary>
    /// Jobs that gather in memory before they are entered under their users (see <see cref="RecentJobs"/>). More make
    /// that cheaper with many users and a start a little longer. Defaults to 32,768, some 5 MB.
    /// </summary>
    public int RecentJobsMax { get; init; } = 32_768;

    /// <summary>
    /// Pages in the write-ahead log at which it is copied into the database. Hot pages are copied once however often
    /// the log has them, so more save a little work, and make the pause longer in which writes wait. Defaults to 2,000
    /// (8 MB).
    /// </summary>
    /// <remarks>
    /// Measured with 1,000, 4,000 and 16,000 pages: 0.44, 0.37 and 0.23 us of processor per job life of about 12, for
    /// pauses of 11, 13 and 51 ms on a machine ten times overcommitted. So there is nothing to gain from a long log.
    /// </remarks>
    public int LogPagesMax { get; init; } = 2_000;

    /// <summary>
    /// How long what was deleted may stay readable in the write-ahead log: so long after it, at the latest, the log is copied and
    /// emptied, once for all that was deleted meanwhile. Where a question still reads it, it is tried again after as long.
    /// Shorter costs a pause of some milliseconds more often while much is deleted. Defaults to 1 second.
    /// </summary>
    public TimeSpan EraseAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Called on the writing thread when what was deleted can no longer be read in any file. For tests.</summary>
    internal Action? Erased { get; init; }
}
