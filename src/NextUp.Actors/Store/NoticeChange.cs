using NextUp.Actors.Notices;
using NextUp.Actors.Users;

namespace NextUp.Actors.Store;

/// <summary>
/// A durable change of what users want to be told, or of what became of telling them. Each names what it expects; where
/// the store holds something else, its write is refused as a conflict.
/// </summary>
public abstract record NoticeChange
{
    NoticeChange() { }

    /// <summary>
    /// A new subscription. Expects: fewer than <paramref name="PerUserMax"/> of this user, fewer than
    /// <paramref name="TotalMax"/> in all, and none of the user's with the same channel and target.
    /// </summary>
    public sealed record Subscribe(NoticeSubscription Subscription, int PerUserMax, int TotalMax) : NoticeChange;

    /// <summary>
    /// Another label, other events, another state (with its reason) or other secrets; null keeps what is there, and an
    /// empty label takes it away. Expects: the subscription is the user's and in the state <paramref name="From"/>,
    /// where one is given. Becoming active forgets since when it failed.
    /// </summary>
    public sealed record Amend(
        UserId User, SubscriptionId Subscription, string? Label = null, NoticeEvents? Events = null,
        SubscriptionState? State = null, string? Reason = null, NoticeSecrets? Secrets = null,
        SubscriptionState? From = null) : NoticeChange;

    /// <summary>The subscription goes, with all its notices. Expects: it is the user's.</summary>
    public sealed record Unsubscribe(UserId User, SubscriptionId Subscription) : NoticeChange;

    /// <summary>A notice that is not of an event. Expects: its subscription is there.</summary>
    public sealed record Put(Notice Notice) : NoticeChange;

    /// <summary>
    /// An attempt was made. Expects: the notice waits and <see cref="Notice.Attempts"/> is <paramref name="Made"/>.
    /// </summary>
    /// <param name="Disable">Why the subscription ends with it, a sentence for its user; else null.</param>
    public sealed record Attempted(
        NoticeId Notice, int Made, NoticeAttempt Attempt, NoticeState To, DateTimeOffset DueAt, bool Holds,
        string? Disable = null) : NoticeChange;

    /// <summary>The notice is to be sent again, under its old id. Expects: it is the user's and does not wait.</summary>
    public sealed record Replay(UserId User, NoticeId Notice, DateTimeOffset At) : NoticeChange;

    /// <summary>Notices that are over and older than the time go, oldest first, at most <paramref name="Limit"/>.</summary>
    public sealed record Prune(DateTimeOffset Before, int Limit) : NoticeChange;
}

/// <param name="Former">Signs beside the new one until <paramref name="FormerUntil"/>; null for none.</param>
public sealed record NoticeSecrets(string Secret, string? Former, DateTimeOffset? FormerUntil);
