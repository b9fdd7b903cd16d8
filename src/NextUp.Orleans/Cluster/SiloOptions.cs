using System.Net;

namespace NextUp.Orleans.Cluster;

/// <summary>Where a silo is, and which cluster it is of.</summary>
public sealed record SiloOptions
{
    /// <summary>Silos of one name on one database are a cluster. Defaults to <c>nextup</c>.</summary>
    public string ClusterId { get; init; } = "nextup";

    /// <summary>The address at which other silos reach this one.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Where other silos talk to this one.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Where clients of Orleans would; NextUp itself has none. 0, the default, listens to none.</summary>
    public int GatewayPort { get; init; }

    /// <summary>
    /// The PostgreSQL that membership and reminders are kept in; null is a silo that is alone, and keeps reminders in memory.
    /// </summary>
    public string? Connection { get; init; }

    /// <summary>
    /// How often a silo asks the others whether they live, and how long it waits for the answer; where answers come slowly up
    /// to twice as long. One that misses
    /// <see cref="ProbesMissedMax"/> in a row is dead once two others, or all there are, say so. Defaults to a second.
    /// </summary>
    public TimeSpan ProbeEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Defaults to 3.</summary>
    public int ProbesMissedMax { get; init; } = 3;

    /// <summary>How long a call may take before its answer counts as lost. Defaults to 30 seconds.</summary>
    public TimeSpan AnswerMax { get; init; } = TimeSpan.FromSeconds(30);
}
