using System.Diagnostics;
using NextUp.Actors.Store;
using NextUp.Storage.Sql.Statistics;

namespace NextUp.Storage.Sql;

/// <summary>
/// The one thread that writes. While it commits one group the next gathers, so a commit serves all who wait and nobody
/// waits for company: a write that comes alone is committed alone, at once.
/// </summary>
sealed class CommitQueue : IDisposable
{
    static readonly TimeSpan AwayPause = TimeSpan.FromMilliseconds(100);

    readonly SqlDatabase database;
    readonly StoreOptions options;
    readonly Func<TimeSpan?> afterGroup;
    readonly Lock gate = new();
    readonly CommitMeter meter = new();
    readonly SemaphoreSlim arrived = new(0);
    readonly ManualResetEventSlim closing = new();
    readonly Thread thread;
    List<Entry> waiting = [];
    List<Entry> taken = [];
    TimeSpan? rest;
    bool isAsleep;
    bool isClosed;

    /// <param name="afterGroup">
    /// Called on the writing thread after each group was answered, and once more where no write came for as long as it said.
    /// </param>
    public CommitQueue(SqlDatabase database, StoreOptions options, Func<TimeSpan?> afterGroup)
    {
        this.database = database;
        this.options = options;
        this.afterGroup = afterGroup;
        thread = new Thread(Run) { IsBackground = true, Name = "nextup store writer" };
        thread.Start();
    }

    /// <summary>A write, or with <see cref="Write"/> null a claim of the queue.</summary>
    readonly record struct Entry(
        StoreWrite? Write, TaskCompletionSource<CommitAnswer>? Answer, TaskCompletionSource<QueueClaim>? Claim)
    {
        public void Fail(Exception failure)
        {
            Answer?.SetException(failure);
            Claim?.SetException(failure);
        }
    }

    public Task<CommitAnswer> CommitAsync(StoreWrite write)
    {
        var answer = new TaskCompletionSource<CommitAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(new Entry(write, answer, null));
        return answer.Task;
    }

    public Task<QueueClaim> ClaimAsync()
    {
        var claim = new TaskCompletionSource<QueueClaim>(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(new Entry(null, null, claim));
        return claim.Task;
    }

    /// <summary>How commits fared; the sizes on the disk are left to the caller.</summary>
    public StoreLoad Load()
    {
        int count;
        lock (gate)
            count = waiting.Count;
        return meter.Read(count);
    }

    /// <summary>Commits what waits, then ends. Later writes fail.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (isClosed)
                return;
            isClosed = true;
        }

        closing.Set();
        arrived.Release();
        thread.Join();
        arrived.Dispose();
        closing.Dispose();
    }

    void Add(Entry entry)
    {
        StoreFailedException? refusal;
        lock (gate)
        {
            refusal = isClosed ? StoreFailedException.Closed()
                : waiting.Count >= options.WaitingWritesMax
                    ? new(
                        $"{waiting.Count} writes wait for the disk already ({nameof(StoreOptions)}."
                        + $"{nameof(StoreOptions.WaitingWritesMax)}); try again when it has caught up.", isUncertain: false)
                : null;
            if (refusal is null)
            {
                waiting.Add(entry);
                if (isAsleep)
                {
                    isAsleep = false;
                    arrived.Release();
                }
            }
        }

        if (refusal is not null)
            entry.Fail(refusal);
    }

    void Run()
    {
        var writes = new List<StoreWrite>();
        AfterGroup();
        while (Take())
        {
            for (var next = 0; next < taken.Count;)
            {
                var count = taken[next].Write is null ? 1 : GroupAt(next, writes);
                if (taken[next].Write is null)
                    Claim(taken[next]);
                else
                    Commit(next, writes);
                AfterGroup();
                next += count;
            }

            taken.Clear();
        }
    }

    /// <returns>False when the queue is closed and empty.</returns>
    bool Take()
    {
        while (true)
        {
            lock (gate)
            {
                if (waiting.Count > 0)
                {
                    (waiting, taken) = (taken, waiting);
                    return true;
                }

                if (isClosed)
                    return false;
                isAsleep = true;
            }

            if (!arrived.Wait(rest ?? Timeout.InfiniteTimeSpan) && WakesItself())
                AfterGroup();
        }
    }

    /// <returns>False where somebody has woken this thread at the same time; its word is taken then.</returns>
    bool WakesItself()
    {
        lock (gate)
        {
            if (isAsleep)
            {
                isAsleep = false;
                return true;
            }
        }

        arrived.Wait();
        return false;
    }

    int GroupAt(int first, List<StoreWrite> writes)
    {
        writes.Clear();
        var bytes = 0L;
        for (var i = first; i < taken.Count && writes.Count < options.GroupWritesMax; i++)
        {
            if (taken[i].Write is not { } write || bytes >= options.GroupBytesMax)
                break;
            bytes += WriteSize.Of(write);
            writes.Add(write);
        }

        return writes.Count;
    }

    void Commit(int first, List<StoreWrite> writes)
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            var answers = Stubbornly(() => database.ApplyGroup(writes));
            meter.Committed(writes.Count, Stopwatch.GetElapsedTime(begun));
            for (var i = 0; i < answers.Count; i++)
                taken[first + i].Answer!.SetResult(answers[i]);
        }
        catch (Exception failure)
        {
            // The boundary between the writing thread and those who wait: whatever went wrong is theirs to know.
            meter.Failed(Stopwatch.GetElapsedTime(begun));
            for (var i = 0; i < writes.Count; i++)
                taken[first + i].Answer!.TrySetException(Known(failure));
        }
    }

    void Claim(Entry entry)
    {
        try
        {
            entry.Claim!.SetResult(Stubbornly(database.ClaimQueue));
        }
        catch (Exception failure)
        {
            entry.Claim!.SetException(Known(failure));
        }
    }

    /// <summary>
    /// Tries again for a while where the database is away and certainly has nothing of it: a restart of the database is
    /// then a pause to those who wait, and not a failure.
    /// </summary>
    T Stubbornly<T>(Func<T> act)
    {
        for (var begun = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                return act();
            }
            catch (StoreFailedException failure) when (
                failure is { IsUncertain: false, InnerException: SqlException { IsAway: true } }
                && Stopwatch.GetElapsedTime(begun) < options.AwayMax)
            {
                if (closing.Wait(AwayPause))
                    throw;
            }
        }
    }

    void AfterGroup()
    {
        try
        {
            rest = afterGroup();
        }
        catch (SqlException)
        {
            // The log stays as long as it is and nothing is lost: the next group tries again, and where the disk is at
            // fault its commit says so.
            rest = null;
        }
    }

    static StoreFailedException Known(Exception failure) => failure as StoreFailedException
        ?? new StoreFailedException($"The store failed: {failure.Message}", isUncertain: true, failure);
}
