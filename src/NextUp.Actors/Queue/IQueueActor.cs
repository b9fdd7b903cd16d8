using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Actors.Workers;

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

    /// <summary>How the estimates fare, by kind, for operators.</summary>
    ValueTask<IReadOnlyList<EstimateFigures>> EstimatesAsync();

    /// <summary>
    /// Makes sure that this is the actor that the store knows; one that was superseded without noticing forgets itself and
    /// throws <see cref="ActorForgottenException"/>.
    /// </summary>
    ValueTask ReviewAsync();

    /// <summary>New limits, from now on: running jobs are left alone, free slots fill at once.</summary>
    ValueTask ConfigureAsync(QueueSettings settings);

    /// <summary>
    /// Jobs for a worker, started in its name: as many as wait and it has room for, as soon as there is one; none where the
    /// ask is withdrawn, or the worker asks anew, before that. They are stored as processing under its lease when this
    /// answers. Throws <see cref="ActorForgottenException"/> where this actor gives up meanwhile: ask its successor.
    /// </summary>
    ValueTask<IReadOnlyList<JobRecord>> LeaseAsync(LeaseAsk ask);

    /// <summary>Closes an ask: what was decided for it before is still its answer.</summary>
    ValueTask WithdrawAsync(WorkerId worker, long number);

    /// <summary>Pauses, resumes or sets the slots for an operator; durable, and in force, when it answers.</summary>
    ValueTask<SteerAnswer> SteerAsync(SteerOrder order);

    /// <summary>What operators have said that holds now.</summary>
    ValueTask<Steering> SteeringAsync();

    /// <summary>Which of these pending, not held jobs the queue has passed over, and how; null for those that it has not.</summary>
    ValueTask<IReadOnlyList<PassedOver?>> PassedOverAsync(IReadOnlyList<JobRecord> jobs);

    /// <summary>
    /// How many jobs the machine's load lets run at once, where no operator said otherwise; null leaves it to the settings.
    /// </summary>
    ValueTask GovernAsync(int? slots);
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

    /// <summary>Jobs that had ended and come back; at the line's end, or held.</summary>
    public IReadOnlyList<Reopening> Reopens { get; init; } = [];

    /// <param name="Attempt">The running attempt, or null for a job that is pending.</param>
    public sealed record Ending(JobRecord Job, int? Attempt, JobState To, string? Error, string? Summary, IReadOnlyList<StagedFile> Files)
    {
        /// <summary>A pending job that the line does not know any more: only the store says whether it is still there.</summary>
        public bool IsPassedOver { get; init; }

        public bool IsSetAside { get; init; }

        public int? Crashes { get; init; }
    }

    /// <param name="Draft">The job with everything but its sequence, its key and its time.</param>
    /// <param name="Takes">
    /// Where it replaces a waiting job, that job: it takes its arrival, if that is in the line. At most one of a change.
    /// </param>
    public sealed record Accepting(JobRecord Draft, string? Key, IReadOnlyList<StagedFile> Files, JobRecord? Takes);

    public sealed record Joining(JobRecord Job, int? Place);

    /// <param name="Failures">The job's count of failures from now on.</param>
    public sealed record Requeueing(JobRecord Job, int Failures, string Error, TimeSpan Delay)
    {
        public int? Crashes { get; init; }
    }

    /// <summary>A failed or cancelled job that is done again. The store must have been asked: a wrong one costs a rebuild.</summary>
    /// <param name="Place">Null where it is held, or its kind has no limit.</param>
    /// <param name="Reason">Who asked for it.</param>
    public sealed record Reopening(JobRecord Job, bool IsHeld, int? Place, string Reason);
}

public abstract record QueueAnswer
{
    QueueAnswer() { }

    /// <param name="Accepted">The accepted jobs as stored, in the order asked.</param>
    /// <param name="Joined">The joined jobs as stored, in the order asked.</param>
    public sealed record Done(IReadOnlyList<JobRecord> Accepted, IReadOnlyList<JobRecord> Joined) : QueueAnswer
    {
        /// <summary>The reopened jobs as stored, in the order asked.</summary>
        public IReadOnlyList<JobRecord> Reopened { get; init; } = [];
    }

    /// <summary>A job was not where the change expects it (it has started or ended meanwhile). Nothing was changed.</summary>
    public sealed record Stale(string Reason) : QueueAnswer;
}

/// <summary>How a waiting job came to wait in vain.</summary>
public enum PassedOver
{
    /// <summary>A job of its kind that stands behind it has started.</summary>
    LineMoved = 0,

    /// <summary>A slot is free, its kind may start, and it does not.</summary>
    SlotFree = 1,
}

public readonly record struct QueueAsk(JobKind Kind, LineKey Key, TimeSpan HeadStart = default);

/// <param name="Position">1 = next up; see <see cref="Line"/> for who counts.</param>
/// <param name="Start">When it will start, as a range; null where <see cref="Unknown"/> says why.</param>
public sealed record QueuePlace(int Position, StartEstimate? Start)
{
    /// <summary>Why there is no estimate; null where there is one.</summary>
    public StartUnknown? Unknown { get; init; }

    /// <summary>Why it would not start now even if it were its turn; null where it would.</summary>
    public QueueWait? Wait { get; init; }

    /// <summary>Who of those before it came in out of turn.</summary>
    public Overtaken Overtaken { get; init; }
}

/// <summary>Why nobody can say when a waiting job starts.</summary>
public enum StartUnknown
{
    /// <summary>
    /// Of its kind, or of one that runs or waits beside it, fewer than <see cref="ServiceTimes.SamplesMin"/> attempts were
    /// measured.
    /// </summary>
    Learning = 0,

    /// <summary>It may not start for now, see <see cref="QueuePlace.Wait"/>.</summary>
    Paused = 1,
}

/// <summary>Half of all jobs start before <see cref="P50"/> from now, nine of ten before <see cref="P90"/>.</summary>
public sealed record StartEstimate(TimeSpan P50, TimeSpan P90);

/// <param name="Slots">Of the server's own process.</param>
/// <param name="Running">Everywhere.</param>
/// <param name="Waiting">Jobs in the line, those of paused users included.</param>
/// <param name="Delayed">Jobs that wait for a time: a retry's delay, or the one their submitter asked for.</param>
public sealed record QueueStatus(int Slots, int Running, int Waiting, int Delayed, bool IsPaused)
{
    /// <summary>Of those that run, the ones that workers elsewhere hold.</summary>
    public int RunningElsewhere { get; init; }

    /// <summary>The operator's pause of everything; null where the settings pause it, or nothing does.</summary>
    public Pause? Pause { get; init; }

    /// <summary>The settings' bounds for slots that follow the load; null where they do not.</summary>
    public LoadTargets? Load { get; init; }
}

public sealed record QueueSettings
{
    /// <summary>Jobs that may run at once. Defaults to 4; at most <see cref="SlotsMax"/>.</summary>
    public int Slots { get; init; } = 4;

    public const int SlotsMax = 10_000;

    /// <summary>While true nothing starts; what runs goes on and submissions are accepted. Defaults to false.</summary>
    public bool Paused { get; init; }

    /// <summary>Where the machine's load moves the slots; null, the default, leaves them where they are.</summary>
    public LoadTargets? Load { get; init; }
}
