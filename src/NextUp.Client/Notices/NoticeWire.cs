using System.Text.Json;
using System.Text.Json.Serialization;
using NextUp.Client.Wire;

namespace NextUp.Client.Notices;

/// <summary>The values of <see cref="NoticeSubscriptionView.Channel"/>.</summary>
public static class NoticeChannelNames
{
    /// <summary>A POST signed by the Standard Webhooks specification.</summary>
    public const string Webhook = "webhook";

    public const string Slack = "slack";
    public const string Discord = "discord";
    public const string Mail = "mail";

    /// <summary>A browser's notification (Web Push).</summary>
    public const string Push = "push";
}

/// <summary>The values of <see cref="NoticeSubscriptionView.State"/>.</summary>
public static class NoticeStateNames
{
    /// <summary>A mail address whose owner has not agreed yet.</summary>
    public const string Unconfirmed = "unconfirmed";

    public const string Active = "active";
    public const string Paused = "paused";

    /// <summary>Stopped by the server; <see cref="NoticeSubscriptionView.Reason"/> says why.</summary>
    public const string Disabled = "disabled";
}

/// <summary>A wish to be told.</summary>
/// <param name="Channel">One of <see cref="NoticeChannelNames"/>.</param>
/// <param name="Target">An address: https://... or, for mail, an address of mail.</param>
/// <param name="Events">queued, held, started, retrying, completed, failed, cancelled, requeued; null for the three ends.</param>
/// <param name="Label">Your own name for it, up to 100 characters.</param>
/// <param name="Keys">For a browser: the keys of its PushSubscription.</param>
public sealed record NoticeWish(
    string Channel, string Target, IReadOnlyList<string>? Events = null, string? Label = null,
    BrowserKeys? Keys = null);

/// <summary>As <c>PushSubscription.toJSON().keys</c> has them, base64url.</summary>
public sealed record BrowserKeys(string P256dh, string Auth);

/// <summary>What to change; null keeps what is there.</summary>
/// <param name="Label">An empty one takes the label away.</param>
/// <param name="State">active or paused.</param>
public sealed record NoticeAmendment(
    string? Label = null, IReadOnlyList<string>? Events = null, string? State = null);

/// <summary>One way in which a user is told.</summary>
/// <param name="Target">Where to; of Slack, Discord and browsers without what is secret in it.</param>
/// <param name="Reason">Why it is disabled; else null.</param>
/// <param name="DeliveredAt">When something arrived last.</param>
/// <param name="FailingSince">Since when nothing arrives; null while all is well.</param>
public sealed record NoticeSubscriptionView(
    string Id,
    string Channel,
    string Target,
    IReadOnlyList<string> Events,
    string State,
    string? Reason,
    string? Label,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DeliveredAt,
    DateTimeOffset? FailingSince)
{
    /// <summary>A webhook's secret (<c>whsec_...</c>), shown when it is made and never again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }
}

/// <summary>The caller's subscriptions, oldest first.</summary>
/// <param name="SubscriptionsMax">How many one user may have.</param>
/// <param name="Channels">The channels this caller can use here.</param>
public sealed record NoticeSubscriptionList(
    IReadOnlyList<NoticeSubscriptionView> Subscriptions, int SubscriptionsMax, IReadOnlyList<string> Channels);

/// <summary>One thing told, or still to be told.</summary>
/// <param name="Id">The <c>webhook-id</c>: the same at every attempt and replay.</param>
/// <param name="Type">job.queued ... job.cancelled, or notice.test, notice.confirm.</param>
/// <param name="State">waiting, delivered or gave-up.</param>
/// <param name="NextAttemptAt">While it waits: not before this time.</param>
public sealed record NoticeDeliveryView(
    string Id,
    string Type,
    DateTimeOffset At,
    string? JobId,
    string? FileName,
    string State,
    DateTimeOffset? NextAttemptAt,
    IReadOnlyList<NoticeAttemptView> Attempts);

/// <param name="Status">The receiver's status; null where none came.</param>
/// <param name="Answer">The beginning of its answer, or why it was not reached.</param>
public sealed record NoticeAttemptView(int Number, DateTimeOffset At, int? Status, string Answer, long TookMs);

/// <summary>Newest first.</summary>
/// <param name="Next">Pass it as <c>after</c> to read on; null at the end.</param>
public sealed record NoticeDeliveryPage(IReadOnlyList<NoticeDeliveryView> Deliveries, string? Next);

/// <param name="PublicKey">The <c>applicationServerKey</c> of <c>PushManager.subscribe</c>, base64url.</param>
public sealed record PushKeyView(string PublicKey);

/// <summary>The body of a webhook.</summary>
/// <param name="Type">job.queued ... job.cancelled, or notice.test.</param>
/// <param name="Timestamp">When it happened.</param>
public sealed record WebhookBody(string Type, DateTimeOffset Timestamp, WebhookJob? Data);

/// <summary>The job as it was when it happened; null members say nothing.</summary>
/// <param name="Reason">Why, for retries, failures and cancellations.</param>
/// <param name="Summary">The counts of the result, for completions.</param>
/// <param name="Url">The job's page, where the server knows its own address.</param>
public sealed record WebhookJob(
    string Id, string Kind, string FileName, int Attempt, string? Reason, JsonElement? Summary, string? Url);

/// <summary>What a browser's service worker gets, decrypted.</summary>
/// <param name="Id">The same at every attempt: use it as the notification's tag.</param>
/// <param name="Url">Where a click leads, on the server; null for what is not about a job.</param>
public sealed record PushBody(string Id, string Type, DateTimeOffset At, string Title, string Body, string? Url);

/// <summary>How all of these are written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(NoticeWish))]
[JsonSerializable(typeof(NoticeAmendment))]
[JsonSerializable(typeof(NoticeSubscriptionView))]
[JsonSerializable(typeof(NoticeSubscriptionList))]
[JsonSerializable(typeof(NoticeDeliveryView))]
[JsonSerializable(typeof(NoticeDeliveryPage))]
[JsonSerializable(typeof(PushKeyView))]
[JsonSerializable(typeof(WebhookBody))]
[JsonSerializable(typeof(PushBody))]
public sealed partial class NoticeJson : JsonSerializerContext
{
    /// <summary>As <c>Default</c>, but letters outside ASCII are written as they are, as in <see cref="WireJson.Wire"/>.</summary>
    public static NoticeJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new UtcTimeConverter() },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
