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

    /// <summary>Room in all, as far as it is known now: here, and what workers hold or offer.</summary>
    public int Everywhere => Total + TakenElsewhere + Offers.Room(null);

    /// <summary>Room for the kind, as far as it is known now; at least 1 where only workers have some, for one may come.</summary>
    public int MaxOf(JobKind kind)
    {
        var room = workedBy?.Invoke(kind) switch
        {
            WorkedBy.Workers => Math.Max(1, TakenBy(kind) + Offers.Room(kind)),
            WorkedBy.Both => Total + TakenElsewhere + Offers.Room(kind),
            _ => Total,
        };
        return kindMax(kind) is { } max && max < room ? max : room;
    }

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
