using NextUp.Actors.Notices;
using NextUp.Client.Notices;

namespace NextUp.Server.Notices;

/// <summary>What things are called on the wire.</summary>
static class NoticeNames
{
    static readonly (NoticeEvents Event, string Name)[] Events =
    [
        (NoticeEvents.Queued, "queued"), (NoticeEvents.Held, "held"), (NoticeEvents.Started, "started"),
        (NoticeEvents.Retrying, "retrying"), (NoticeEvents.Completed, "completed"), (NoticeEvents.Failed, "failed"),
        (NoticeEvents.Cancelled, "cancelled"), (NoticeEvents.Requeued, "requeued"),
    ];

    public static string EventList => string.Join(", ", Events.Select(one => one.Name));

    public static string Of(NoticeChannel channel) => channel switch
    {
        NoticeChannel.Webhook => NoticeChannelNames.Webhook,
        NoticeChannel.Slack => NoticeChannelNames.Slack,
        NoticeChannel.Discord => NoticeChannelNames.Discord,
        NoticeChannel.Mail => NoticeChannelNames.Mail,
        _ => NoticeChannelNames.Push,
    };

    public static NoticeChannel? Channel(string? name)
    {
        foreach (var channel in Enum.GetValues<NoticeChannel>())
        {
            if (Of(channel) == name)
                return channel;
        }

        return null;
    }

    public static string Of(SubscriptionState state) => state switch
    {
        SubscriptionState.Unconfirmed => NoticeStateNames.Unconfirmed,
        SubscriptionState.Active => NoticeStateNames.Active,
        SubscriptionState.Paused => NoticeStateNames.Paused,
        _ => NoticeStateNames.Disabled,
    };

    public static string Of(NoticeState state) => state switch
    {
        NoticeState.Waiting => "waiting",
        NoticeState.Delivered => "delivered",
        _ => "gave-up",
    };

    /// <summary>As the standard recommends: words that go from the general to the special, with full stops.</summary>
    public static string Of(NoticeType type) => type switch
    {
        NoticeType.Queued => "job.queued",
        NoticeType.Held => "job.held",
        NoticeType.Started => "job.started",
        NoticeType.Retrying => "job.retrying",
        NoticeType.Completed => "job.completed",
        NoticeType.Failed => "job.failed",
        NoticeType.Cancelled => "job.cancelled",
        NoticeType.Requeued => "job.requeued",
        NoticeType.Test => "notice.test",
        _ => "notice.confirm",
    };

    public static IReadOnlyList<string> Of(NoticeEvents events) =>
        [.. Events.Where(one => events.HasFlag(one.Event)).Select(one => one.Name)];

    /// <summary>Null where a name is not known, or there is none at all.</summary>
    public static NoticeEvents? Parse(IReadOnlyList<string> names)
    {
        var events = NoticeEvents.None;
        foreach (var name in names)
        {
            var known = Array.Find(Events, one => one.Name == name).Event;
            if (known == NoticeEvents.None)
                return null;
            events |= known;
        }

        return events == NoticeEvents.None ? null : events;
    }
}
