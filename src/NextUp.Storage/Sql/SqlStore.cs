using NextUp.Actors.Jobs;
using NextUp.Actors.Notices;
using NextUp.Actors.Statistics;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Storage.Sql;

/// <summary>
/// What the stores have in common: one writer that shares commits, and readers beside it that see every commit that was
/// acknowledged before they were asked.
/// </summary>
public abstract class SqlStore : IJobStore, IAccountStore, IStatisticsStore, IDisposable
{
    readonly SqlDatabase? database;
    readonly JobReaders readers;

    /// <param name="database">What writes; null where another process does, and then what tells of commits is overridden.</param>
    private protected SqlStore(SqlDatabase? database, JobReaders readers)
    {
        this.database = database;
        this.readers = readers;
        Notices = new SqlNotices(this, readers);
    }

    public virtual event Action<IReadOnlyList<JobEvent>>? Happened
    {
        add => Database.Happened += value;
        remove => Database.Happened -= value;
    }

    public virtual event Action<IReadOnlyList<JobTransition>>? Changed
    {
        add => Database.Changed += value;
        remove => Database.Changed -= value;
    }

    /// <summary>See <see cref="INoticeStore.Noticed"/>.</summary>
    internal virtual event Action<IReadOnlyList<SubscriptionId>>? Noticed
    {
        add => Database.Noticed += value;
        remove => Database.Noticed -= value;
    }

    /// <summary>Who is to be told what, in the same database.</summary>
    public INoticeStore Notices { get; }

    /// <summary>The writing half, for tests that need groups or faults of their own making.</summary>
    public SqlDatabase Database => database ?? throw new InvalidOperationException("Another process writes.");

    public abstract Task<CommitAnswer> CommitAsync(StoreWrite write);

    public abstract Task<QueueClaim> ClaimQueueAsync();

    public abstract StoreLoad Load();

    public IEnumerable<QueueRow> ReadQueue() => readers.ReadQueue();

    public Task<IReadOnlyList<JobRecord>> LaneAsync(UserId user) =>
        readers.AskAsync<IReadOnlyList<JobRecord>>(reader => reader.Lane(user));

    public Task<IReadOnlyList<UserId>> UsersToPromoteAsync(int limit) =>
        readers.AskAsync<IReadOnlyList<UserId>>(reader => reader.UsersToPromote(limit));

    public Task<IReadOnlyList<MovingVisitor>> MovingAsync(int limit) =>
        readers.AskAsync<IReadOnlyList<MovingVisitor>>(reader => reader.Moving(limit));

    public Task<UserId?> AdoptedByAsync(UserId visitor) => readers.AskAsync(reader => reader.AdoptedBy(visitor));

    public Task<IReadOnlyList<JobRecord>> UnfinishedWithOriginAsync() =>
        readers.AskAsync<IReadOnlyList<JobRecord>>(reader => reader.UnfinishedWithOrigin());

    public Task<IReadOnlyList<HeldJob>> HeldAsync(JobSequence after, int limit) =>
        readers.AskAsync<IReadOnlyList<HeldJob>>(reader => reader.Held(after, limit));

    public Task<JobRecord?> FindAsync(JobId job) => readers.AskAsync(reader => reader.Find(job));

    public Task<JobRecord?> FindAsync(UserId user, JobId job) => readers.AskAsync(reader => reader.Find(user, job));

    public Task<JobRecord?> FindByKeyAsync(UserId user, string key) =>
        readers.AskAsync(reader => reader.FindByKey(user, key));

    public Task<JobListing> ListAsync(UserId user, JobState? state, JobSequence? before, int limit) =>
        readers.AskAsync(reader => reader.List(user, state, before, limit));

    public Task<StagedFile?> FindFileAsync(JobSequence job, FileRole role) =>
        readers.AskAsync(reader => reader.File(job, role));

    public Task<IReadOnlyList<LogLine>> LogAsync(JobSequence job, long after, int limit) =>
        readers.AskAsync<IReadOnlyList<LogLine>>(reader => reader.Log(job, after, limit));

    public Task<byte[]?> LoadCheckpointAsync(JobSequence job, string name) =>
        readers.AskAsync(reader => reader.Checkpoint(job, name));

    public Task<IReadOnlyList<JobEvent>> EventsAsync(UserId user, long after, int limit) =>
        readers.AskAsync<IReadOnlyList<JobEvent>>(reader => reader.Events(user, after, limit));

    public Task<long> LastEventNumberAsync(UserId user) => readers.AskAsync(reader => reader.LastEventNumber(user));

    public Task<StoreCounts> CountsAsync(DateTimeOffset now) => readers.AskAsync(reader => reader.Counts(now));

    public Task<OldJobs> FinishedBeforeAsync(DateTimeOffset endedBefore, JobSequence after, int limit) =>
        readers.AskAsync(reader => reader.FinishedBefore(endedBefore, after, limit));

    public Task<IReadOnlyList<JobRecord>> UnfinishedBeforeAsync(
        JobState state, DateTimeOffset before, int limit, JobSequence after = default) =>
        readers.AskAsync<IReadOnlyList<JobRecord>>(reader => reader.UnfinishedBefore(state, before, limit, after));

    public Task<JobListing> ListAllAsync(JobChoice choice, JobSequence? before, int limit) =>
        readers.AskAsync(reader => reader.ListAll(choice, before, limit));

    public Task<IReadOnlyList<JobEvent>> HistoryAsync(JobRecord job) =>
        readers.AskAsync<IReadOnlyList<JobEvent>>(reader => reader.History(job));

    public Task<ApiKey?> FindKeyAsync(string id) => readers.AskAsync(reader => reader.FindKey(id));

    public Task<IReadOnlyList<string>> StandingKeysAsync(IReadOnlyList<string> ids) =>
        readers.AskAsync<IReadOnlyList<string>>(reader => reader.StandingKeys(ids));

    public Task<IReadOnlyList<EndedSignIn>> SignedOutAsync(long after, int limit) =>
        readers.AskAsync<IReadOnlyList<EndedSignIn>>(reader => reader.SignedOut(after, limit));

    public Task<IReadOnlyList<ApiKey>> KeysAsync(UserId? user, string? before, int limit) =>
        readers.AskAsync<IReadOnlyList<ApiKey>>(reader => reader.Keys(user, before, limit));

    public Task<IReadOnlyList<AuditEntry>> AuditAsync(Guid? before, int limit) =>
        readers.AskAsync<IReadOnlyList<AuditEntry>>(reader => reader.Audit(before, limit));

    public Task<IReadOnlyList<PeriodFigures>> PeriodsAsync(
        DateTimeOffset from, DateTimeOffset before, StatisticsPeriod by, JobKind? kind) =>
        readers.AskAsync<IReadOnlyList<PeriodFigures>>(reader => reader.Statistics.Periods(from, before, by, kind));

    public Task<IReadOnlyList<KindFigures>> TotalsAsync() =>
        readers.AskAsync<IReadOnlyList<KindFigures>>(reader => reader.Statistics.Totals());

    public Task<IReadOnlyList<long>> WeekHoursAsync(DateTimeOffset from, DateTimeOffset before, JobKind? kind) =>
        readers.AskAsync<IReadOnlyList<long>>(reader => reader.Statistics.WeekHours(from, before, kind));

    public Task<IReadOnlyList<FailureGroup>> FailuresAsync(
        DateTimeOffset from, DateTimeOffset before, JobKind? kind, int limit) =>
        readers.AskAsync<IReadOnlyList<FailureGroup>>(reader => reader.Statistics.Failures(from, before, kind, limit));

    public Task<IReadOnlyList<UserLoad>> LoadsAsync(DateTimeOffset from, DateTimeOffset before, int limit) =>
        readers.AskAsync<IReadOnlyList<UserLoad>>(reader => reader.Statistics.Loads(from, before, limit));

    public Task<DateTimeOffset?> OldestWaitAsync(DateTimeOffset now) =>
        readers.AskAsync(reader => reader.Statistics.OldestWait(now));

    /// <summary>
    /// Whether some job has the large file of this name; for the sweep of files.
    /// </summary>
    public Task<bool> HasFileAsync(string path) => readers.AskAsync(reader => reader.HasFile(path));

    /// <summary>Commits what waits, then closes.</summary>
    public abstract void Dispose();
}
