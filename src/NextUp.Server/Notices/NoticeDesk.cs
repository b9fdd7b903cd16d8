using NextUp.Actors.Notices;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Server.Notices.Channels;
using NextUp.Server.Notices.Delivery;
using NextUp.Server.Notices.Mail;
using NextUp.Server.Notices.Push;
using NextUp.Server.Settings;
using NextUp.Server.Users;

namespace NextUp.Server.Notices;

/// <summary>The slice, put together: channels, couriers, endpoints, and the deletion of what is old.</summary>
sealed class NoticeDesk : IAsyncDisposable
{
    /// <summary>How often old deliveries are deleted, and how many in one commit.</summary>
    static readonly TimeSpan PruneInterval = TimeSpan.FromMinutes(1);

    const int PruneMax = 1_000;

    readonly INoticeStore _store;
    volatile NoticeSettings _settings;
    readonly TimeProvider _clock;
    readonly Action<string, Exception> _tellFailed;
    readonly ReceiverHttp _http;
    readonly PushKey _pushKey;
    readonly Couriers _couriers;
    readonly NoticeEndpoints _endpoints;
    readonly NoticePages _pages;
    ITimer? _pruning;

    public NoticeDesk(
        INoticeStore store, NoticeSettings settings, string dataFolder, Callers callers, TimeProvider clock,
        Random random, Action<string, Exception> tellFailed)
    {
        (_store, _settings, _clock, _tellFailed) = (store, settings, clock, tellFailed);
        NoticeSettings Current() => _settings;
        _http = new ReceiverHttp(Current, clock);
        _pushKey = new PushKey(dataFolder);
        var links = new NoticeLinks(dataFolder, Current, clock);
        var chat = new ChatSender(_http, Current);
        var senders = new Dictionary<NoticeChannel, INoticeSender>
        {
            [NoticeChannel.Webhook] = new WebhookSender(_http, Current, clock),
            [NoticeChannel.Slack] = chat,
            [NoticeChannel.Discord] = chat,
            [NoticeChannel.Mail] = new MailSender(Current, links, clock),
            [NoticeChannel.Push] = new PushSender(_http, _pushKey, Current, clock),
        };
        _couriers = new Couriers(
            store, senders, new DeliverySchedule(Current, random),
            new DeliveryGates(settings.DeliveriesAtOnce, settings.DeliveriesPerUserAtOnce), clock, tellFailed);
        _endpoints = new NoticeEndpoints(
            store, Current, _pushKey, new ConfirmationBudget(clock), callers, clock);
        _pages = new NoticePages(store, links);
    }

    /// <summary>Subscriptions of one user.</summary>
    public int PerUserMax => _settings.SubscriptionsPerUserMax;

    /// <summary>Changed settings come into force, but for how much is under way at once; what is under way ends as it began.</summary>
    public void Configure(NoticeSettings settings) => _settings = settings;

    /// <summary>Why subscriptions of a visitor stayed theirs at sign-in, a sentence each with what they are.</summary>
    public async Task<IReadOnlyList<string>> LeftBehindAsync(UserId visitor) =>
        [.. from one in await _store.SubscriptionsAsync(visitor)
            where one is { State: SubscriptionState.Disabled, Reason: not null }
            select $"{one.Label ?? NoticeNames.Of(one.Channel)}: {one.Reason}"];

    public void Map(IEndpointRouteBuilder map)
    {
        _endpoints.Map(map);
        _pages.Map(map);
    }

    /// <summary>From here on notices are delivered.</summary>
    public async Task StartAsync()
    {
        await _couriers.StartAsync();
        _pruning = _clock.CreateTimer(_ => _ = PruneAsync(), null, TimeSpan.Zero, PruneInterval);
    }

    public async ValueTask DisposeAsync()
    {
        if (_pruning is not null)
            await _pruning.DisposeAsync();
        await _couriers.DisposeAsync();
        _http.Dispose();
        _pushKey.Dispose();
    }

    async Task PruneAsync()
    {
        try
        {
            await _store.CommitAsync(new NoticeChange.Prune(_clock.GetUtcNow() - _settings.Kept, PruneMax));
        }
        catch (StoreFailedException error)
        {
            _tellFailed("the deletion of old notices", error);
        }
    }
}
