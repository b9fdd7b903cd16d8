using System.Collections.Concurrent;
using NextUp.Actors.Store;
using NextUp.Storage.Sql;

namespace NextUp.Storage.Postgres;

/// <summary>
/// Connections on threads of their own, begun as they are needed, up to a bound. A database that hangs holds them, and no
/// thread of anybody else.
/// </summary>
/// <param name="waitingMax">What may wait for a connection; more fails at once.</param>
sealed class SessionThreads<TSession>(Func<TSession> open, int threadsMax, int waitingMax, string name) : IDisposable
    where TSession : IDisposable
{
    readonly BlockingCollection<Action<TSession>> waiting = [];
    readonly List<Thread> threads = [];
    readonly Lock gate = new();
    bool isClosed;
    int idle;

    /// <summary>Runs what is asked in its turn; what it throws is the answer.</summary>
    public Task<T> RunAsync<T>(Func<TSession, T> asked)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Add(session => Answer(session, asked, answer)) is { } refusal)
            answer.SetException(refusal);
        return answer.Task;
    }

    /// <summary>Runs what waits, then ends.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (isClosed)
                return;
            isClosed = true;
            waiting.CompleteAdding();
        }

        foreach (var thread in threads)
            thread.Join();
        waiting.Dispose();
    }

    /// <returns>Null, or why not.</returns>
    StoreFailedException? Add(Action<TSession> asked)
    {
        lock (gate)
        {
            if (isClosed)
                return StoreFailedException.Closed();
            if (waiting.Count >= waitingMax)
            {
                return new(
                    $"{waiting.Count} questions wait for the database already ({nameof(StoreOptions)}."
                    + $"{nameof(StoreOptions.WaitingQuestionsMax)}); try again when it has caught up.", isUncertain: false);
            }

            waiting.Add(asked);
            if (idle < waiting.Count && threads.Count < threadsMax)
            {
                var thread = new Thread(Run) { IsBackground = true, Name = $"nextup {name} {threads.Count + 1}" };
                threads.Add(thread);
                thread.Start();
            }

            return null;
        }
    }

    void Run()
    {
        using var session = open();
        while (true)
        {
            Interlocked.Increment(ref idle);
            var isOpen = waiting.TryTake(out var asked, Timeout.Infinite);
            Interlocked.Decrement(ref idle);
            if (!isOpen)
                return;
            asked!(session);
        }
    }

    static void Answer<T>(TSession session, Func<TSession, T> asked, TaskCompletionSource<T> answer)
    {
        try
        {
            answer.SetResult(asked(session));
        }
        catch (Exception failure)
        {
            // The boundary between a thread of the store and who asked: whatever went wrong is theirs to know.
            answer.SetException(failure);
        }
    }
}
