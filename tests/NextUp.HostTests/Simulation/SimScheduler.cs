using NextUp.Hosting.InProcess;

namespace NextUp.HostTests.Simulation;

/// <summary>Gives turns one at a time to a mailbox that the seed chooses. A dead process's mailboxes get none.</summary>
sealed class SimScheduler(Random random) : ITurnScheduler
{
    readonly List<Mailbox> _ready = [];

    public bool IsDead { get; private set; }

    public bool HasReady => _ready.Count > 0;

    public void Schedule(Mailbox mailbox)
    {
        if (!IsDead)
            _ready.Add(mailbox);
    }

    public void RunOne()
    {
        var index = random.Next(_ready.Count);
        var mailbox = _ready[index];
        _ready.RemoveAt(index);

        // A mailbox that is not yet empty stays ready; it says itself when something arrives after it came to rest.
        if (mailbox.TakeTurn())
            _ready.Add(mailbox);
    }

    public void Die()
    {
        IsDead = true;
        _ready.Clear();
    }
}
