using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using NextUp.Actors.Notices;
using NextUp.Actors.Store;
using NextUp.Client.Notices;
using NextUp.Client.Wire;
using NextUp.Server.Jobs;
using NextUp.Server.Notices.Channels;
using NextUp.Server.Notices.Mail;
using NextUp.Server.Notices.Push;
using NextUp.Server.Operations;
using NextUp.Server.Settings;
using NextUp.Server.Users;

namespace NextUp.Server.Notices;

/// <summary><c>/api/v1/notices</c>: how the caller is told. Everything is looked for through the caller.</summary>
sealed partial class NoticeEndpoints(
    INoticeStore store, Func<NoticeSettings> settings, PushKey pushKey, ConfirmationBudget confirmations, Callers callers,
    TimeProvider clock)
{
    /// <summary>The longest label, in characters.</summary>
    public const int LabelLengthMax = 100;

    /// <summary>Deliveries on a page, where the caller does not say; and at most.</summary>
    public const int PageDefault = 50;

    public const int PageMax = 200;

    /// <summary>Trials and replays of one user within a minute: the server must not be somebody's hammer.</summary>
    public const int AskedPerMinuteMax = 20;

    readonly Allowance _asked = new(clock, TimeSpan.FromMinutes(1));

    static readonly NoticeChange[] NothingMore = [];

    const string EventsRule = "events must be a list of one or more of ";

    async Task ListAsync(HttpContext context, Caller caller)
    {
        var own = await store.SubscriptionsAsync(caller.User);
        var list = new NoticeSubscriptionList(
            [.. own.Select(one => NoticeViews.Of(one))], settings().SubscriptionsPerUserMax,
            [.. Enum.GetValues<NoticeChannel>().Where(one => WhyNot(one, caller) is null).Select(NoticeNames.Of)]);
        await Answers.JsonAsync(context, 200, list, NoticeJson.Wire.NoticeSubscriptionList);
    }

    Task PushKeyAsync(HttpContext context, Caller caller) =>
        Answers.JsonAsync(context, 200, new PushKeyView(pushKey.PublicKey), NoticeJson.Wire.PushKeyView);

    async Task AddAsync(HttpContext context, Caller caller)
    {
        if (await ReadAsync(context, NoticeJson.Wire.NoticeWish) is not { } wish)
            return;

        var (subscription, unfit) = Sketch(wish, caller);
        if (subscription is null)
        {
            await Problems.WriteAsync(context, Problems.UnfitNotice(unfit));
            return;
        }

        var own = await store.SubscriptionsAsync(caller.User);
        var same = own.FirstOrDefault(
            one => one.Channel == subscription.Channel && one.Target == subscription.Target);
        if (same is not null)
        {
            await AddAgainAsync(context, same, subscription);
            return;
        }

        var isMail = subscription.Channel == NoticeChannel.Mail;
        if (own.Count < settings().SubscriptionsPerUserMax && isMail
            && !confirmations.TryTake(caller.User, subscription.Target))
        {
            await Problems.WriteAsync(context, Problems.TooManyConfirmations());
            return;
        }

        var answer = own.Count >= settings().SubscriptionsPerUserMax
            ? new CommitAnswer.Conflict("")
            : await store.CommitAsync(
            [
                new NoticeChange.Subscribe(
                    subscription, settings().SubscriptionsPerUserMax, settings().SubscriptionsMax),
                .. isMail ? [new NoticeChange.Put(Asked(subscription.Id, NoticeType.Confirm))] : NothingMore,
            ]);
        if (answer is CommitAnswer.Conflict)
        {
            await Problems.WriteAsync(context, await WhyRefusedAsync(subscription));
            return;
        }

        context.Response.Headers.Location = $"/api/v1/notices/{subscription.Id}";
        var secret = subscription.Channel == NoticeChannel.Webhook ? subscription.Secret : null;
        await Answers.JsonAsync(
            context, 201, NoticeViews.Of(subscription, secret), NoticeJson.Wire.NoticeSubscriptionView);
    }

    /// <summary>A browser asks at every visit; its keys and wishes may have changed. For others it is a mistake.</summary>
    async Task AddAgainAsync(HttpContext context, NoticeSubscription same, NoticeSubscription wanted)
    {
        if (wanted.Channel != NoticeChannel.Push)
        {
            await Problems.WriteAsync(context, Problems.NoticeExists());
            return;
        }

        var answer = await store.CommitAsync(new NoticeChange.Amend(
            same.User, same.Id, wanted.Label, wanted.Events, SubscriptionState.Active,
            Secrets: new NoticeSecrets(wanted.Secret, null, null)));
        await AnswerAsync(context, same, answer);
    }

    async Task GetAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is { } subscription)
            await Answers.JsonAsync(context, 200, NoticeViews.Of(subscription), NoticeJson.Wire.NoticeSubscriptionView);
    }

    async Task AmendAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is not { } subscription
            || await ReadAsync(context, NoticeJson.Wire.NoticeAmendment) is not { } wish)
            return;

        var events = wish.Events is null ? null : NoticeNames.Parse(wish.Events);
        SubscriptionState? state = wish.State switch
        {
            NoticeStateNames.Active => SubscriptionState.Active,
            NoticeStateNames.Paused => SubscriptionState.Paused,
            _ => null,
        };
        var unfit = wish.Events is not null && events is null ? EventsRule + NoticeNames.EventList + "."
            : wish.State is not null && state is null ? "state must be active or paused."
            : Unfit(wish.Label);
        if (unfit is not null)
        {
            await Problems.WriteAsync(context, Problems.UnfitNotice(unfit));
            return;
        }

        if (state is not null && subscription.State == SubscriptionState.Unconfirmed)
        {
            await Problems.WriteAsync(context, Problems.NoticeInTheWay(
                "The address is not confirmed yet. Open the link in the mail that was sent to it."));
            return;
        }

        var answer = await store.CommitAsync(new NoticeChange.Amend(
            caller.User, subscription.Id, wish.Label?.Trim(), events, state, From: subscription.State));
        await AnswerAsync(context, subscription, answer);
    }

    async Task RemoveAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is not { } subscription)
            return;

        // A conflict means that it is gone already, which is what was wanted.
        await store.CommitAsync(new NoticeChange.Unsubscribe(caller.User, subscription.Id));
        context.Response.StatusCode = 204;
    }

    async Task RotateAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is not { } subscription)
            return;

        if (subscription.Channel != NoticeChannel.Webhook)
        {
            await Problems.WriteAsync(context, Problems.UnfitNotice("Only webhooks have a secret."));
            return;
        }

        var secrets = new NoticeSecrets(
            WebhookSecret.New(), subscription.Secret, clock.GetUtcNow() + WebhookSecret.FormerSignsFor);
        var answer = await store.CommitAsync(
            new NoticeChange.Amend(caller.User, subscription.Id, Secrets: secrets));
        await AnswerAsync(context, subscription, answer, secrets.Secret);
    }

    /// <summary>Answers with the subscription as it is now.</summary>
    async Task AnswerAsync(
        HttpContext context, NoticeSubscription before, CommitAnswer answer, string? secret = null)
    {
        var now = await store.FindAsync(before.User, before.Id);
        if (now is null)
        {
            await Problems.WriteAsync(context, Problems.NoticeNotFound(before.Id.ToString()));
            return;
        }

        await (answer is CommitAnswer.Conflict
            ? Problems.WriteAsync(context, Problems.NoticeInTheWay(
                "The subscription has just been changed by another request. Look at it, then try again."))
            : Answers.JsonAsync(context, 200, NoticeViews.Of(now, secret), NoticeJson.Wire.NoticeSubscriptionView));
    }

    /// <summary>The subscription that is wished for, or why it cannot be.</summary>
    (NoticeSubscription? Subscription, string Unfit) Sketch(NoticeWish wish, Caller caller)
    {
        if (NoticeNames.Channel(wish.Channel) is not { } channel)
            return (null, "channel must be webhook, slack, discord, mail or push.");
        if (WhyNot(channel, caller) is { } why)
            return (null, why);
        if (wish.Target is null)
            return (null, "target is missing: say where to.");
        var events = wish.Events is null ? NoticeEvents.Ends : NoticeNames.Parse(wish.Events);
        if (events is null)
            return (null, EventsRule + NoticeNames.EventList + ".");
        if (Unfit(wish.Label) is { } unfit)
            return (null, unfit);
        var fit = NoticeTargets.Fit(channel, wish, settings());
        if (fit is not FitTarget.Fits fits)
            return (null, ((FitTarget.Unfit)fit).Reason);

        var now = clock.GetUtcNow();
        return (new NoticeSubscription
        {
            Id = SubscriptionId.New(now),
            User = caller.User,
            Channel = channel,
            Target = fits.Target,
            Events = events.Value,
            State = channel == NoticeChannel.Mail ? SubscriptionState.Unconfirmed : SubscriptionState.Active,
            Label = wish.Label?.Trim() is { Length: > 0 } label ? label : null,
            Secret = fits.Secret,
            CreatedAt = now,
        }, "");
    }

    /// <summary>Null where this caller may use the channel here.</summary>
    string? WhyNot(NoticeChannel channel, Caller caller) => channel switch
    {
        NoticeChannel.Mail when settings().Smtp is null =>
            "This server sends no mail; its operator can set that up (notices.smtp).",
        NoticeChannel.Mail when caller.User.IsVisitor =>
            "Mail is for accounts. Sign in, or use another channel.",
        _ => null,
    };

    static string? Unfit(string? label) => label is not null && (label.Length > LabelLengthMax || label.Any(char.IsControl))
        ? $"label has at most {LabelLengthMax} characters and no control characters." : null;

    async Task<Problem> WhyRefusedAsync(NoticeSubscription subscription)
    {
        var own = await store.SubscriptionsAsync(subscription.User);
        return own.Count >= settings().SubscriptionsPerUserMax
            ? Problems.NoticeLimitReached(settings().SubscriptionsPerUserMax)
            : own.Any(one => one.Channel == subscription.Channel && one.Target == subscription.Target)
                ? Problems.NoticeExists() : Problems.NoticesFull();
    }

    Notice Asked(SubscriptionId subscription, NoticeType type)
    {
        var now = clock.GetUtcNow();
        return new Notice
        {
            Id = NoticeId.New(now), Subscription = subscription, Type = type, At = now, DueAt = now, Since = now,
        };
    }

    /// <summary>The caller's subscription that the path names. Null means that it is none, and that this was answered.</summary>
    async ValueTask<NoticeSubscription?> FindAsync(HttpContext context, Caller caller)
    {
        var text = JobEndpoints.IdOf(context);
        var found = SubscriptionId.TryParse(text, null, out var id) ? await store.FindAsync(caller.User, id) : null;
        if (found is null)
            await Problems.WriteAsync(context, Problems.NoticeNotFound(text));
        return found;
    }

    /// <summary>The request's body. Null means that it is none, and that this was answered.</summary>
    static async ValueTask<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted) is { } body)
                return body;
        }
        catch (JsonException)
        {
            // Answered below.
        }

        await Problems.WriteAsync(context, Problems.InvalidRequest(
            "The body must be a JSON object; /openapi shows which members it has."));
        return null;
    }
}
