using NextUp.Hosting.InProcess;

namespace NextUp.HostTests.Simulation;

/// <summary>Gives turns one at a time to a mailbox that the seed chooses. A dead process's mailboxes get none.</summary>
sealed class SimScheduler(Random random) : ITurnScheduler
{
    readonly List<Mailbox> _ready = [];
    readonly Lock _gate = new();

    public bool IsDead { get; private set; }

    /// <summary>Set whenever a mailbox becomes ready, also by a thread of the pool that completes what was cancelled.</summary>
    public AutoResetEvent Arrived { get; } = new(false);

    public bool HasReady
    {
        get
        {
            lock (_gate)
                return _ready.Count > 0;
        }
    }

    public void Schedule(Mailbox mailbox)
    {
        lock (_gate)
        {
            if (!IsDead)
                _ready.Add(mailbox);
        }

        Arrived.Set();
    }

    public void RunOne()
    {
        Mailbox mailbox;
        lock (_gate)
        {
            var index = random.Next(_ready.Count);
            mailbox = _ready[index];
            _ready.RemoveAt(index);
        }

        // A mailbox that is not yet empty stays ready; it says itself when something arrives after it came to rest.
        if (!mailbox.TakeTurn())
            return;
        lock (_gate)
        {
            if (!IsDead)
                _ready.Add(mailbox);
        }
    }

    public void Die()
    {
        lock (_gate)
        {
            IsDead = true;
            _ready.Clear();
        }
    }
}
