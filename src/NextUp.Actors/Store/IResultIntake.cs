using NextUp.Actors.Jobs;

namespace NextUp.Actors.Store;

/// <summary>
/// Keeps the results of one kind in a form that can be searched or listed, in a database of its own beside
/// <see cref="IJobStore"/>.
/// </summary>
/// <remarks>
/// <para>Two stores cannot commit together, so a result comes in two steps. <see cref="TakeAsync"/> runs on the server once
/// the files of an attempt are staged and before its end is committed, for work done here and for what a worker elsewhere
/// reports. What it takes lies aside: durable, and seen by nobody. <see cref="SettleAsync"/> follows the commit of the end and
/// makes it visible in one transaction where the job completed in that attempt, and drops it otherwise.</para>
/// <para>If we die between the two, the next start settles whatever lies aside by what the job store says, or, where other
/// servers go on, the owner of the store as soon as we are found dead. So nothing of a
/// cancelled job is ever visible, and nothing of a completed one is lost; the two differ only for the moment between.</para>
/// </remarks>
public interface IResultIntake
{
    JobKind Kind { get; }

    /// <summary>
    /// Takes what an attempt made aside. Asked again for the same attempt it says the same and keeps it once; an attempt below
    /// one that was taken is <see cref="IntakeAnswer.Superseded"/>, one above it replaces it.
    /// </summary>
    /// <exception cref="StoreFailedException">Nothing is acknowledged; ask again.</exception>
    Task<IntakeAnswer> TakeAsync(JobRecord job, IReadOnlyList<StagedFile> files, CancellationToken cancellationToken);

    /// <summary>
    /// Makes what lies aside for the job visible, or drops it, as the job's stored state says; leaves it where the job has not
    /// ended. Harmless at any time and any number of times.
    /// </summary>
    /// <param name="stored">The job as it is stored now; null where there is none.</param>
    /// <exception cref="StoreFailedException">Nothing changed; ask again.</exception>
    Task SettleAsync(JobId job, JobRecord? stored, CancellationToken cancellationToken);

    /// <summary>Jobs with something that is not settled, from <paramref name="after"/> on in an order of the intake's own.</summary>
    Task<IReadOnlyList<JobId>> UnsettledAsync(JobId? after, int limit);
}

/// <summary>What became of a result that was handed in.</summary>
public abstract record IntakeAnswer
{
    IntakeAnswer() { }

    public sealed record Taken : IntakeAnswer;

    /// <summary>It cannot be kept, and no other attempt would change that: the job fails.</summary>
    /// <param name="Reason">One sentence for the job's user: what is wrong and the way out.</param>
    public sealed record Refused(string Reason) : IntakeAnswer;

    /// <summary>A later attempt was here before.</summary>
    public sealed record Superseded : IntakeAnswer;
}
