using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Statistics;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.HostTests.Policies.Load;

/// <summary>
/// The store as one process sees it. Every write that is stored is told to the ledger in the order of the commits; when
/// the process is killed nothing it asks for is answered any more, though what was on its way is stored.
/// </summary>
sealed class WitnessStore(IJobStore inner, Ledger ledger) : IJobStore
{
    readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _reads = 1;
    volatile bool _isDead;

    public event Action<IReadOnlyList<JobEvent>>? Happened
    {
        add => inner.Happened += value;
        remove => inner.Happened -= value;
    }

    /// <summary>The process is gone: answers when no question of its is in the store any more.</summary>
    public async Task KillAsync()
    {
        lock (ledger.Order)
            _isDead = true;
        LeaveRead();
        await _quiet.Task;
    }

    public Task<CommitAnswer> CommitAsync(StoreWrite write)
    {
        lock (ledger.Order)
        {
            if (_isDead)
                return Task.FromException<CommitAnswer>(Gone());
            return AnswerAsync(ledger.Expect(write), inner.CommitAsync(write));
        }
    }

    async Task<CommitAnswer> AnswerAsync(Ledger.Entry entry, Task<CommitAnswer> asked)
    {
        CommitAnswer answer;
        try
        {
            answer = await asked.ConfigureAwait(false);
        }
        catch
        {
            ledger.Settle(entry, isStored: false);
            throw;
        }

        ledger.Settle(entry, answer is CommitAnswer.Committed);
        if (answer is CommitAnswer.Conflict conflict)
            ledger.Count($"refused: {FailureCause.Of(conflict.Reason, "-")}");
        return _isDead ? throw Gone() : answer;
    }

    public async Task<QueueClaim> ClaimQueueAsync()
    {
        var claim = await ReadAsync(inner.ClaimQueueAsync).ConfigureAwait(false);
        ledger.Count("queue read from the store");
        return claim;
    }

    public IEnumerable<QueueRow> ReadQueue()
    {
        EnterRead();
        try
        {
            return inner.ReadQueue().ToList();
        }
        finally
        {
            LeaveRead();
        }
    }

    public Task<IReadOnlyList<JobRecord>> LaneAsync(UserId user) => ReadAsync(() => inner.LaneAsync(user));

    public Task<IReadOnlyList<UserId>> UsersToPromoteAsync(int limit) => ReadAsync(() => inner.UsersToPromoteAsync(limit));

    public Task<UserId?> AdoptedByAsync(UserId visitor) => ReadAsync(() => inner.AdoptedByAsync(visitor));

    public Task<IReadOnlyList<MovingVisitor>> MovingAsync(int limit) => ReadAsync(() => inner.MovingAsync(limit));

    public Task<IReadOnlyList<JobRecord>> UnfinishedWithOriginAsync() => ReadAsync(inner.UnfinishedWithOriginAsync);

    public Task<IReadOnlyList<HeldJob>> HeldAsync(JobSequence after, int limit) => ReadAsync(() => inner.HeldAsync(after, limit));

    public Task<JobRecord?> FindAsync(JobId job) => ReadAsync(() => inner.FindAsync(job));

    public Task<JobRecord?> FindAsync(UserId user, JobId job) => ReadAsync(() => inner.FindAsync(user, job));

    public Task<JobRecord?> FindByKeyAsync(UserId user, string key) => ReadAsync(() => inner.FindByKeyAsync(user, key));

    public Task<JobListing> ListAsync(UserId user, JobState? state, JobSequence? before, int limit) =>
        ReadAsync(() => inner.ListAsync(user, state, before, limit));

    public Task<StagedFile?> FindFileAsync(JobSequence job, FileRole role) => ReadAsync(() => inner.FindFileAsync(job, role));

    public Task<IReadOnlyList<LogLine>> LogAsync(JobSequence job, long after, int limit) =>
        ReadAsync(() => inner.LogAsync(job, after, limit));

    public Task<byte[]?> LoadCheckpointAsync(JobSequence job, string name) => ReadAsync(() => inner.LoadCheckpointAsync(job, name));

    public Task<IReadOnlyList<JobEvent>> EventsAsync(UserId user, long after, int limit) =>
        ReadAsync(() => inner.EventsAsync(user, after, limit));

    public Task<long> LastEventNumberAsync(UserId user) => ReadAsync(() => inner.LastEventNumberAsync(user));

    public Task<StoreCounts> CountsAsync(DateTimeOffset now) => ReadAsync(() => inner.CountsAsync(now));

    public Task<OldJobs> FinishedBeforeAsync(DateTimeOffset endedBefore, JobSequence after, int limit) =>
        ReadAsync(() => inner.FinishedBeforeAsync(endedBefore, after, limit));

    public Task<IReadOnlyList<JobRecord>> UnfinishedBeforeAsync(
        JobState state, DateTimeOffset before, int limit, JobSequence after = default) =>
        ReadAsync(() => inner.UnfinishedBeforeAsync(state, before, limit, after));

    public Task<JobListing> ListAllAsync(JobChoice choice, JobSequence? before, int limit) =>
        ReadAsync(() => inner.ListAllAsync(choice, before, limit));

    public Task<IReadOnlyList<JobEvent>> HistoryAsync(JobRecord job) => ReadAsync(() => inner.HistoryAsync(job));

    async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        EnterRead();
        try
        {
            var answer = await read().ConfigureAwait(false);
            return _isDead ? throw Gone() : answer;
        }
        finally
        {
            LeaveRead();
        }
    }

    void EnterRead()
    {
        lock (ledger.Order)
        {
            if (_isDead)
                throw Gone();
            _reads++;
        }
    }

    void LeaveRead()
    {
        lock (ledger.Order)
        {
            if (--_reads == 0)
                _quiet.TrySetResult();
        }
    }

    static StoreFailedException Gone() => new("The process was killed.", isUncertain: true);
}
