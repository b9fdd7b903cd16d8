using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Storage.Sql.Statistics;

namespace NextUp.Storage.Sql;

/// <summary>The questions of <see cref="IJobStore"/>, on one connection, by one thread at a time.</summary>
sealed partial class JobReader(SqlConnection connection, IRecentJobs recentJobs) : IDisposable
{
    const string SelectRecord = $"SELECT {JobRow.Columns} FROM {JobRow.From} ";

    readonly SqlStatement byId = connection.Prepare(SelectRecord + "WHERE j.id = ?");
    readonly SqlStatement byUserAndId = connection.Prepare(SelectRecord + "WHERE j.id = ? AND u.id = ?");

    readonly SqlStatement byKey = connection.Prepare(
        SelectRecord + "JOIN submission s ON s.seq = j.seq WHERE s.user_key = ? AND s.key = ?");

    readonly SqlStatement userKey = connection.Prepare("SELECT user_key, event_floor, reopened FROM \"user\" WHERE id = ?");

    // Users with a held job and no filled place of that kind; where the kind has no limit, places stay empty.
    readonly SqlStatement maybeToPromote = connection.Prepare(
        "SELECT DISTINCT u.id FROM job h INDEXED BY job_unfinished JOIN \"user\" u ON u.user_key = h.user_key "
        + "WHERE h.is_open = 1 AND h.is_held = 1 AND NOT EXISTS (SELECT 1 FROM job a INDEXED BY job_place "
        + "WHERE a.user_key = h.user_key AND a.kind_key = h.kind_key AND a.place IS NOT NULL)");

    readonly SqlStatement held = connection.Prepare(
        "SELECT h.seq, u.id FROM job h INDEXED BY job_unfinished JOIN \"user\" u ON u.user_key = h.user_key "
        + "WHERE h.is_open = 1 AND h.is_held = 1 AND h.seq > ? ORDER BY h.seq LIMIT ?");

    readonly UserJobs jobs = new(connection);
    readonly SqlStatement bornOf = connection.Prepare("SELECT born FROM job WHERE seq = ? AND user_key = ?");
    readonly SqlStatement bySequence = connection.Prepare(SelectRecord + "WHERE j.seq = ?");
    readonly SqlStatement stateOf = connection.Prepare("SELECT state FROM job WHERE seq = ? AND user_key = ?");
    readonly SqlStatement openBySequence = connection.Prepare(SelectRecord + "WHERE j.seq = ? AND j.user_key = ? AND j.is_open = 1");

    public SqlConnection Connection => connection;

    public StatisticsReader Statistics { get; } = new(connection);

    public JobRecord? Find(JobId job) => One(byId.With(job.Value));

    public JobRecord? Find(UserId user, JobId job) => One(byUserAndId.With(job.Value).With(user.Value));

    public JobRecord? FindByKey(UserId user, string key) =>
        Key(user) is { } known ? One(byKey.With(known.Key).With(key)) : null;

    /// <remarks>What is unfinished was so too when the user's newest job was accepted, whose row says where that begins.</remarks>
    public List<JobRecord> Lane(UserId user)
    {
        var lane = new List<JobRecord>();
        if (Key(user) is not { } known)
            return lane;

        var recent = recentJobs.Of(known.Key);
        using var _ = new Snapshot(connection);
        var back = Reopened(known);
        foreach (var sequence in back)
            AddOpen(sequence, known.Key, lane);
        foreach (var sequence in jobs.Since(known.Key, LaneBorn(known.Key, long.MaxValue, recent), recent))
        {
            if (!back.Contains(sequence))
                AddOpen(sequence, known.Key, lane);
        }

        lane.Sort(static (left, right) => left.Sequence.CompareTo(right.Sequence));
        return lane;
    }

    public List<UserId> UsersToPromote(int limit)
    {
        var users = new List<UserId>();
        while (users.Count < limit && maybeToPromote.Step())
        {
            var user = new UserId(maybeToPromote.Text(0));
            var kinds = Lane(user).ToLookup(job => job.Kind);
            if (kinds.Any(kind => kind.All(job => job.IsHeld)))
                users.Add(user);
        }

        maybeToPromote.Reset();
        return users;
    }

    public List<HeldJob> Held(JobSequence after, int limit)
    {
        var found = new List<HeldJob>();
        held.With(after.Value).With(limit);
        while (held.Step())
            found.Add(new(new(held.Long(0)), new(held.Text(1))));
        held.Reset();
        return found;
    }

    public JobListing List(UserId user, JobState? state, JobSequence? before, int limit)
    {
        if (Key(user) is not { } known)
            return new([], null);

        // The list goes along the user's own event numbers, which no other user's jobs stretch; jobs that became theirs
        // later stand before those that were. Where the job to go on from is gone, the way to the next one starts at the
        // newest, and goes by sequences.
        var (recent, found) = (recentJobs.Of(known.Key), new List<JobRecord>());
        var (last, passedOver) = (0L, 0);
        using var _ = new Snapshot(connection);
        var (born, below) = before is not { } from ? (long.MaxValue, long.MaxValue)
            : Born(from, known.Key) is { } at ? (at - 1, long.MaxValue)
            : (long.MaxValue, from.Value);
        foreach (var sequence in jobs.UpTo(known.Key, born, recent))
        {
            if (sequence >= below || StateOf(sequence, known.Key) is not { } now)
                continue;
            var isWanted = now == (state ?? now);
            if (found.Count >= limit || (!isWanted && passedOver++ == JobListing.PassedOverMax))
                return new(found, new(last));
            last = sequence;
            if (isWanted && One(bySequence.With(sequence)) is { } job)
                found.Add(job);
        }

        return new(found, null);
    }

    public void Dispose() => connection.Dispose();

    UserRow? Key(UserId user)
    {
        UserRow? found = userKey.With(user.Value).Step()
            ? new(userKey.Long(0), userKey.Long(1), userKey.Long(2) != 0) : null;
        userKey.Reset();
        return found;
    }

    /// <param name="HasReopened">Some of the user's jobs may have come back after their end.</param>
    readonly record struct UserRow(long Key, long EventFloor, bool HasReopened);

    /// <summary>The user's jobs that came back after their end, oldest first; hardly anybody has any.</summary>
    List<long> Reopened(UserRow user) => user.HasReopened ? jobs.Reopened(user.Key) : [];

    void AddOpen(long sequence, long user, List<JobRecord> into)
    {
        if (One(openBySequence.With(sequence).With(user)) is { } job)
            into.Add(job);
    }

    long? Born(JobSequence job, long user)
    {
        long? born = bornOf.With(job.Value).With(user).Step() ? bornOf.Long(0) : null;
        bornOf.Reset();
        return born;
    }

    /// <summary>Null where the job is gone.</summary>
    JobState? StateOf(long sequence, long user)
    {
        JobState? state = stateOf.With(sequence).With(user).Step() ? (JobState)stateOf.Int(0) : null;
        stateOf.Reset();
        return state;
    }

    static JobRecord? One(SqlStatement statement)
    {
        var found = statement.Step() ? JobRow.ReadRecord(statement) : null;
        statement.Reset();
        return found;
    }

    static List<JobRecord> All(SqlStatement statement)
    {
        var found = new List<JobRecord>();
        while (statement.Step())
            found.Add(JobRow.ReadRecord(statement));
        statement.Reset();
        return found;
    }
}
