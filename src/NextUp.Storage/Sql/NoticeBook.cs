using NextUp.Actors.Notices;

namespace NextUp.Storage.Sql;

/// <summary>A subscription as the writer knows it.</summary>
/// <param name="Events">What it gets now: nothing while it is not active.</param>
readonly record struct Subscriber(long Key, SubscriptionId Id, NoticeEvents Events);

/// <summary>
/// Which users have subscriptions, all of them in memory (some 100 bytes each), so that a change of a job of a user
/// without any costs one look into a table. Read at the first need and again after a transaction that changed it was
/// rolled back.
/// </summary>
sealed class NoticeBook(SqlConnection connection)
{
    readonly SqlStatement read = connection.Prepare(
        "SELECT subscription_key, id, user_key, events, state FROM notice_subscription ORDER BY subscription_key");

    Dictionary<long, Subscriber[]>? subscribers;
    int count;
    bool isChanged;

    /// <summary>Subscriptions in all.</summary>
    public int Count
    {
        get
        {
            Read();
            return count;
        }
    }

    public void Begin() => isChanged = false;

    /// <summary>The user's subscriptions; empty for almost everyone.</summary>
    public ReadOnlySpan<Subscriber> Of(long user) => Read().TryGetValue(user, out var known) ? known : [];

    public void Set(long user, Subscriber subscriber)
    {
        var book = Read();
        isChanged = true;
        var known = book.GetValueOrDefault(user, []);
        var at = Array.FindIndex(known, one => one.Key == subscriber.Key);
        if (at >= 0)
        {
            known[at] = subscriber;
            return;
        }

        book[user] = [.. known, subscriber];
        count++;
    }

    public void Remove(long user, long key)
    {
        var book = Read();
        isChanged = true;
        var known = book.GetValueOrDefault(user, []);
        var left = Array.FindAll(known, one => one.Key != key);
        count -= known.Length - left.Length;
        if (left.Length == 0)
            book.Remove(user);
        else
            book[user] = left;
    }

    /// <summary>After a rollback.</summary>
    public void Forget()
    {
        if (isChanged)
            subscribers = null;
    }

    public static NoticeEvents Wanted(NoticeEvents events, SubscriptionState state) =>
        state == SubscriptionState.Active ? events : NoticeEvents.None;

    Dictionary<long, Subscriber[]> Read()
    {
        if (subscribers is not null)
            return subscribers;

        var found = new Dictionary<long, List<Subscriber>>();
        count = 0;
        while (read.Step())
        {
            var user = read.Long(2);
            if (!found.TryGetValue(user, out var list))
                found[user] = list = [];
            list.Add(new Subscriber(
                read.Long(0), new(read.Id(1)), Wanted((NoticeEvents)read.Long(3), (SubscriptionState)read.Int(4))));
            count++;
        }

        read.Reset();
        return subscribers = found.ToDictionary(one => one.Key, one => one.Value.ToArray());
    }
}
