using System.Diagnostics;

namespace NextUp.Storage.Sqlite;

/// <summary>
/// Keeps the write-ahead log short, on the writing thread, between groups, when those before are answered; and empties it soon
/// after something was deleted.
/// </summary>
/// <remarks>
/// <para><c>secure_delete</c> writes zeros over what was deleted, in the commit that deletes it. The log, which has all that was
/// written lately, is emptied here: all of it is copied and the file cut off, at most once in <c>eraseAfter</c>, however much is
/// deleted. A log of which nothing was deleted is written over from its beginning and never cut off, since to lengthen a file
/// again costs each of its commits more. If we die before, opening finds a log and empties it.</para>
/// <para>What stays: of a small row that SQLite moved from page to page it may leave a copy in the unused middle of a page
/// (measured: of 2,000 deleted rows, 11), until the page is used anew. Files of more than a page lie on pages of their own and
/// are not moved.</para>
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
