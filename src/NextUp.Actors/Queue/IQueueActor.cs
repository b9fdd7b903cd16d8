using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Actors.Queue;

/// <summary>The one line, the slots, the estimate. Every change of the line is decided and committed here.</summary>
public interface IQueueActor
{
    /// <summary>
    /// Carries out the changes in one commit, together with the starts that they make possible. Answers when it is durable.
    /// </summary>
    ValueTask<QueueAnswer> ChangeAsync(QueueChange change);

    /// <summary>
    /// A visitor's jobs become an account's, in one commit. Jobs keep their places in the line; those that the account's
    /// limit has no room for leave it.
    /// </summary>
    ValueTask<QueueAnswer> AdoptAsync(Adoption adoption);

    /// <summary>The exact position of each key, 1 = next up; null where it is not in the line.</summary>
    ValueTask<IReadOnlyList<QueuePlace?>> PlacesAsync(IReadOnlyList<QueueAsk> asks);

    ValueTask<QueueStatus> StatusAsync();

    /// <summary>
    /// Makes sure that this is the actor that the store knows; one that was superseded without noticing forgets itself and
    /// throws <see cref="ActorForgottenException"/>.
    /// </summary>
    ValueTask ReviewAsync();

    /// <summary>New limits, from now on: running jobs are left alone, free slots fill at once.</summary>
    ValueTask ConfigureAsync(QueueSettings settings);
}

/// <summary>What enters, leaves or changes in the line, together.</summary>
/// <param name="Ends">Jobs that end; each frees its slot or leaves the line.</param>
/// <param name="Accepts">New jobs; the queue gives each its sequence and its key.</param>
/// <param name="Joins">Held jobs that enter the line, at its end.</param>
/// <param name="Requeues">Attempts that failed and will be tried again.</param>
public sealed record QueueChange(
    IReadOnlyList<QueueChange.Ending> Ends,
    IReadOnlyList<QueueChange.Accepting> Accepts,
    IReadOnlyList<QueueChange.Joining> Joins,
    IReadOnlyList<QueueChange.Requeueing> Requeues)
{
    public static readonly QueueChange None = new([], [], [], []);

    /// <param name="Attempt">The running attempt, or null for a job that is pending.</param>
    public sealed record Ending(JobRecord Job, int? Attempt, JobState To, string? Error, string? Summary, IReadOnlyList<StagedFile> Files);

    /// <param name="Draft">The job with everything but its sequence, its key and its time.</param>
    /// <param name="Takes">Where it replaces a waiting job, that job's key: it keeps the place.</param>
    public sealed record Accepting(JobRecord Draft, string? Key, IReadOnlyList<StagedFile> Files, LineKey? Takes);

    public sealed record Joining(JobRecord Job, int? Place);

    /// <param name="Failures">The job's count of failures from now on.</param>
    public sealed record Requeueing(JobRecord Job, int Failures, string Error, TimeSpan Delay);
}

public abstract record QueueAnswer
{
    QueueAnswer() { }

    /// <param name="Accepted">The accepted jobs as stored, in the order asked.</param>
    /// <param name="Joined">The joined jobs as stored, in the order asked.</param>
    public sealed record Done(IReadOnlyList<JobRecord> Accepted, IReadOnlyList<JobRecord> Joined) : QueueAnswer;

    /// <summary>A job was not where the change expects it (it has started or ended meanwhile). Nothing was changed.</summary>
    public sealed record Stale(string Reason) : QueueAnswer;
}

public readonly record struct QueueAsk(JobKind Kind, LineKey Key);

/// <param name="Position">1 = next up.</param>
/// <param name="Start">When it will start, as a range; null while nothing is known of how long such jobs take.</param>
public sealed record QueuePlace(int Position, StartEstimate? Start);

/// <summary>Half of all jobs start before <see cref="P50"/> from now, nine of ten before <see cref="P90"/>.</summary>
public sealed record StartEstimate(TimeSpan P50, TimeSpan P90);

/// <param name="Waiting">Jobs in the line.</param>
/// <param name="Delayed">Jobs waiting out a retry's delay.</param>
public sealed record QueueStatus(int Slots, int Running, int Waiting, int Delayed, bool IsPaused);

public sealed record QueueSettings
{
    /// <summary>Jobs that may run at once. Defaults to 4; at most <see cref="SlotsMax"/>.</summary>
    public int Slots { get; init; } = 4;

    public const int SlotsMax = 10_000;

    /// <summary>While true nothing starts; what runs goes on and submissions are accepted. Defaults to false.</summary>
    public bool Paused { get; init; }
}
