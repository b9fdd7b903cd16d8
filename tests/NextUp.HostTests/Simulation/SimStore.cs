using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Storage.Sql;
using NextUp.Storage.Sqlite;

namespace NextUp.HostTests.Simulation;

/// <summary>
/// The real SQLite store in memory, with the commits in the simulation's hands: when they happen, how many together, and
/// whether they fail before or after they are durable.
/// </summary>
sealed class SimStore : IDisposable
{
    readonly Random _random;
    readonly SqliteStore _inner = SqliteStore.OpenInMemory();
    readonly List<Pending> _pending = [];
    Failure _failNext;

    enum Failure
    {
        None,
        Certain,
        Uncertain,
    }

    sealed record Pending(SimProcess? Process, StoreWrite Write, TaskCompletionSource<CommitAnswer> Answer);

    public SimStore(Random random)
    {
        _random = random;
        _inner.Database.AtCommit = moment =>
        {
            if (_failNext != Failure.Certain || moment != CommitMoment.Before)
                return;
            _failNext = Failure.None;
            throw new StoreFailedException("The simulated disk failed.", isUncertain: false);
        };
    }

    /// <summary>Writes as they become durable, one by one, in their order.</summary>
    public event Action<StoreWrite>? Committed;

    public IJobStore Rows => _inner;

    public bool IsAway { get; set; }

    public bool HasPending => _pending.Count > 0;

    public IJobStore For(SimProcess process) => new View(this, process);

    /// <summary>For a world in which one process at a time lives.</summary>
    public IJobStore ForAnyone => new View(this, null);

    public void FailNext(bool isUncertain) => _failNext = isUncertain ? Failure.Uncertain : Failure.Certain;

    public void CommitSome()
    {
        if (_pending.Count > 0 && !IsAway)
            Commit(1 + _random.Next(Math.Min(_pending.Count, 4)));
    }

    public void CommitAll()
    {
        while (_pending.Count > 0)
            Commit(_pending.Count);
    }

    /// <summary>A write by a worker, straight to the store.</summary>
    public CommitAnswer CommitNow(StoreWrite write)
    {
        _failNext = Failure.None;
        var answer = _inner.Database.ApplyGroup([write])[0];
        if (answer is CommitAnswer.Committed)
            Committed?.Invoke(write);
        return answer;
    }

    public void Heal() => (IsAway, _failNext) = (false, Failure.None);

    /// <summary>What the process had on its way is partly stored and partly not; nobody is told.</summary>
    public void Crash(SimProcess process)
    {
        var own = _pending.Count(pending => pending.Process == process);
        var stored = own == 0 ? 0 : _random.Next(own + 1);
        _failNext = Failure.None;
        for (var i = 0; i < _pending.Count;)
        {
            if (_pending[i].Process != process)
            {
                i++;
                continue;
            }

            var pending = _pending[i];
            _pending.RemoveAt(i);
            if (stored-- > 0)
                CommitNow(pending.Write);
        }
    }

    public void Dispose() => _inner.Dispose();

    void Commit(int count)
    {
        var group = _pending.GetRange(0, count);
        _pending.RemoveRange(0, count);
        List<StoreWrite> writes = [.. group.Select(pending => pending.Write)];
        IReadOnlyList<CommitAnswer> answers;
        try
        {
            answers = _inner.Database.ApplyGroup(writes);
        }
        catch (StoreFailedException failure)
        {
            group.ForEach(pending => pending.Answer.SetException(failure));
            return;
        }

        // What is durable is durable, also where the answer is lost on its way back.
        for (var i = 0; i < count; i++)
        {
            if (answers[i] is CommitAnswer.Committed)
                Committed?.Invoke(writes[i]);
        }

        var isLost = _failNext == Failure.Uncertain;
        _failNext = Failure.None;
        for (var i = 0; i < count; i++)
        {
            if (isLost)
                group[i].Answer.SetException(new StoreFailedException("The simulated answer was lost.", isUncertain: true));
            else
                group[i].Answer.SetResult(answers[i]);
        }
    }

    Task<CommitAnswer> CommitAsync(SimProcess? process, StoreWrite write)
    {
        if (IsAway)
            return Task.FromException<CommitAnswer>(Away());
        var pending = new Pending(process, write, new(TaskCreationOptions.RunContinuationsAsynchronously));
        _pending.Add(pending);
        return pending.Answer.Task;
    }

    T Read<T>(Func<IJobStore, T> read) => IsAway ? throw Away() : read(_inner);

    static StoreFailedException Away() => new("The simulated store is away.", isUncertain: false);

    sealed class View(SimStore store, SimProcess? process) : IJobStore
    {
        public event Action<IReadOnlyList<JobEvent>>? Happened
        {
            add { }
            remove { }
        }

        public Task<CommitAnswer> CommitAsync(StoreWrite write) => store.CommitAsync(process, write);

        public Task<QueueClaim> ClaimQueueAsync() => store.Read(rows => rows.ClaimQueueAsync());

        public IEnumerable<QueueRow> ReadQueue() => store.Read(rows => rows.ReadQueue());

        public Task<IReadOnlyList<JobRecord>> LaneAsync(UserId user) => store.Read(rows => rows.LaneAsync(user));

        public Task<IReadOnlyList<UserId>> UsersToPromoteAsync(int limit) => store.Read(rows => rows.UsersToPromoteAsync(limit));

        public Task<IReadOnlyList<MovingVisitor>> MovingAsync(int limit) => store.Read(rows => rows.MovingAsync(limit));

        public Task<UserId?> AdoptedByAsync(UserId visitor) => store.Read(rows => rows.AdoptedByAsync(visitor));

        public Task<IReadOnlyList<JobRecord>> UnfinishedWithOriginAsync() =>
            store.Read(rows => rows.UnfinishedWithOriginAsync());

        public Task<IReadOnlyList<HeldJob>> HeldAsync(JobSequence after, int limit) =>
            store.Read(rows => rows.HeldAsync(after, limit));

        public Task<JobRecord?> FindAsync(JobId job) => store.Read(rows => rows.FindAsync(job));

        public Task<JobRecord?> FindAsync(UserId user, JobId job) => store.Read(rows => rows.FindAsync(user, job));

        public Task<JobRecord?> FindByKeyAsync(UserId user, string key) => store.Read(rows => rows.FindByKeyAsync(user, key));

        public Task<JobListing> ListAsync(UserId user, JobState? state, JobSequence? before, int limit) =>
            store.Read(rows => rows.ListAsync(user, state, before, limit));

        public Task<StagedFile?> FindFileAsync(JobSequence job, FileRole role) => store.Read(rows => rows.FindFileAsync(job, role));

        public Task<IReadOnlyList<LogLine>> LogAsync(JobSequence job, long after, int limit) =>
            store.Read(rows => rows.LogAsync(job, after, limit));

        public Task<byte[]?> LoadCheckpointAsync(JobSequence job, string name) =>
            store.Read(rows => rows.LoadCheckpointAsync(job, name));

        public Task<IReadOnlyList<JobEvent>> EventsAsync(UserId user, long after, int limit) =>
            store.Read(rows => rows.EventsAsync(user, after, limit));

        public Task<long> LastEventNumberAsync(UserId user) => store.Read(rows => rows.LastEventNumberAsync(user));

        public Task<StoreCounts> CountsAsync(DateTimeOffset now) => store.Read(rows => rows.CountsAsync(now));

        public Task<OldJobs> FinishedBeforeAsync(DateTimeOffset endedBefore, JobSequence after, int limit) =>
            store.Read(rows => rows.FinishedBeforeAsync(endedBefore, after, limit));

        public Task<IReadOnlyList<JobRecord>> UnfinishedBeforeAsync(
            JobState state, DateTimeOffset before, int limit, JobSequence after) =>
            store.Read(rows => rows.UnfinishedBeforeAsync(state, before, limit, after));

        public Task<JobListing> ListAllAsync(JobChoice choice, JobSequence? before, int limit) =>
            store.Read(rows => rows.ListAllAsync(choice, before, limit));

        public Task<IReadOnlyList<JobEvent>> HistoryAsync(JobRecord job) => store.Read(rows => rows.HistoryAsync(job));
    }
}
