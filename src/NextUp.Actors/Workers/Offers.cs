using NextUp.Actors.Jobs;

namespace NextUp.Actors.Workers;

/// <summary>
/// The room that waiting workers offer. It is what opens slots of the kinds they work on, so a job starts only when
/// somebody waits for it, and the first in the line stays there until then. Who has waited longest is served first and
/// then stands behind the others, so that work spreads. Taking and asking for room are O(1), whatever the number of workers.
///
/// An offer is answered once: when the first of its starts is stored it takes no more, and what was decided for it before
/// that still comes with the answer.
/// </summary>
public sealed class Offers
{
    readonly Dictionary<WorkerId, Offer> _open = [];
    readonly Dictionary<JobKind, Queue<Offer>> _byKind = [];

    // Closed, with starts that are still on their way to the store. A few at a time at most.
    readonly List<Offer> _closing = [];

    sealed class Offer(LeaseAsk ask)
    {
        public LeaseAsk Ask => ask;

        public int Left { get; set; } = ask.Count;

        /// <summary>Starts that were decided for it and are not stored yet.</summary>
        public int UnderWay { get; set; }

        public bool IsClosed { get; set; }

        public List<JobRecord> Started { get; } = [];

        public TaskCompletionSource<IReadOnlyList<JobRecord>> Answer { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>The answer comes when jobs have started for the worker, or when the ask is closed, then without any.</summary>
    public Task<IReadOnlyList<JobRecord>> Open(LeaseAsk ask)
    {
        if (_open.TryGetValue(ask.Lease.Worker, out var older))
            Close(older);
        var offer = new Offer(ask);
        _open[ask.Lease.Worker] = offer;
        foreach (var kind in ask.Kinds)
        {
            _ = IsOpen(kind); // Lets go of those before it that are closed.
            if (!_byKind.TryGetValue(kind, out var waiting))
                _byKind.Add(kind, waiting = new());
            waiting.Enqueue(offer);
        }

        return offer.Answer.Task;
    }

    /// <summary>How many more jobs all that wait have room for, of the kind, or of any where it is null. Looks at each of them.</summary>
    public int Room(JobKind? kind)
    {
        var room = 0;
        foreach (var offer in _open.Values)
        {
            if (kind is not { } named || offer.Ask.Kinds.Contains(named))
                room += offer.Left;
        }

        return room;
    }

    public bool IsOpen(JobKind kind)
    {
        if (_open.Count == 0 || !_byKind.TryGetValue(kind, out var waiting))
            return false;
        while (waiting.TryPeek(out var first))
        {
            if (!first.IsClosed && first.Left > 0)
                return true;
            waiting.Dequeue();
        }

        return false;
    }

    /// <summary>Takes room for a job of the kind, and says in whose name it starts; null where nobody waits for one.</summary>
    public LeaseAsk? Take(JobKind kind)
    {
        if (!IsOpen(kind))
            return null;
        var offer = _byKind[kind].Dequeue();
        offer.Left--;
        offer.UnderWay++;
        _byKind[kind].Enqueue(offer);
        return offer.Ask;
    }

    /// <summary>
    /// A start in a worker's name is stored. Where the ask has failed meanwhile (<see cref="Fail"/>), the worker is given
    /// the job when it asks anew and says that it does not have it.
    /// </summary>
    public void Started(LeaseAsk ask, JobRecord job)
    {
        if (!_open.TryGetValue(ask.Lease.Worker, out var offer) || offer.Ask != ask)
            offer = _closing.Find(closing => closing.Ask == ask);
        if (offer is null)
            return;
        offer.UnderWay--;
        offer.Started.Add(job);
        Close(offer);
    }

    /// <summary>The ask is over; one that was answered already is none any more.</summary>
    public void Withdraw(WorkerId worker, long number)
    {
        if (_open.TryGetValue(worker, out var offer) && offer.Ask.Number == number)
            Close(offer);
    }

    /// <summary>Nothing is known any more of what was decided: whoever waits has to ask again.</summary>
    public void Fail(Exception why)
    {
        foreach (var offer in _open.Values.Concat(_closing))
            offer.Answer.TrySetException(why);
        _open.Clear();
        _closing.Clear();
        _byKind.Clear();
    }

    void Close(Offer offer)
    {
        if (!offer.IsClosed)
        {
            offer.IsClosed = true;
            _open.Remove(offer.Ask.Lease.Worker);
            _closing.Add(offer);
        }

        if (offer.UnderWay > 0)
            return;
        _closing.Remove(offer);
        offer.Answer.TrySetResult(offer.Started);
    }
}
