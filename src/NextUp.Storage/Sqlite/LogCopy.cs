using System.Diagnostics;

namespace NextUp.Storage.Sqlite;

/// <summary>
/// Keeps the write-ahead log short, on the writing thread, between groups, when those before are answered; and empties it soon
/// after something was deleted.
/// </summary>
/// <remarks>
/// <para>Three things together make what was deleted unreadable. <c>secure_delete</c> writes zeros over it in the commit that
/// deletes it. <see cref="CleanPages"/> takes what SQLite leaves of rows that it once moved away out of each page that is copied
/// into the database. And the log, which has all that was written lately, is emptied here: all of it is copied and the file cut
/// off, at most once in <c>eraseAfter</c>, however much is deleted. A log of which nothing was deleted is written over from its
/// beginning and never cut off, since to lengthen a file again costs each of its commits more.</para>
/// <para>If we die before, opening finds a log and empties it.</para>
/// </remarks>
sealed class LogCopy(Connection connection, int pagesMax, TimeSpan eraseAfter)
{
    /// <summary>
    /// After a copy that readers kept from finishing, the log grows by this share before the next try.
    /// </summary>
    const int RetryShare = 4;

    int next;

    /// <summary>Called when what was deleted is out of the log.</summary>
    public Action? Erased { get; set; }

    /// <returns>How long to wait until the next call where no group comes before; null for as long as none comes.</returns>
    public TimeSpan? AfterGroup()
    {
        if (connection.ErasingSince is { } since)
        {
            var left = eraseAfter - Stopwatch.GetElapsedTime(since);
            if (left > TimeSpan.Zero && connection.LogPages < Math.Max(next, pagesMax))
                return left;
            if (!Erase())
                return eraseAfter;
        }

        Shorten();
        return null;
    }

    /// <returns>False where a reader still needs the log; it is tried again after a while.</returns>
    bool Erase()
    {
        connection.EraseLater();
        if (!connection.EmptyLog())
            return false;

        // What it keeps in memory of a page would be written again with the page.
        connection.ForgetPages();
        connection.IsErased();
        Erased?.Invoke();
        return true;
    }

    void Shorten()
    {
        var pages = connection.LogPages;
        if (pages < pagesMax)
            next = pagesMax;
        if (pages < next)
            return;

        var (log, copied) = connection.Checkpoint();
        next = copied < log ? log + (pagesMax / RetryShare) : pagesMax;
    }
}
