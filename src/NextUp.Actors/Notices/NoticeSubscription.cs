using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Actors.Notices;

/// <summary>How somebody is told. The numbers are stored; they are never reused.</summary>
public enum NoticeChannel
{
    /// <summary>A signed POST by the Standard Webhooks specification.</summary>
    Webhook = 0,

    Slack = 1,

    Discord = 2,

    Mail = 3,

    /// <summary>A browser's notification: Web Push, RFC 8030.</summary>
    Push = 4,
}

/// <summary>The numbers are stored; they are never reused.</summary>
public enum SubscriptionState
{
    /// <summary>A mail address whose owner has not agreed yet; it gets the confirmation and nothing else.</summary>
    Unconfirmed = 0,

    Active = 1,

    /// <summary>Stopped by its user.</summary>
    Paused = 2,

    /// <summary>Stopped by the server: the receiver is gone, or was not reached for too long.</summary>
    Disabled = 3,
}

/// <summary>Which events of a user's jobs are wanted; the bits are those of <see cref="JobEventType"/>.</summary>
[Flags]
public enum NoticeEvents
{
    None = 0,
    Queued = 1 << JobEventType.Queued,
    Held = 1 << JobEventType.Held,
    Started = 1 << JobEventType.Started,
    Retrying = 1 << JobEventType.Retrying,
    Completed = 1 << JobEventType.Completed,
    Failed = 1 << JobEventType.Failed,
    Cancelled = 1 << JobEventType.Cancelled,
    Requeued = 1 << JobEventType.Requeued,

    /// <summary>The three ends of a job.</summary>
    Ends = Completed | Failed | Cancelled,

    All = Queued | Held | Started | Retrying | Requeued | Ends,
}

/// <summary>One way in which one user wants to be told.</summary>
public sealed record NoticeSubscription
{
    public required SubscriptionId Id { get; init; }

    public required UserId User { get; init; }

    public required NoticeChannel Channel { get; init; }

    /// <summary>An absolute address, or for mail an address of mail. Of one user and channel each is there once.</summary>
    public required string Target { get; init; }

    public required NoticeEvents Events { get; init; }

    public required SubscriptionState State { get; init; }

    /// <summary>Why it is disabled, a sentence for its user; else null.</summary>
    public string? Reason { get; init; }

    /// <summary>The user's own name for it.</summary>
    public string? Label { get; init; }

    /// <summary>
    /// A webhook's secret (<c>whsec_...</c>); a browser's keys (<c>p256dh.auth</c>, base64url); empty for the others.
    /// </summary>
    public required string Secret { get; init; }

    /// <summary>The secret before a rotation, which still signs until <see cref="FormerSecretUntil"/>.</summary>
    public string? FormerSecret { get; init; }

    public DateTimeOffset? FormerSecretUntil { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When something arrived last.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>Since when nothing arrives any more; null while all is well.</summary>
    public DateTimeOffset? FailingSince { get; init; }
}
