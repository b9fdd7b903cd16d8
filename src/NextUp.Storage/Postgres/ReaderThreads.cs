using System.Collections.Concurrent;
using NextUp.Actors.Store;
using NextUp.Storage.Sql;

namespace NextUp.Storage.Postgres;

/// <summary>
/// Readers on threads of their own, begun as they are needed, up to a bound. A question to a database that hangs holds one
/// of them, and no thread of anybody else.
/// </summary>
sealed class ReaderThreads(Func<JobReader> open, int readersMax) : JobReaders
{
    readonly BlockingCollection<Action<JobReader>> questions = [];
    readonly List<Thread> threads = [];
    readonly Lock gate = new();
    bool isClosed;
    int idle;

    public override Task<T> AskAsync<T>(Func<JobReader, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!Add(reader => Answer(reader, question, answer)))
            answer.SetException(new StoreFailedException("The store is closed.", isUncertain: false));
        return answer.Task;
    }

    // Whoever goes through the rows may take long and ask other questions meanwhile.
    public override IEnumerable<QueueRow> ReadQueue()
    {
        using var reader = open();
        using var rows = QueueRows.Read(reader.Connection).GetEnumerator();
        while (HasNext(rows, reader))
            yield return rows.Current;
    }

    public override void Dispose()
    {
        lock (gate)
        {
            if (isClosed)
                return;
            isClosed = true;
            questions.CompleteAdding();
        }

        foreach (var thread in threads)
            thread.Join();
        questions.Dispose();
    }

    bool Add(Action<JobReader> question)
    {
        lock (gate)
        {
            if (isClosed)
                return false;
            questions.Add(question);
            if (idle < questions.Count && threads.Count < readersMax)
            {
                var thread = new Thread(Run) { IsBackground = true, Name = $"nextup store reader {threads.Count + 1}" };
                threads.Add(thread);
                thread.Start();
            }

            return true;
        }
    }

    void Run()
    {
        using var reader = open();
        while (true)
        {
            Interlocked.Increment(ref idle);
            var isOpen = questions.TryTake(out var question, Timeout.Infinite);
            Interlocked.Decrement(ref idle);
            if (!isOpen)
                return;
            question!(reader);
        }
    }

    static void Answer<T>(JobReader reader, Func<JobReader, T> question, TaskCompletionSource<T> answer)
    {
        for (var mayTryAgain = true; ; mayTryAgain = false)
        {
            try
            {
                answer.SetResult(question(reader));
                return;
            }
            catch (PostgresFailure failure) when (failure.IsAway && mayTryAgain)
            {
                // The connection may be from before a restart of the database; a question can be asked again.
                reader.Connection.BreakOff();
            }
            catch (SqlException failure)
            {
                reader.Connection.BreakOff();
                answer.SetException(failure.AsFailure(reader.Connection.Path, whileCommitting: false));
                return;
            }
            catch (Exception failure)
            {
                // The boundary between a reading thread and who asked: whatever went wrong is theirs to know.
                reader.Connection.BreakOff();
                answer.SetException(failure);
                return;
            }
        }
    }

    static bool HasNext(IEnumerator<QueueRow> rows, JobReader reader)
    {
        try
        {
            return rows.MoveNext();
        }
        catch (SqlException failure)
        {
            throw failure.AsFailure(reader.Connection.Path, whileCommitting: false);
        }
    }
}
