using NextUp.Actors.Notices;
using NextUp.Client.Notices;

namespace NextUp.Server.Notices;

/// <summary>Subscriptions and deliveries as their user sees them.</summary>
static class NoticeViews
{
    public static NoticeSubscriptionView Of(NoticeSubscription subscription, string? secret = null) => new(
        subscription.Id.ToString(), NoticeNames.Of(subscription.Channel), Target(subscription),
        NoticeNames.Of(subscription.Events), NoticeNames.Of(subscription.State), subscription.Reason,
        subscription.Label, subscription.CreatedAt, subscription.DeliveredAt, subscription.FailingSince)
    {
        Secret = secret,
    };

    public static NoticeDeliveryView Of(NoticeDelivery delivery)
    {
        var notice = delivery.Notice;
        return new(
            notice.Id.ToString(), NoticeNames.Of(notice.Type), notice.At, notice.Job?.Id.ToString(),
            notice.Job?.FileName, NoticeNames.Of(notice.State),
            notice.State == NoticeState.Waiting ? notice.DueAt : null,
            [.. delivery.Attempts.Select(attempt => new NoticeAttemptView(
                attempt.Number, attempt.At, attempt.Status, attempt.Answer, (long)attempt.Took.TotalMilliseconds))]);
    }

    /// <summary>The paths of chat rooms and browsers are as good as passwords; their hosts say enough.</summary>
    static string Target(NoticeSubscription subscription) =>
        subscription.Channel is NoticeChannel.Webhook or NoticeChannel.Mail
            ? subscription.Target
            : new Uri(subscription.Target).GetLeftPart(UriPartial.Authority) + "/...";
}
