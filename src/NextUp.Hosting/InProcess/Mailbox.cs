using NextUp.Actors;

namespace NextUp.Hosting.InProcess;

/// <summary>Decides when a mailbox that has something to do gets its turn: the thread pool, or a simulation.</summary>
public interface ITurnScheduler
{
    /// <summary>Called when a mailbox that had nothing to do gets something. It then has to be run until it is empty.</summary>
    void Schedule(Mailbox mailbox);
}

/// <summary>
/// Gives turns on the thread pool. A mailbox that becomes ready while a turn runs is run next by the same thread, which
/// costs neither a wake-up nor another thread's cold caches; most calls between actors are of that sort. What gathers
/// beyond <see cref="HereMax"/> goes to the pool, so that other cores share it.
/// </summary>
public sealed class PoolScheduler : ITurnScheduler
{
    const int HereMax = 4;

    /// <summary>After so many turns a thread gives what is left back to the pool, so that nobody else starves.</summary>
    const int TurnsInARow = 512;

    [ThreadStatic]
    static Queue<Mailbox>? t_here;

    [ThreadStatic]
    static bool t_isRunning;

    public void Schedule(Mailbox mailbox)
    {
        if (t_isRunning && t_here!.Count < HereMax)
            t_here.Enqueue(mailbox);
        else
            ThreadPool.UnsafeQueueUserWorkItem(Run, mailbox, preferLocal: false);
    }

    static readonly Action<Mailbox> Run = static first =>
    {
        var here = t_here ??= new();
        t_isRunning = true;
        var turns = 0;
        var next = first;
        do
        {
            while (next.TakeTurn())
            {
                if (++turns < TurnsInARow)
                    continue;
                here.Enqueue(next);
                break;
            }
        }
        while (turns < TurnsInARow && here.TryDequeue(out next!));
        t_isRunning = false;
        while (here.TryDequeue(out var left))
            ThreadPool.UnsafeQueueUserWorkItem(Run!, left, preferLocal: false);
    };
}

/// <summary>
/// The turns of one actor, in order, never two at once. It is the synchronization context of the actor's code, so what
/// follows an await in the actor is a turn of the same mailbox. Turns wait in a lock-free list that takes no memory while
/// empty: there is one mailbox for each user that is in memory.
/// </summary>
public class Mailbox(ITurnScheduler scheduler) : SynchronizationContext
{
    Turn? _arrived; // newest first, pushed by any thread
    Turn? _next; // oldest first, only touched in a turn
    int _isScheduled;

    public override void Post(SendOrPostCallback d, object? state) => Add(new Continuation(d, state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("An actor's turn cannot be waited for synchronously.");

    public override SynchronizationContext CreateCopy() => this;

    public void Add(Turn turn)
    {
        var head = Volatile.Read(ref _arrived);
        while (true)
        {
            turn.Next = head;
            var seen = Interlocked.CompareExchange(ref _arrived, turn, head);
            if (seen == head)
                break;
            head = seen;
        }

        ScheduleOnce();
    }

    /// <summary>Runs the oldest turn. False when there was none; then the mailbox is at rest until it is scheduled anew.</summary>
    public bool TakeTurn()
    {
        if (Next() is not { } turn)
        {
            Volatile.Write(ref _isScheduled, 0);
            Interlocked.MemoryBarrier();

            // Something may have arrived after the look and before the flag: whoever sees both takes over.
            if (Volatile.Read(ref _arrived) is not null)
                ScheduleOnce();
            return false;
        }

        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            turn.Run();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }

        return true;
    }

    void ScheduleOnce()
    {
        if (Interlocked.Exchange(ref _isScheduled, 1) == 0)
            scheduler.Schedule(this);
    }

    Turn? Next()
    {
        if (_next is null)
        {
            var arrived = Interlocked.Exchange(ref _arrived, null);
            while (arrived is not null)
                (arrived.Next, _next, arrived) = (_next, arrived, arrived.Next);
        }

        var turn = _next;
        _next = turn?.Next;
        return turn;
    }

    public abstract class Turn
    {
        internal Turn? Next;

        public abstract void Run();
    }

    sealed class Continuation(SendOrPostCallback callback, object? state) : Turn
    {
        public override void Run() => callback(state);
    }
}
