namespace NextUp.Storage.Sqlite;

/// <summary>
/// Keeps the write-ahead log short, on the writing thread, between groups, when those before are answered.
/// </summary>
sealed class LogCopy
{
    /// <summary>
    /// After a copy that readers kept from finishing, the log grows by this share before the next try.
    /// </summary>
    const int RetryShare = 4;

    readonly Connection connection;
    readonly int pagesMax;
    int next;

    public LogCopy(Connection connection, int pagesMax)
    {
        this.connection = connection;
        this.pagesMax = pagesMax;
        next = pagesMax;
    }

    public void AfterGroup()
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
