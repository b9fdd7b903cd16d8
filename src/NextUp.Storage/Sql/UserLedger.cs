using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Storage.Sql;

/// <summary>
/// What the writer knows of a user while it is in memory; all of it can be read from the user's rows.
/// </summary>
sealed class UserEntry
{
    public required long Key { get; init; }

    /// <summary>The number of the user's last event.</summary>
    public required long LastEvent { get; set; }

    /// <summary>The sequence of the user's newest job, deleted ones aside.</summary>
    public required long LastSequence { get; set; }

    /// <summary>What few users have; null for all others.</summary>
    public UserPeculiarities? Peculiar { get; set; }

    /// <summary>The key of the account that a visitor's jobs went to; null where they went nowhere.</summary>
    public long? AdoptedBy => Peculiar?.AdoptedBy;

    /// <summary>The user may have jobs in places beyond the limit; see <see cref="Change.Seat.SurplusFrom"/>.</summary>
    public bool HasSurplus => Peculiar is { HasSurplus: true };

    /// <summary>The <c>born</c> of each unfinished job, ascending.</summary>
    public required List<long> Open { get; init; }

    /// <summary>Some of the user's jobs may have come back after their end.</summary>
    public bool HasReopened { get; set; }
}

/// <summary>See <see cref="UserEntry.AdoptedBy"/> and <see cref="UserEntry.HasSurplus"/>.</summary>
sealed record UserPeculiarities(long? AdoptedBy, bool HasSurplus);

/// <summary>The writer's users: their keys, the next event number of each, and which of their jobs are open.</summary>
sealed class UserLedger(SqlConnection connection, IRecentJobs recentJobs)
{
    /// <summary>Users kept in memory, twice: about 40 MB when full.</summary>
    const int HalfMax = 65_536;

    readonly RecentCache<UserId, UserEntry> recent = new(HalfMax);
    readonly SqlStatement find = connection.Prepare(
        "SELECT user_key, event_floor, adopted_by, has_surplus, reopened FROM \"user\" WHERE id = ?");

    // A user once, or as often as they have jobs since the oldest that was open when the newest was accepted; see LastNumber.
    readonly SqlStatement findWithOpen = connection.Prepare(
        "SELECT u.user_key, u.event_floor, u.adopted_by, u.has_surplus, u.reopened, j.seq, j.events, j.is_open, j.born "
        + "FROM \"user\" u LEFT JOIN job j ON j.user_key = u.user_key AND j.born >= (SELECT n.lane_born FROM job n "
        + "WHERE n.user_key = u.user_key ORDER BY n.born DESC LIMIT 1) WHERE u.id = ? ORDER BY j.born");

    readonly SqlStatement add = connection.Prepare("INSERT INTO \"user\" (id) VALUES (?) RETURNING user_key");
    readonly SqlStatement addReopened = connection.Prepare("INSERT INTO reopened VALUES (?, ?) ON CONFLICT DO NOTHING");
    readonly SqlStatement deleteReopened = connection.Prepare("DELETE FROM reopened WHERE user_key = ? AND seq = ?");
    readonly SqlStatement markReopened = connection.Prepare("UPDATE \"user\" SET reopened = 1 WHERE user_key = ?");
    readonly UserJobs jobs = new(connection);
    readonly SqlStatement trail = connection.Prepare(
        "SELECT events, lane_born, is_open, born FROM job WHERE seq = ? AND user_key = ?");
    readonly SqlStatement raiseFloor = connection.Prepare(
        "UPDATE \"user\" SET event_floor = ? WHERE user_key = ? AND event_floor < ?");

    readonly SqlStatement setSurplus = connection.Prepare("UPDATE \"user\" SET has_surplus = ? WHERE user_key = ?");

    readonly SqlStatement setAdoptedBy = connection.Prepare(
        "UPDATE \"user\" SET adopted_by = ?, is_moving = ? WHERE user_key = ?");

    /// <summary>The user, entered into the database if it is new.</summary>
    public UserEntry Enter(UserId user)
    {
        if (recent.Find(user) is { } known)
            return known;

        var entry = Load(user) ?? Add(user);
        recent.Keep(user, entry);
        return entry;
    }

    /// <summary>Whether the user is in memory.</summary>
    public bool Knows(UserId user) => recent.Find(user) is not null;

    /// <summary>Adds those of the users that are new, all at once; the others stay unknown.</summary>
    public void AddNew(IReadOnlyCollection<UserId> users)
    {
        foreach (var (user, key) in connection.AddUsers(users))
            recent.Keep(user, NewEntry(key));
    }

    /// <summary>Reads at once what is known of those of the users that are not in memory.</summary>
    public void ReadAll(IEnumerable<UserId> users)
    {
        UserId[] asked = [.. users.Where(user => !Knows(user))];
        var found = findWithOpen.AllOfEach(asked, static (find, user) => find.With(user.Value), LaneRow.Read);
        for (var i = 0; i < asked.Length; i++)
        {
            // Users with jobs that came back are few, and read one by one.
            if (found[i] is [{ HasReopened: false }, ..] rows)
                recent.Keep(asked[i], EntryOf(rows));
        }
    }

    /// <summary>The visitor's jobs are the account's from here on.</summary>
    /// <param name="isMoving">Some of them are still to move.</param>
    public void Adopt(UserEntry visitor, UserEntry account, bool isMoving)
    {
        setAdoptedBy.With(account.Key).With(isMoving).With(visitor.Key).Later();
        visitor.Peculiar = new(account.Key, visitor.HasSurplus);
        visitor.Open.Clear();
        RaiseFloor(visitor, visitor.LastEvent);
    }

    public void SetSurplus(UserEntry user, bool hasSurplus)
    {
        setSurplus.With(hasSurplus).With(user.Key).Later();
        user.Peculiar = new(user.AdoptedBy, hasSurplus);
    }

    /// <summary>The deleted job's event numbers stay given.</summary>
    public void RaiseFloor(UserEntry user, long lastEvent) => raiseFloor.With(lastEvent).With(user.Key).With(lastEvent).Later();

    /// <summary>The job came back after its end: it is open, and later jobs of its user were accepted without knowing it.</summary>
    /// <param name="born">As of its row.</param>
    public void NoteReopened(UserEntry user, long sequence, long born)
    {
        var at = user.Open.BinarySearch(born);
        if (at < 0)
            user.Open.Insert(~at, born);
        addReopened.With(user.Key).With(sequence).Later();
        if (!user.HasReopened)
            markReopened.With(user.Key).Later();
        user.HasReopened = true;
    }

    /// <summary>The job is deleted. That the user has none of these any more shows itself; the mark stays.</summary>
    public void ForgetReopened(UserEntry user, long sequence)
    {
        if (user.HasReopened)
            deleteReopened.With(user.Key).With(sequence).Later();
    }

    public void Clear() => recent.Clear();

    static UserEntry EntryOf(List<LaneRow> rows)
    {
        var user = rows[0];
        var entry = new UserEntry
        {
            Key = user.Key, LastEvent = user.EventFloor, LastSequence = rows[^1].Sequence ?? 0, Open = [],
            Peculiar = user.AdoptedBy is null && !user.HasSurplus ? null : new(user.AdoptedBy, user.HasSurplus),
        };
        foreach (var job in rows.Where(row => row.Sequence is not null))
        {
            entry.LastEvent = Math.Max(entry.LastEvent, job.LastEvent);
            if (job.IsOpen)
                entry.Open.Add(job.Born);
        }

        return entry;
    }

    UserEntry Add(UserId user)
    {
        add.With(user.Value).Step();
        var key = add.Long(0);
        add.Reset();
        return NewEntry(key);
    }

    static UserEntry NewEntry(long key) => new() { Key = key, LastEvent = 0, LastSequence = 0, Open = [] };

    UserEntry? Load(UserId user)
    {
        if (!find.With(user.Value).Step())
        {
            find.Reset();
            return null;
        }

        var (key, lastEvent, hasReopened) = (find.Long(0), find.Long(1), find.Long(4) != 0);
        long? adoptedBy = find.IsNull(2) ? null : find.Long(2);
        var hasSurplus = find.Long(3) != 0;
        find.Reset();
        var known = recentJobs.WithAdded(key);
        var lastSequence = 0L;
        var open = new List<long>();
        foreach (var sequence in jobs.UpTo(key, long.MaxValue, known))
        {
            if (LaneBorn(key, sequence) is not { } laneBorn)
                continue;

            lastSequence = sequence;
            lastEvent = Math.Max(lastEvent, LastNumber(key, laneBorn, known, open));
            break;
        }

        if (hasReopened)
            lastEvent = Math.Max(lastEvent, LastNumberOfReopened(key, open));
        return new UserEntry
        {
            Key = key, LastEvent = lastEvent, LastSequence = lastSequence, Open = open, HasReopened = hasReopened,
            Peculiar = adoptedBy is null && !hasSurplus ? null : new(adoptedBy, hasSurplus),
        };
    }

    /// <summary>Adds those that are open now to <paramref name="open"/>.</summary>
    long LastNumberOfReopened(long key, List<long> open)
    {
        var last = 0L;
        foreach (var sequence in jobs.Reopened(key))
        {
            if (trail.With(sequence).With(key).Step())
            {
                last = Math.Max(last, EventTrail.LastNumber(trail.Bytes(0)));
                if (trail.Long(2) != 0 && !open.Contains(trail.Long(3)))
                    open.Add(trail.Long(3));
            }

            trail.Reset();
        }

        open.Sort();
        return last;
    }

    long? LaneBorn(long user, long sequence)
    {
        long? laneBorn = trail.With(sequence).With(user).Step() ? trail.Long(1) : null;
        trail.Reset();
        return laneBorn;
    }

    // Whatever is open now, or has later events than the newest job, was open when that one was accepted.
    long LastNumber(long key, long laneBorn, List<UserJob> known, List<long> open)
    {
        var last = 0L;
        foreach (var sequence in jobs.Since(key, laneBorn, known))
        {
            if (trail.With(sequence).With(key).Step())
            {
                last = Math.Max(last, EventTrail.LastNumber(trail.Bytes(0)));
                if (trail.Long(2) != 0)
                    open.Add(trail.Long(3));
            }

            trail.Reset();
        }

        return last;
    }

    /// <summary>A user's row, with one of their jobs or none.</summary>
    readonly record struct LaneRow(
        long Key, long EventFloor, long? AdoptedBy, bool HasSurplus, bool HasReopened, long? Sequence, long LastEvent, bool IsOpen,
        long Born)
    {
        public static LaneRow Read(SqlStatement row) => new(
            row.Long(0), row.Long(1), row.IsNull(2) ? null : row.Long(2), row.Long(3) != 0, row.Long(4) != 0,
            row.IsNull(5) ? null : row.Long(5), row.IsNull(5) ? 0 : EventTrail.LastNumber(row.Bytes(6)), row.Long(7) != 0, row.Long(8));
    }
}
