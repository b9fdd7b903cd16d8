using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Orleans.Cluster;

/// <summary>
/// Spreads attempts: each begins on the silo with the fewest that run there, so that no silo has more than its share of the
/// slots while the silos stay the same. One that is said to be at home somewhere begins there, unless that silo is
/// <see cref="AheadMax"/> ahead. The owner of the store counts: it starts every attempt, and hears of every end.
/// </summary>
sealed class JobPlacing
{
    /// <summary>How many more attempts than the one with the fewest a silo may have for being home to them.</summary>
    public const int AheadMax = 256;

    readonly Lock _gate = new();
    readonly Dictionary<JobId, SiloAddress> _placed = [];
    readonly Dictionary<SiloAddress, int> _running = [];
    readonly HashSet<SiloAddress> _leaving = [];

    /// <summary>Picks among the silos and counts the job there. None where all of them are leaving.</summary>
    /// <param name="home">Where the job should begin if it may; null for anywhere.</param>
    public SiloAddress? Choose(JobId job, IReadOnlyList<SiloAddress> silos, SiloAddress? home)
    {
        lock (_gate)
        {
            Release(job);
            SiloAddress? best = null;
            foreach (var silo in silos)
            {
                if (!_leaving.Contains(silo) && (best is null || Running(silo) < Running(best)))
                    best = silo;
            }

            if (best is null)
                return null;
            if (home is not null && silos.Contains(home) && !_leaving.Contains(home) && Running(home) < Running(best) + AheadMax)
                best = home;
            Count(job, best);
            return best;
        }
    }

    /// <summary>A silo says what runs there: a new owner of the store has placed none of it.</summary>
    public void Found(SiloAddress silo, IEnumerable<JobId> jobs)
    {
        lock (_gate)
        {
            foreach (var job in jobs)
            {
                if (!_placed.ContainsKey(job))
                    Count(job, silo);
            }
        }
    }

    /// <summary>The silo takes no more.</summary>
    public void Leave(SiloAddress silo)
    {
        lock (_gate)
            _leaving.Add(silo);
    }

    /// <summary>The silo is dead.</summary>
    public void Lose(SiloAddress silo)
    {
        lock (_gate)
        {
            _running.Remove(silo);
            foreach (var (job, _) in _placed.Where(placed => placed.Value.Equals(silo)).ToList())
                _placed.Remove(job);
        }
    }

    /// <summary>Whether the job was placed on a silo that lives, as far as is known.</summary>
    public bool IsPlaced(JobId job)
    {
        lock (_gate)
            return _placed.ContainsKey(job);
    }

    /// <summary>How many attempts run where.</summary>
    public IReadOnlyDictionary<SiloAddress, int> Counts()
    {
        lock (_gate)
            return new Dictionary<SiloAddress, int>(_running);
    }

    public void Happened(IReadOnlyList<JobEvent> events)
    {
        lock (_gate)
        {
            foreach (var one in events)
            {
                if (one.Type is JobEventType.Completed or JobEventType.Failed or JobEventType.Cancelled or JobEventType.Retrying)
                    Release(one.Job);
            }
        }
    }

    int Running(SiloAddress silo) => _running.GetValueOrDefault(silo);

    void Count(JobId job, SiloAddress silo)
    {
        _placed[job] = silo;
        _running[silo] = Running(silo) + 1;
    }

    void Release(JobId job)
    {
        if (_placed.Remove(job, out var silo) && _running.TryGetValue(silo, out var running))
            _running[silo] = running - 1;
    }
}
