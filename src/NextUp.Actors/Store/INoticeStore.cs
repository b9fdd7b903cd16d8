using NextUp.Actors.Notices;
using NextUp.Actors.Users;

namespace NextUp.Actors.Store;

/// <summary>
/// Who wants to be told what, and what is still to be told: an outbox. A notice of an event is stored in the transaction
/// of the change itself, for each active subscription of the job's user that wants it; users without any pay nothing.
/// Deleting a job or a subscription deletes its notices. Writes go through the queue of <see cref="IJobStore"/> and
/// share its commits. Every method may throw <see cref="StoreFailedException"/>.
/// </summary>
public interface INoticeStore
{
    /// <summary>Commits the changes together; see <see cref="IJobStore.CommitAsync"/>.</summary>
    Task<CommitAnswer> CommitAsync(params IReadOnlyList<NoticeChange> changes);

    /// <summary>
    /// Raised after a commit with the subscriptions that got something new to deliver. Must return quickly and not
    /// throw.
    /// </summary>
    event Action<IReadOnlyList<SubscriptionId>>? Noticed;

    /// <summary>The user's subscriptions, oldest first.</summary>
    Task<IReadOnlyList<NoticeSubscription>> SubscriptionsAsync(UserId user);

    /// <summary>For the delivery only: not filtered by user.</summary>
    Task<NoticeSubscription?> FindAsync(SubscriptionId subscription);

    /// <summary>The subscription, if it is this user's.</summary>
    Task<NoticeSubscription?> FindAsync(UserId user, SubscriptionId subscription);

    /// <summary>The notice and its attempts, if it is of this subscription of this user.</summary>
    Task<NoticeDelivery?> FindAsync(UserId user, SubscriptionId subscription, NoticeId notice);

    /// <summary>
    /// The subscription's notices, newest first, older than <paramref name="before"/>; from the newest on where that
    /// one is not there.
    /// </summary>
    Task<IReadOnlyList<NoticeDelivery>> DeliveriesAsync(
        UserId user, SubscriptionId subscription, NoticeId? before, int limit);

    /// <summary>Subscriptions with waiting notices, for a start; in any order.</summary>
    Task<IReadOnlyList<SubscriptionId>> WaitingAsync();

    /// <summary>What of a subscription is to be delivered now, or when something will be.</summary>
    Task<NoticeNext> NextAsync(SubscriptionId subscription, DateTimeOffset now);

    /// <summary>How many notices of a subscription wait, counted up to <paramref name="max"/>.</summary>
    Task<int> CountWaitingAsync(SubscriptionId subscription, int max);
}

/// <summary>What is next for a subscription.</summary>
public abstract record NoticeNext
{
    NoticeNext() { }

    /// <summary>Nothing waits, or nothing may be sent: the subscription is gone or not active.</summary>
    public sealed record Nothing : NoticeNext;

    /// <summary>Nothing before this time.</summary>
    public sealed record Later(DateTimeOffset At) : NoticeNext;

    /// <param name="AttemptNumber">What the coming attempt's <see cref="NoticeAttempt.Number"/> is.</param>
    public sealed record Due(NoticeSubscription Subscription, Notice Notice, int AttemptNumber) : NoticeNext;
}
