using NextUp.Actors.Jobs;
using NextUp.Actors.Workers;

namespace NextUp.Hosting.Workers;

/// <summary>A worker asks for jobs, says what it has, and waits.</summary>
/// <param name="Count">How many more it has room for; 0 waits for word to stop only.</param>
/// <param name="Has">The attempts it works on, each renewed by this; null where it does not say.</param>
public sealed record WorkerAsk(
    Lease Lease, IReadOnlyList<JobKind> Kinds, int Count, TimeSpan Wait, IReadOnlyCollection<HeldAttempt>? Has);

public readonly record struct HeldAttempt(JobId Job, int Attempt);

public abstract record WorkerAnswer
{
    WorkerAnswer() { }

    /// <param name="Jobs">Started in the worker's name; those of an earlier answer that did not arrive are among them.</param>
    /// <param name="Stops">What it has and must not go on with.</param>
    public sealed record Given(IReadOnlyList<JobRecord> Jobs, IReadOnlyList<StopWord> Stops) : WorkerAnswer;

    /// <summary>A newer incarnation of the worker is known: this one must stop, whatever it has.</summary>
    public sealed record Superseded : WorkerAnswer;
}

/// <param name="Offers">How many more jobs it waits for at this moment.</param>
public sealed record KnownWorker(SeatedWorker Seat, int Offers);

public sealed record StopWord(JobId Job, int Attempt, StopReason Reason);

/// <summary>Why a worker has to let go of an attempt.</summary>
public enum StopReason
{
    Cancelled,
    TimedOut,

    /// <summary>The lease ran out, the job ended some other way, or it is not this worker's at all: no difference is told.</summary>
    Superseded,
}

/// <summary>A worker is alive and says how far it is.</summary>
/// <param name="Progress">Null where nothing changed.</param>
public sealed record Beat(JobId Job, int Attempt, JobProgress? Progress, IReadOnlyList<string> Lines);

/// <summary>What a worker's report of an end came to.</summary>
public abstract record ReportAnswer
{
    ReportAnswer() { }

    /// <summary>It is stored, by this report or by an earlier one that said the same.</summary>
    public sealed record Stored(JobState State) : ReportAnswer;

    /// <summary>Nothing of it was stored: the attempt is over.</summary>
    public sealed record Refused(StopReason Reason) : ReportAnswer;
}
