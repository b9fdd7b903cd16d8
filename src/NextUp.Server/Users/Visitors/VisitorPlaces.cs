using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Server.Users.Visitors;

/// <summary>
/// Counts, per network address and kind, the visitors that have unfinished jobs, so that clearing cookies gains nothing.
/// The counts are in memory and made anew from the store at a start; a visitor is taken off when the limit is reached and
/// the store shows that nothing of theirs is left, so that a job's end costs nothing here. Whoever is counted already may
/// always submit: their own limit holds for them.
/// </summary>
sealed class VisitorPlaces(IJobStore store, int visitorsMax)
{
    /// <summary>Addresses kept in mind, twice; those not seen for that long are forgotten.</summary>
    const int HalfMax = 32_768;

    readonly Lock _gate = new();
    Dictionary<(long Origin, JobKind Kind), Dictionary<UserId, int>> _young = [];
    Dictionary<(long Origin, JobKind Kind), Dictionary<UserId, int>> _old = [];

    /// <summary>A lower one turns nobody out who is counted already.</summary>
    public int VisitorsMax { get; set; } = visitorsMax;

    /// <summary>At the start: who has unfinished jobs.</summary>
    public async Task LoadAsync()
    {
        foreach (var job in await store.UnfinishedWithOriginAsync())
        {
            lock (_gate)
                Of(job.Origin!.Value, job.Kind).TryAdd(job.User, 0);
        }
    }

    /// <summary>Whether the visitor may submit; what is entered is left again when the submission was answered.</summary>
    public async ValueTask<bool> EnterAsync(UserId visitor, long origin, JobKind kind)
    {
        if (TryEnter(visitor, origin, kind, out var idle))
            return true;

        foreach (var user in idle)
        {
            var lane = await store.LaneAsync(user);
            if (lane.All(job => job.Kind != kind))
                Forget(user, origin, kind);
        }

        return TryEnter(visitor, origin, kind, out _);
    }

    public void Leave(UserId visitor, long origin, JobKind kind)
    {
        lock (_gate)
        {
            var visitors = Of(origin, kind);
            if (visitors.TryGetValue(visitor, out var underWay))
                visitors[visitor] = underWay - 1;
        }
    }

    bool TryEnter(UserId visitor, long origin, JobKind kind, out List<UserId> idle)
    {
        lock (_gate)
        {
            var visitors = Of(origin, kind);
            idle = [];
            if (visitors.TryGetValue(visitor, out var underWay) || visitors.Count < VisitorsMax)
            {
                visitors[visitor] = underWay + 1;
                return true;
            }

            idle.AddRange(visitors.Where(one => one.Value == 0).Select(one => one.Key));
            return false;
        }
    }

    void Forget(UserId visitor, long origin, JobKind kind)
    {
        lock (_gate)
        {
            var visitors = Of(origin, kind);
            if (visitors.GetValueOrDefault(visitor) == 0)
                visitors.Remove(visitor);
        }
    }

    Dictionary<UserId, int> Of(long origin, JobKind kind)
    {
        if (_young.TryGetValue((origin, kind), out var visitors))
            return visitors;
        if (!_old.Remove((origin, kind), out visitors))
            visitors = [];
        if (_young.Count >= HalfMax)
        {
            (_young, _old) = (_old, _young);
            _young.Clear();
        }

        _young.Add((origin, kind), visitors);
        return visitors;
    }
}
