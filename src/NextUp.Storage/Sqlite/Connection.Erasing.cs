using System.Diagnostics;

namespace NextUp.Storage.Sqlite;

/// <summary>What is deleted, and what is left of it; see <see cref="LogCopy"/>.</summary>
sealed unsafe partial class Connection
{
    /// <summary>When the first deletion began that may still be readable in the log, by the stopwatch; null where none is.</summary>
    public long? ErasingSince { get; private set; }

    public override void Erases() => ErasingSince ??= Stopwatch.GetTimestamp();

    /// <summary>What was to be erased is still to be erased, counted from now.</summary>
    public void EraseLater() => ErasingSince = Stopwatch.GetTimestamp();

    public void IsErased() => ErasingSince = null;

    /// <summary>Copies the whole log into the database and cuts it off, without waiting for anyone.</summary>
    /// <returns>False where a reader is still at what the log has, or the database that the log would write over.</returns>
    public bool EmptyLog()
    {
        int log, copied;
        _ = Native.BusyTimeout(handle, 0);
        var code = Native.Checkpoint(handle, 0, Native.CheckpointTruncate, &log, &copied);
        _ = Native.BusyTimeout(handle, BusyMillisecondsMax);
        if (code == Native.Busy)
            return false;
        if (code != Native.Ok)
            throw Failure();

        if (logPages is not null)
            *logPages = 0;
        return true;
    }
}
