namespace NextUp.Client.Wire;

/// <summary>The names of the events of the live feed, <c>GET /api/v1/events</c>.</summary>
public static class LiveEventNames
{
    /// <summary>
    /// First, once a connection: a <see cref="SnapshotEvent"/>; its id is the last event it includes.
    /// </summary>
    public const string Snapshot = "snapshot";

    /// <summary>A numbered <see cref="JobChangedEvent"/>; its id is the number.</summary>
    public const string Job = "job";

    /// <summary>A <see cref="JobProgressEvent"/>, live only.</summary>
    public const string Progress = "progress";

    /// <summary>A <see cref="PositionsEvent"/>, only when something changed.</summary>
    public const string Position = "position";

    /// <summary>A <see cref="QueueView"/>, on change and as the sign that the connection lives.</summary>
    public const string Queue = "queue";
}

/// <summary>How things stand when the connection begins; replaces what the client held.</summary>
public sealed record SnapshotEvent(MeView Me, QueueView Queue, long LastEvent);

/// <summary>A change of one of the user's jobs. Numbers are the user's own, 1, 2, 3 ... without gaps.</summary>
/// <param name="Type">queued, held, started, retrying, completed, failed or cancelled.</param>
/// <param name="Job">The job as it is when the event is sent, which may be later than the event.</param>
public sealed record JobChangedEvent(long Number, string Type, DateTimeOffset At, string? Reason, JobView Job);

/// <summary>A running job went on.</summary>
/// <param name="Lines">Log lines since the last one sent on this connection.</param>
public sealed record JobProgressEvent(JobView Job, IReadOnlyList<LogLineView> Lines);

/// <summary>The user's waiting jobs whose place or estimate changed.</summary>
public sealed record PositionsEvent(IReadOnlyList<JobPosition> Jobs);

/// <param name="Position">1 = next up; null when the job has left the line.</param>
public sealed record JobPosition(string Id, int? Position, int? JobsAhead, StartEstimateView? Estimate)
{
    /// <summary>As of <see cref="JobView.Wait"/>.</summary>
    public WaitView? Wait { get; init; }

    /// <summary>As of <see cref="JobView.Overtaken"/>.</summary>
    public OvertakenView? Overtaken { get; init; }

    /// <summary>As of <see cref="JobView.EstimateUnknown"/>.</summary>
    public string? EstimateUnknown { get; init; }
}
