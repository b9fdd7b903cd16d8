using NextUp.Actors.Workers;

namespace NextUp.Actors.Jobs;

/// <summary>What happens to a submission while its user is at the limit.</summary>
public enum WhenBusy
{
    /// <summary>The submission is refused and the job in the way is named.</summary>
    Refuse = 0,

    /// <summary>The job waits in the user's lane and joins the line, at its end, when a place frees.</summary>
    Hold = 1,

    /// <summary>The user's waiting job is cancelled and the new one takes its place in the line.</summary>
    Replace = 2,
}

/// <summary>The rules of one kind of job. Every figure has a default that suits work of a minute or so.</summary>
public sealed record KindPolicy
{
    public required JobKind Kind { get; init; }

    /// <summary>Refuse or hold a submission of a user who is at the limit. Defaults to refuse.</summary>
    public WhenBusy WhenBusy { get; init; } = WhenBusy.Refuse;

    /// <summary>Whether a caller may ask for another <see cref="WhenBusy"/> than the kind's own. Defaults to true.</summary>
    public bool CallerMayChoose { get; init; } = true;

    /// <summary>Jobs of this kind that one user may have in the line or running at once; null is no limit. Defaults to 1.</summary>
    public int? ActivePerUserMax { get; init; } = 1;

    /// <summary>Jobs of this kind that one user may have held. Defaults to 1,000.</summary>
    public int HeldPerUserMax { get; init; } = 1_000;

    /// <summary>Jobs of this kind that may run at once; null leaves only the queue's own limit. Defaults to null.</summary>
    public int? Slots { get; init; }

    /// <summary>In this process, by workers elsewhere, or by both. Defaults to this process.</summary>
    public WorkedBy WorkedBy { get; init; }

    /// <summary>How far ahead of their arrival jobs stand, by priority and size. Defaults to ten minutes a level.</summary>
    public HeadStarts HeadStarts { get; init; } = new();

    /// <summary>When jobs of this kind may start; null, the default, is at any time.</summary>
    public StartWindows? Windows { get; init; }

    /// <summary>Attempts before a job fails for good, the first one and lost ones included. Defaults to 3.</summary>
    public int AttemptsMax { get; init; } = 3;

    /// <summary>
    /// Attempts that may end with the loss of their worker (a crash, a worker that fell silent) before the job is set aside
    /// with its evidence, so that work which brings its process down cannot do it for ever. Defaults to 3.
    /// </summary>
    public int CrashesMax { get; init; } = 3;

    /// <summary>
    /// How long after the start of its first attempt a job may still be worked on; past it, it fails where it is. Null, the
    /// default, is for ever.
    /// </summary>
    public TimeSpan? TotalDuration { get; init; }

    /// <summary>
    /// How long a job may wait although the line moved past it or a slot was free (system.md B2). Waiting one's turn never
    /// counts. Defaults to 5 minutes.
    /// </summary>
    public TimeSpan StalePendingAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long finished jobs are kept; null, the default, leaves it to the clean-up's own setting.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>How long one attempt may run before the job fails (system.md B2). Defaults to 10 minutes.</summary>
    public TimeSpan AttemptDuration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The mean delay before the second attempt; each further one doubles it. Defaults to 5 seconds.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>No retry waits longer than this. Defaults to 5 minutes.</summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long asked-to-stop work may take before it is cut off. Defaults to 500 milliseconds.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The largest upload, in bytes. Defaults to 10 MiB.</summary>
    public long UploadBytesMax { get; init; } = 10 * 1024 * 1024;
}
