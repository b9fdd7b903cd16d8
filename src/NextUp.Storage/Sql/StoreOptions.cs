namespace NextUp.Storage.Sql;

/// <summary>The bounds of a store. The defaults suit a machine of two cores and a few gigabytes.</summary>
public record StoreOptions
{
    /// <summary>Writes that may wait while a group commits; more fail at once. Defaults to 65,536.</summary>
    public int WaitingWritesMax { get; init; } = 65_536;

    /// <summary>
    /// Questions that may wait for a connection to a database of its own; more fail at once, so that what gathers while it hangs
    /// has a bound. Defaults to 4,096.
    /// </summary>
    public int WaitingQuestionsMax { get; init; } = 4_096;

    /// <summary>Writes in one commit. More cost latency and gain nothing. Defaults to 1,024.</summary>
    public int GroupWritesMax { get; init; } = 1_024;

    /// <summary>Bytes of files and checkpoints after which a group takes no further write. Defaults to 4 MiB.</summary>
    public long GroupBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>Questions that may be read at the same time; more wait their turn. Defaults to 4.</summary>
    public int ReadersMax { get; init; } = 4;

    /// <summary>
    /// Things counted for the statistics that gather before they are folded into their tables (see
    /// <see cref="Statistics.StatisticsJournal"/>). More make that cheaper with many users, and a question about
    /// statistics slower, which reads them all. Defaults to 8,192, read in some milliseconds.
    /// </summary>
    public int StatisticsGatheredMax { get; init; } = 8_192;

    /// <summary>
    /// How long a group of writes waits for a database that is away, and is tried again, before it fails. Nothing where the
    /// database is this process's own. Defaults to none.
    /// </summary>
    public TimeSpan AwayMax { get; init; }
}
