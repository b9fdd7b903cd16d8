using NextUp.Actors.Jobs;

namespace NextUp.Actors.Workers;

/// <summary>
/// Which attempts workers elsewhere hold, and when one is lost. A slot is never freed by a clock alone; proof that a
/// worker will not finish an attempt any more is one of three:
///
/// (a) <b>Its process began anew.</b> The worker asks under a higher incarnation, so the process that held the attempt is
/// no more, or must not be heard any more: what the older incarnation held is lost at once.
/// (b) <b>It says so.</b> It reports the attempt failed, or hands it back because it drains.
/// (c) <b>It was silent for a whole term, and is cut off.</b> Silence alone proves nothing: a stalled worker may come back.
/// So its attempt is ended in the store by the commit that gives the job back to the line. From that commit on every
/// write that carries the attempt's number is refused, and the worker is told to stop as soon as it is heard again.
///
/// Loss counts as a failed attempt, as a crash does (a job that kills its workers must come to an end); handing back does
/// not. What this book holds is memory: a new process gives every lease that it finds in the store a whole term from its
/// own start. And a process that was itself away (stopped, or starved) for a good part of a term judges nobody by that
/// time: what workers sent meanwhile has not been read yet.
/// </summary>
/// <param name="term">How long a worker may be silent.</param>
public sealed class LeaseBook(TimeSpan term)
{
    /// <summary>Looks are many in a term; where one comes later than this part of it, we were away ourselves.</summary>
    const int AwayPart = 3;

    readonly Dictionary<JobId, Holding> _held = [];
    readonly Dictionary<WorkerId, Seat> _workers = [];
    DateTimeOffset _lookedAt;

    sealed class Holding(JobRecord job, DateTimeOffset heardAt)
    {
        public JobRecord Job => job;

        public DateTimeOffset HeardAt { get; set; } = heardAt;
    }

    sealed class Seat
    {
        public long Incarnation { get; set; }

        /// <summary>From when on it counts as being there; also where it never spoke to this process.</summary>
        public DateTimeOffset SeenAt { get; set; }

        /// <summary>When it last spoke to this process; null where it has not.</summary>
        public DateTimeOffset? HeardAt { get; set; }

        public IReadOnlyList<JobKind> Kinds { get; set; } = [];

        public HashSet<JobId> Holds { get; } = [];
    }

    public int Count => _held.Count;

    /// <summary>Workers seen within the last two terms, or that hold something.</summary>
    public IReadOnlyList<SeatedWorker> Workers(DateTimeOffset now)
    {
        Forget(now);
        return [.. from worker in _workers
                   orderby worker.Key.Value
                   let seat = worker.Value
                   select new SeatedWorker(worker.Key, seat.Kinds, [.. seat.Holds.Select(job => _held[job].Job)], seat.HeardAt)];
    }

    /// <summary>
    /// A worker is heard. Answers what an older incarnation of it held, which is lost now (proof a); null where this one is
    /// the older itself and has to stop.
    /// </summary>
    /// <param name="kinds">What it asks for; null where it does not say.</param>
    public IReadOnlyList<JobRecord>? Hear(Lease lease, DateTimeOffset now, IReadOnlyList<JobKind>? kinds = null)
    {
        var seat = SeatOf(lease, now);
        if (lease.Incarnation < seat.Incarnation)
            return null;
        (seat.SeenAt, seat.HeardAt, seat.Kinds) = (now, now, kinds ?? seat.Kinds);
        if (lease.Incarnation == seat.Incarnation)
            return [];
        seat.Incarnation = lease.Incarnation;
        return [.. seat.Holds.Select(job => _held[job].Job).Where(job => job.Lease!.Incarnation < lease.Incarnation)];
    }

    /// <summary>
    /// An attempt is held from now on. False where its worker is known to have begun anew since: it is lost already.
    /// </summary>
    public bool Hold(JobRecord job, DateTimeOffset now)
    {
        if (_held.Count == 0)
            _lookedAt = now;
        var seat = SeatOf(job.Lease!, now);
        _held[job.Id] = new(job, now);
        seat.Holds.Add(job.Id);
        return job.Lease!.Incarnation >= seat.Incarnation;
    }

    /// <summary>The attempt's worker is heard with it. False where the book does not have that attempt.</summary>
    public bool Renew(JobId job, int attempt, DateTimeOffset now)
    {
        if (!_held.TryGetValue(job, out var holding) || holding.Job.Attempt != attempt)
            return false;
        holding.HeardAt = now;
        _workers[holding.Job.Lease!.Worker].HeardAt = now;
        return true;
    }

    /// <summary>The attempt is over.</summary>
    public void Release(JobId job, int attempt)
    {
        if (!_held.TryGetValue(job, out var holding) || holding.Job.Attempt != attempt)
            return;
        _held.Remove(job);
        _workers[holding.Job.Lease!.Worker].Holds.Remove(job);
    }

    /// <summary>What this incarnation of a worker was given and says it does not have: the answer that gave it was lost.</summary>
    /// <param name="has">The attempts that the worker says it has.</param>
    public IReadOnlyList<JobRecord> Missed(Lease lease, Func<JobId, int, bool> has)
    {
        if (!_workers.TryGetValue(lease.Worker, out var seat) || seat.Holds.Count == 0)
            return [];
        return [.. from id in seat.Holds
                   let job = _held[id].Job
                   where job.Lease!.Incarnation == lease.Incarnation && !has(id, job.Attempt)
                   orderby job.LineKey
                   select job];
    }

    /// <summary>The attempts whose workers were silent for a whole term: to be cut off now (proof c).</summary>
    public IReadOnlyList<JobRecord> RunOut(DateTimeOffset now)
    {
        var away = now - _lookedAt;
        _lookedAt = now;
        if (away > term / AwayPart)
        {
            foreach (var holding in _held.Values)
                holding.HeardAt += away;
            return [];
        }

        Forget(now);
        return [.. _held.Values.Where(holding => holding.HeardAt + term <= now).Select(holding => holding.Job)];
    }

    /// <summary>Who has been away for two terms and holds nothing is none of ours any more.</summary>
    void Forget(DateTimeOffset now)
    {
        foreach (var (worker, seat) in _workers.ToList())
        {
            if (seat.Holds.Count == 0 && seat.SeenAt + 2 * term < now)
                _workers.Remove(worker);
        }
    }

    Seat SeatOf(Lease lease, DateTimeOffset now)
    {
        if (!_workers.TryGetValue(lease.Worker, out var seat))
            _workers.Add(lease.Worker, seat = new() { Incarnation = lease.Incarnation, SeenAt = now });
        return seat;
    }
}

/// <summary>A worker as its server sees it.</summary>
/// <param name="Kinds">What it last asked for; empty where it has not asked since this process began.</param>
/// <param name="HeardAt">When it last spoke to this process; null where it has not.</param>
public sealed record SeatedWorker(
    WorkerId Worker, IReadOnlyList<JobKind> Kinds, IReadOnlyList<JobRecord> Holds, DateTimeOffset? HeardAt);
