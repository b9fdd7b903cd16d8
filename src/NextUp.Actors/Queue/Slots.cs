using NextUp.Actors.Jobs;

namespace NextUp.Actors.Queue;

/// <summary>Room to run jobs, overall and by kind. A slot is taken when a start is decided and freed only by that job's end.</summary>
public sealed class Slots(int total, Func<JobKind, int?> kindMax)
{
    readonly Dictionary<JobKind, int> _taken = [];

    public int Total { get; set; } = total;

    public int Taken { get; private set; }

    public bool IsFree(JobKind kind) => Taken < Total && (kindMax(kind) is not { } max || TakenBy(kind) < max);

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
        Invariant.Holds(TakenBy(kind) > 0);
        _taken[kind]--;
        Taken--;
    }
}
