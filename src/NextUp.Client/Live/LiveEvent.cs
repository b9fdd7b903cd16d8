using NextUp.Client.Wire;

namespace NextUp.Client.Live;

/// <summary>Everything a live feed can tell.</summary>
public abstract record LiveEvent
{
    LiveEvent() { }

    /// <summary>A connection began: how things stand. After a lost one, what was missed follows.</summary>
    public sealed record Connected(SnapshotEvent Snapshot) : LiveEvent;

    /// <summary>
    /// One of the user's jobs changed. Each number arrives once, in order, whatever happens to the connection.
    /// </summary>
    public sealed record JobChanged(JobChangedEvent Change) : LiveEvent;

    /// <summary>
    /// A running job went on. What passes while the connection is lost is not repeated; the log has the lines.
    /// </summary>
    public sealed record JobProgressed(JobProgressEvent Progress) : LiveEvent;

    /// <summary>Waiting jobs moved in the line.</summary>
    public sealed record PositionsChanged(PositionsEvent Positions) : LiveEvent;

    /// <summary>The whole system in counts, on change.</summary>
    public sealed record QueueChanged(QueueView Queue) : LiveEvent;

    /// <summary>The connection is lost and will be opened again.</summary>
    /// <param name="Reason">Why, in a few words.</param>
    /// <param name="RetryIn">How long until the next try.</param>
    public sealed record ConnectionLost(string Reason, TimeSpan RetryIn) : LiveEvent;
}
