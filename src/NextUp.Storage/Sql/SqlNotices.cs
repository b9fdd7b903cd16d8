using NextUp.Actors.Notices;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Storage.Sql;

/// <summary>The outbox in the store's own database: written by its writer, read by its readers.</summary>
sealed class SqlNotices(SqlStore store, JobReaders readers) : INoticeStore
{
    public event Action<IReadOnlyList<SubscriptionId>>? Noticed
    {
        add => store.Noticed += value;
        remove => store.Noticed -= value;
    }

    public Task<CommitAnswer> CommitAsync(params IReadOnlyList<NoticeChange> changes) =>
        store.CommitAsync(new StoreWrite([.. changes.Select(change => new Change.Notify(change))]));

    public Task<IReadOnlyList<NoticeSubscription>> SubscriptionsAsync(UserId user) =>
        readers.AskAsync<IReadOnlyList<NoticeSubscription>>(reader => reader.Subscriptions(user));

    public Task<NoticeSubscription?> FindAsync(SubscriptionId subscription) =>
        readers.AskAsync(reader => reader.Subscription(subscription));

    public Task<NoticeSubscription?> FindAsync(UserId user, SubscriptionId subscription) =>
        readers.AskAsync(reader => reader.Subscription(user, subscription));

    public Task<NoticeDelivery?> FindAsync(UserId user, SubscriptionId subscription, NoticeId notice) =>
        readers.AskAsync(reader => reader.Delivery(user, subscription, notice));

    public Task<IReadOnlyList<NoticeDelivery>> DeliveriesAsync(
        UserId user, SubscriptionId subscription, NoticeId? before, int limit) =>
        readers.AskAsync<IReadOnlyList<NoticeDelivery>>(
            reader => reader.Deliveries(user, subscription, before, limit));

    public Task<IReadOnlyList<SubscriptionId>> WaitingAsync() =>
        readers.AskAsync<IReadOnlyList<SubscriptionId>>(reader => reader.Waiting());

    public Task<NoticeNext> NextAsync(SubscriptionId subscription, DateTimeOffset now) =>
        readers.AskAsync(reader => reader.Next(subscription, now));

    public Task<int> CountWaitingAsync(SubscriptionId subscription, int max) =>
        readers.AskAsync(reader => reader.CountWaiting(subscription, max));
}
