using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.HostTests.Policies.Load;

/// <summary>Something that happened to a job, as its event must tell it.</summary>
/// <param name="At">Unix microseconds.</param>
readonly record struct Moment(JobEventType Type, int Attempt, long At);

/// <summary>Where a waiting job is.</summary>
enum Spot
{
    None,
    Line,

    /// <summary>Waits for a time.</summary>
    Delayed,

    /// <summary>Out of the line, because its user is paused.</summary>
    Beside,
}

/// <summary>A job as the stored writes tell of it.</summary>
sealed class Life(JobRecord accepted)
{
    public JobSequence Sequence { get; } = accepted.Sequence;

    public JobId Id { get; } = accepted.Id;

    public JobKind Kind { get; } = accepted.Kind;

    public int Priority { get; } = accepted.Priority;

    public long Bytes { get; } = accepted.FileSize;

    public UserId User { get; set; } = accepted.User;

    public LineKey Key { get; set; } = accepted.LineKey;

    /// <summary>When it entered the line, in unix microseconds.</summary>
    public long EnteredAt { get; set; }

    public bool HasReason { get; set; }

    public JobState State { get; set; }

    public bool IsHeld { get; set; } = accepted.IsHeld;

    public int Attempt { get; set; }

    public int Failures { get; set; }

    /// <summary>Attempts that failed or were lost, and after which it was to be tried again.</summary>
    public int Retries { get; set; }

    public bool IsElsewhere { get; set; }

    public DateTimeOffset? NotBefore { get; set; } = accepted.NotBefore;

    public Spot Spot { get; set; }

    /// <summary>The oldest set of rules under which it may have become active.</summary>
    public int Generation { get; set; }

    public List<Moment> History { get; } = [];

    public bool IsActive => !State.IsFinished() && !IsHeld;

    public TimeSpan HeadStart => TimeSpan.FromMicroseconds(EnteredAt - Key.At);

    public void Note(JobEventType type, DateTimeOffset at) => History.Add(new(type, Attempt, LineKey.Microseconds(at)));
}
