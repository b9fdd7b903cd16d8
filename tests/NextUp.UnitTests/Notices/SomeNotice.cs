using NextUp.Actors.Jobs;
using NextUp.Actors.Notices;
using NextUp.Actors.Users;

namespace NextUp.UnitTests.Notices;

/// <summary>Notices and subscriptions to look at.</summary>
static class SomeNotice
{
    public static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly SubscriptionId Subscription = new(new Guid("01900000-0000-7000-8000-000000000001"));

    public static Notice Of(
        NoticeType type = NoticeType.Completed, string fileName = "references.bib", string? reason = null,
        string? summary = null) => new()
    {
        Id = NoticeId.Of(Subscription, UserId.Account("ann"), 7),
        Subscription = Subscription,
        Type = type,
        At = At,
        DueAt = At,
        Since = At,
        Job = type is NoticeType.Test or NoticeType.Confirm ? null : new NoticeJob(
            new JobSequence(3), new JobId(new Guid("01900000-0000-7000-8000-000000000002")), new JobKind("bibtex"),
            fileName, 1, reason, summary),
    };

    public static NoticeSubscription To(string target, NoticeChannel channel = NoticeChannel.Webhook, string secret = "") => new()
    {
        Id = Subscription,
        User = UserId.Account("ann"),
        Channel = channel,
        Target = target,
        Events = NoticeEvents.All,
        State = SubscriptionState.Active,
        Secret = secret,
        CreatedAt = At,
    };
}
