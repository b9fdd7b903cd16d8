using NextUp.Actors.Jobs;
using NextUp.Actors.Notices;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Storage.Sql;

/// <summary>The questions of <see cref="INoticeStore"/>.</summary>
sealed partial class JobReader
{
    const string SelectSubscription =
        "SELECT s.id, u.id, s.channel, s.target, s.events, s.state, s.reason, s.label, s.secret, s.former_secret, "
        + "s.former_secret_until, s.created_at, s.delivered_at, s.failing_since, s.subscription_key "
        + "FROM notice_subscription s JOIN \"user\" u ON u.user_key = s.user_key ";

    const string NoticeColumns =
        "n.id, n.type, n.at, n.seq, n.job_id, n.kind, n.file_name, n.attempt, n.reason, n.summary, n.state, "
        + "n.attempts, n.due_at, n.holds, n.since, n.notice_key, n.attempts_ever";

    readonly SqlStatement subscriptionsOf = connection.Prepare(
        SelectSubscription + "WHERE s.user_key = ? ORDER BY s.subscription_key");

    readonly SqlStatement subscription = connection.Prepare(SelectSubscription + "WHERE s.id = ?");

    readonly SqlStatement oneNotice = connection.Prepare(
        $"SELECT {NoticeColumns} FROM notice n WHERE n.id = ? AND n.subscription_key = ?");

    readonly SqlStatement notices = connection.Prepare(
        $"SELECT {NoticeColumns} FROM notice n INDEXED BY notice_of_subscription WHERE n.subscription_key = ? "
        + "AND n.notice_key < ? ORDER BY n.notice_key DESC LIMIT ?");

    readonly SqlStatement attempts = connection.Prepare(
        "SELECT number, at, status, answer, took FROM notice_attempt WHERE notice_key = ? ORDER BY number");

    readonly SqlStatement waiting = connection.Prepare(
        "SELECT s.id FROM notice_subscription s WHERE EXISTS (SELECT 1 FROM notice n INDEXED BY notice_waiting "
        + "WHERE n.subscription_key = s.subscription_key AND n.state = 0)");

    readonly SqlStatement askedNotice = connection.Prepare(
        $"SELECT {NoticeColumns} FROM notice n INDEXED BY notice_asked WHERE n.subscription_key = ? AND n.state = 0 "
        + "AND n.type >= 100 AND n.due_at <= ? ORDER BY n.notice_key LIMIT 1");

    // The first that is due, or that others wait behind.
    readonly SqlStatement nextNotice = connection.Prepare(
        $"SELECT {NoticeColumns} FROM notice n INDEXED BY notice_waiting WHERE n.subscription_key = ? AND n.state = 0 "
        + "AND (n.due_at <= ? OR n.holds = 1) ORDER BY n.notice_key LIMIT 1");

    readonly SqlStatement nextDue = connection.Prepare(
        "SELECT min(due_at) FROM notice INDEXED BY notice_waiting WHERE subscription_key = ? AND state = 0");

    readonly SqlStatement countWaiting = connection.Prepare(
        "SELECT count(*) FROM (SELECT 1 FROM notice n INDEXED BY notice_waiting JOIN notice_subscription s "
        + "ON s.subscription_key = n.subscription_key WHERE s.id = ? AND n.state = 0 LIMIT ?) AS counted");

    public List<NoticeSubscription> Subscriptions(UserId user)
    {
        var found = new List<NoticeSubscription>();
        if (Key(user) is not { } known)
            return found;

        subscriptionsOf.With(known.Key);
        while (subscriptionsOf.Step())
            found.Add(ReadSubscription(subscriptionsOf));
        subscriptionsOf.Reset();
        return found;
    }

    public NoticeSubscription? Subscription(SubscriptionId id) => Subscribed(id)?.Subscription;

    public NoticeSubscription? Subscription(UserId user, SubscriptionId id) => Subscribed(user, id)?.Subscription;

    public NoticeDelivery? Delivery(UserId user, SubscriptionId id, NoticeId notice)
    {
        using var _ = new Snapshot(connection);
        return Subscribed(user, id) is { } owned && One(notice, id, owned.Key) is { } found ? With(found) : null;
    }

    public List<NoticeDelivery> Deliveries(UserId user, SubscriptionId id, NoticeId? before, int limit)
    {
        using var _ = new Snapshot(connection);
        if (Subscribed(user, id) is not { } owned)
            return [];

        var last = before is { } given && One(given, id, owned.Key) is { } known ? known.Key : long.MaxValue;
        var found = new List<(Notice Notice, long Key, int Ever)>();
        notices.With(owned.Key).With(last).With(limit);
        while (notices.Step())
            found.Add(ReadNotice(notices, id));
        notices.Reset();
        return [.. found.Select(With)];
    }

    public List<SubscriptionId> Waiting()
    {
        var found = new List<SubscriptionId>();
        while (waiting.Step())
            found.Add(new(waiting.Id(0)));
        waiting.Reset();
        return found;
    }

    public NoticeNext Next(SubscriptionId id, DateTimeOffset now)
    {
        using var _ = new Snapshot(connection);
        if (Subscribed(id) is not var (known, key) || known.State is SubscriptionState.Paused or SubscriptionState.Disabled)
            return new NoticeNext.Nothing();

        var next = First(askedNotice.With(key).With(now), id);
        if (next.Notice is null)
            next = First(nextNotice.With(key).With(now), id);
        if (next.Notice is { } notice)
        {
            return notice.DueAt <= now
                ? new NoticeNext.Due(known, notice, next.Ever + 1)
                : new NoticeNext.Later(notice.DueAt);
        }

        DateTimeOffset? due = nextDue.With(key).Step() ? nextDue.TimeOrNull(0) : null;
        nextDue.Reset();
        return due is { } at ? new NoticeNext.Later(at) : new NoticeNext.Nothing();
    }

    public int CountWaiting(SubscriptionId id, int max)
    {
        var count = countWaiting.With(id.Value).With(max).Step() ? countWaiting.Int(0) : 0;
        countWaiting.Reset();
        return count;
    }

    static (Notice Notice, long Key, int Ever) First(SqlStatement statement, SubscriptionId of)
    {
        var found = statement.Step() ? ReadNotice(statement, of) : default;
        statement.Reset();
        return found;
    }

    (NoticeSubscription Subscription, long Key)? Subscribed(SubscriptionId id)
    {
        (NoticeSubscription, long)? found = subscription.With(id.Value).Step()
            ? (ReadSubscription(subscription), subscription.Long(14)) : null;
        subscription.Reset();
        return found;
    }

    (NoticeSubscription Subscription, long Key)? Subscribed(UserId user, SubscriptionId id) =>
        Subscribed(id) is { } found && found.Subscription.User == user ? found : null;

    (Notice Notice, long Key, int Ever)? One(NoticeId id, SubscriptionId of, long key)
    {
        (Notice, long, int)? found = oneNotice.With(id.Value).With(key).Step() ? ReadNotice(oneNotice, of) : null;
        oneNotice.Reset();
        return found;
    }

    NoticeDelivery With((Notice Notice, long Key, int Ever) found)
    {
        var made = new List<NoticeAttempt>();
        attempts.With(found.Key);
        while (attempts.Step())
        {
            made.Add(new NoticeAttempt(
                attempts.Int(0), attempts.Time(1), attempts.IsNull(2) ? null : attempts.Int(2), attempts.Text(3),
                TimeSpan.FromMicroseconds(attempts.Long(4))));
        }

        attempts.Reset();
        return new NoticeDelivery(found.Notice, made);
    }

    static NoticeSubscription ReadSubscription(SqlStatement row) => new()
    {
        Id = new(row.Id(0)),
        User = new(row.Text(1)),
        Channel = (NoticeChannel)row.Int(2),
        Target = row.Text(3),
        Events = (NoticeEvents)row.Int(4),
        State = (SubscriptionState)row.Int(5),
        Reason = row.TextOrNull(6),
        Label = row.TextOrNull(7),
        Secret = row.Text(8),
        FormerSecret = row.TextOrNull(9),
        FormerSecretUntil = row.TimeOrNull(10),
        CreatedAt = row.Time(11),
        DeliveredAt = row.TimeOrNull(12),
        FailingSince = row.TimeOrNull(13),
    };

    static (Notice Notice, long Key, int Ever) ReadNotice(SqlStatement row, SubscriptionId of) => (
        new Notice
        {
            Id = new(row.Id(0)),
            Subscription = of,
            Type = (NoticeType)row.Int(1),
            At = row.Time(2),
            Job = row.IsNull(3) ? null : new NoticeJob(
                new JobSequence(row.Long(3)), new JobId(row.Id(4)), new JobKind(row.Text(5)), row.Text(6), row.Int(7),
                row.TextOrNull(8), row.TextOrNull(9)),
            State = (NoticeState)row.Int(10),
            Attempts = row.Int(11),
            DueAt = row.Time(12),
            Holds = row.Long(13) != 0,
            Since = row.Time(14),
        },
        row.Long(15), row.Int(16));
}
