using NextUp.Actors.Jobs;

namespace NextUp.Actors.Workers;

/// <summary>A worker has room and asks for jobs. It has one ask open at a time: a newer one closes the one before.</summary>
/// <param name="Number">Names this ask among all of its server's, so that it is not mistaken for a later one.</param>
/// <param name="Count">How many jobs it has room for, 1 to <see cref="CountMax"/>.</param>
public sealed record LeaseAsk(long Number, Lease Lease, IReadOnlyList<JobKind> Kinds, int Count)
{
    /// <summary>The most jobs that one ask gives.</summary>
    public const int CountMax = 1_000;
}
