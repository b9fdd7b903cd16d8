using System.Collections.Concurrent;
using NextUp.Actors.Store;
using NextUp.Storage.Sql;

namespace NextUp.Storage.Sqlite;

/// <summary>
/// Lends readers. What is asked on one reader within one call sees one state of the store. A closed store lends none, and
/// what was lent before is closed by whoever has it.
/// </summary>
abstract class LentReaders : JobReaders
{
    /// <summary>Waits for a free reader; it goes back when the loan is disposed of.</summary>
    /// <exception cref="StoreFailedException">The store is closed, or cannot be read.</exception>
    public abstract ValueTask<Loan> BorrowAsync();

    public abstract Loan Borrow();

    protected abstract void Return(JobReader reader);

    public override async Task<T> AskAsync<T>(Func<JobReader, T> question)
    {
        using var loan = await BorrowAsync();
        try
        {
            return question(loan.Reader);
        }
        catch (SqlException failure)
        {
            loan.Reader.Connection.BreakOff();
            throw failure.AsFailure(loan.Reader.Connection.Path, whileCommitting: false);
        }
        catch
        {
            loan.Reader.Connection.BreakOff();
            throw;
        }
    }

    /// <summary>One reader is lent for as long as the rows are gone through.</summary>
    public override IEnumerable<QueueRow> ReadQueue()
    {
        using var loan = Borrow();
        using var rows = QueueRows.Read(loan.Reader.Connection).GetEnumerator();
        while (HasNext(rows, loan.Reader))
            yield return rows.Current;
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

    public readonly struct Loan(LentReaders owner, JobReader reader) : IDisposable
    {
        public JobReader Reader => reader;

        public void Dispose() => owner.Return(reader);
    }
}

/// <summary>Read-only connections of their own beside the writer's, opened as they are needed, up to a bound.</summary>
sealed class PooledReaders(Func<JobReader> open, int readersMax) : LentReaders
{
    readonly SemaphoreSlim free = new(readersMax);
    readonly ConcurrentBag<JobReader> idle = [];
    readonly CancellationTokenSource closing = new();

    public override async ValueTask<Loan> BorrowAsync()
    {
        try
        {
            await free.WaitAsync(closing.Token);
        }
        catch (OperationCanceledException)
        {
            throw StoreFailedException.Closed();
        }

        return Take();
    }

    public override Loan Borrow()
    {
        try
        {
            free.Wait(closing.Token);
        }
        catch (OperationCanceledException)
        {
            throw StoreFailedException.Closed();
        }

        return Take();
    }

    // Neither the semaphore nor the source is disposed of: those who wait look at both, and no handle was made of either.
    public override void Dispose()
    {
        closing.Cancel();
        CloseIdle();
    }

    protected override void Return(JobReader reader)
    {
        idle.Add(reader);
        free.Release();
        if (closing.IsCancellationRequested)
            CloseIdle();
    }

    Loan Take()
    {
        try
        {
            return new Loan(this, idle.TryTake(out var reader) ? reader : open());
        }
        catch (SqlException failure)
        {
            free.Release();
            throw failure.AsFailure("the store", whileCommitting: false);
        }
    }

    void CloseIdle()
    {
        while (idle.TryTake(out var reader))
            reader.Dispose();
    }
}

/// <summary>
/// The writer's own connection, for a database in memory, which has no other. One thread at a time; the same thread may
/// ask while it is told of a commit.
/// </summary>
sealed class SharedReader(JobReader reader, Lock turn) : LentReaders
{
    bool isClosed;

    public override ValueTask<Loan> BorrowAsync() => new(Borrow());

    public override Loan Borrow()
    {
        turn.Enter();
        if (!isClosed)
            return new Loan(this, reader);

        turn.Exit();
        throw StoreFailedException.Closed();
    }

    // A caller may write while it goes through the rows, on this same connection; so they are read first.
    public override IEnumerable<QueueRow> ReadQueue()
    {
        using var loan = Borrow();
        return [.. QueueRows.Read(reader.Connection)];
    }

    // The connection is the writer's to close.
    public override void Dispose()
    {
        lock (turn)
            isClosed = true;
    }

    protected override void Return(JobReader reader) => turn.Exit();
}
