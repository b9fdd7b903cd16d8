namespace NextUp.Processors.Tables.Importing;

/// <summary>How tables are imported, whoever sent them.</summary>
public sealed record TablesLimits
{
    /// <summary>The largest file, in bytes: 256 MiB.</summary>
    public const long UploadBytesMax = 256L * 1024 * 1024;

    /// <summary>
    /// Rows that are stored in one transaction, with the checkpoint behind them. More is a little faster; fewer loses less when
    /// an attempt is cut off. Defaults to 1,000.
    /// </summary>
    public int BatchRows { get; init; } = 1_000;

    /// <summary>The most rows of a file. Defaults to 10,000,000.</summary>
    public long RowsMax { get; init; } = 10_000_000;

    /// <summary>
    /// Rejected rows that are kept with their errors; a file with more is given up, because something is wrong with all of it.
    /// Defaults to 100,000.
    /// </summary>
    public long RejectedMax { get; init; } = 100_000;

    /// <summary>Profiles that one user may have. Defaults to 200.</summary>
    public int ProfilesPerUserMax { get; init; } = 200;

    /// <summary>Headers of whose files is remembered how they were read, for each user. Defaults to 500.</summary>
    public int RememberedPerUserMax { get; init; } = 500;
}
