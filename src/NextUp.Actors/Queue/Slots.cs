using NextUp.Actors.Jobs;
using NextUp.Actors.Workers;

namespace NextUp.Actors.Queue;

/// <summary>
/// Room to run jobs, overall and by kind. A slot is taken when a start is decided and freed only by that job's end. The
/// total is that of the server's own process; elsewhere there is as much room as waiting workers offer. A kind's limit
/// counts both.
/// </summary>
/// <param name="workedBy">Null where every kind is worked on here.</param>
public sealed class Slots(int total, Func<JobKind, int?> kindMax, Func<JobKind, WorkedBy>? workedBy = null)
{
    readonly Dictionary<JobKind, int> _taken = [];

    public int Total { get; set; } = total;

    public int Taken { get; private set; }

    /// <summary>The room elsewhere.</summary>
    public Offers Offers { get; } = new();

    public int TakenElsewhere { get; private set; }

    public bool IsFree(JobKind kind) =>
        (IsFreeHere(kind) || Offers.IsOpen(kind)) && (kindMax(kind) is not { } max || TakenBy(kind) < max);

    bool IsFreeHere(JobKind kind) => Taken < Total && workedBy?.Invoke(kind) is not WorkedBy.Workers;

    public int? MaxOf(JobKind kind) => kindMax(kind);

    public int TakenBy(JobKind kind) => _taken.GetValueOrDefault(kind);

    /// <summary>Takes a slot even where none is free: a rebuilt queue counts what runs, also after the limit was lowered.</summary>
    public void Take(JobKind kind)
    {
        _taken[kind] = TakenBy(kind) + 1;
        Taken++;
    }

    public void Release(JobKind kind)
    {
        Leave(kind);
        Taken--;
    }

    /// <summary>Room that a worker offered is taken; it counts for the kind, not for the total here.</summary>
    public void TakeElsewhere(JobKind kind)
    {
        _taken[kind] = TakenBy(kind) + 1;
        TakenElsewhere++;
    }

    public void ReleaseElsewhere(JobKind kind)
    {
        Leave(kind);
        TakenElsewhere--;
    }

    void Leave(JobKind kind)
    {
        Invariant.Holds(TakenBy(kind) > 0);
        _taken[kind]--;
    }
}
