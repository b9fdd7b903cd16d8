using NextUp.Actors.Notices;
using NextUp.Actors.Store;
using NextUp.Client.Notices;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Notices;

/// <summary>What was told, once more, or as a trial; and the routes of the slice.</summary>
sealed partial class NoticeEndpoints
{
    const string Path = "/api/v1/notices";
    const string Tag = "Notices";

    public void Map(IEndpointRouteBuilder map)
    {
        map.MapGet(Path, callers.Guard(ListAsync))
            .Describe(Tag, "How you are told", Audience.Caller).Answers<NoticeSubscriptionList>(200).Refuses(401);
        map.MapPost(Path, callers.Guard(AddAsync))
            .Describe(Tag, "Be told: by webhook, Slack, Discord, mail or in the browser", Audience.Caller)
            .Answers<NoticeSubscriptionView>(201).Answers<NoticeSubscriptionView>(200)
            .Refuses(400, 401, 403, 409, 422, 429, 503);
        map.MapGet(Path + "/push-key", callers.Guard(PushKeyAsync))
            .Describe(Tag, "The applicationServerKey for a browser's subscription", Audience.Caller)
            .Answers<PushKeyView>(200).Refuses(401);
        map.MapGet(Path + "/{id}", callers.Guard(GetAsync))
            .Describe(Tag, "A subscription", Audience.SubscriptionOwner)
            .Answers<NoticeSubscriptionView>(200).Refuses(401, 404);
        map.MapPatch(Path + "/{id}", callers.Guard(AmendAsync))
            .Describe(Tag, "Change label or events, pause, or activate again", Audience.SubscriptionOwner)
            .Answers<NoticeSubscriptionView>(200).Refuses(400, 401, 403, 404, 409, 422, 503);
        map.MapDelete(Path + "/{id}", callers.Guard(RemoveAsync))
            .Describe(Tag, "Be told no more; nothing that waits is sent", Audience.SubscriptionOwner)
            .Answers<NoticeSubscriptionView>(204).Refuses(401, 403, 404, 503);
        map.MapPost(Path + "/{id}/rotate-secret", callers.Guard(RotateAsync))
            .Describe(Tag, "A new secret; the old one signs beside it for a day", Audience.SubscriptionOwner)
            .Answers<NoticeSubscriptionView>(200).Refuses(401, 403, 404, 422, 503);
        map.MapPost(Path + "/{id}/test", callers.Guard(TestAsync))
            .Describe(Tag, "Send a trial notice; one attempt", Audience.SubscriptionOwner)
            .Answers<NoticeDeliveryView>(202).Refuses(401, 403, 404, 409, 429, 503);
        MapDeliveries(map);
    }

    void MapDeliveries(IEndpointRouteBuilder map)
    {
        map.MapGet(Path + "/{id}/deliveries", callers.Guard(DeliveriesAsync))
            .Describe(Tag, "What was told and what became of it, newest first", Audience.SubscriptionOwner)
            .Takes(new EndpointDocs.QueryParameter("limit", "Deliveries on the page, 1 to 200.", IsNumber: true))
            .Takes(new EndpointDocs.QueryParameter("after", "The \"next\" of the page before.", IsNumber: false))
            .Answers<NoticeDeliveryPage>(200).Refuses(400, 401, 404);
        map.MapGet(Path + "/{id}/deliveries/{delivery}", callers.Guard(DeliveryAsync))
            .Describe(Tag, "One delivery with its attempts", Audience.SubscriptionOwner)
            .Answers<NoticeDeliveryView>(200).Refuses(401, 404);
        map.MapPost(Path + "/{id}/deliveries/{delivery}/replay", callers.Guard(ReplayAsync))
            .Describe(Tag, "Send it again, under the same id", Audience.SubscriptionOwner)
            .Answers<NoticeDeliveryView>(202).Refuses(401, 403, 404, 409, 429, 503);
    }

    async Task TestAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is not { } subscription)
            return;

        if (subscription.State is not SubscriptionState.Active)
        {
            await Problems.WriteAsync(context, Problems.NoticeInTheWay(
                $"The subscription is {NoticeNames.Of(subscription.State)}. Nothing is sent until it is active."));
            return;
        }

        if (!await MayAskAsync(context, caller))
            return;

        var notice = Asked(subscription.Id, NoticeType.Test);
        await store.CommitAsync(new NoticeChange.Put(notice));
        await Answers.JsonAsync(
            context, 202, NoticeViews.Of(new NoticeDelivery(notice, [])), NoticeJson.Wire.NoticeDeliveryView);
    }

    async Task DeliveriesAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is not { } subscription)
            return;

        var query = context.Request.Query;
        NoticeId? before = null;
        if (JobEndpoints.ReadNumber(query["limit"], PageDefault, 1, PageMax) is not { } limit)
        {
            await Problems.WriteAsync(
                context, Problems.InvalidRequest($"limit is a whole number from 1 to {PageMax}."));
            return;
        }

        if (query["after"].ToString() is { Length: > 0 } after)
        {
            if (!NoticeId.TryParse(after, out var last)
                || await store.FindAsync(caller.User, subscription.Id, last) is null)
            {
                await Problems.WriteAsync(context, Problems.InvalidRequest(
                    "after is not the \"next\" of a page of this subscription, or that delivery is deleted by now. "
                    + "Leave it out to begin with the newest."));
                return;
            }

            before = last;
        }

        var found = await store.DeliveriesAsync(caller.User, subscription.Id, before, (int)limit + 1);
        var page = found.Take((int)limit).Select(NoticeViews.Of).ToList();
        await Answers.JsonAsync(
            context, 200, new NoticeDeliveryPage(page, found.Count > limit ? page[^1].Id : null),
            NoticeJson.Wire.NoticeDeliveryPage);
    }

    async Task DeliveryAsync(HttpContext context, Caller caller)
    {
        if (await FindDeliveryAsync(context, caller) is { } delivery)
            await Answers.JsonAsync(context, 200, NoticeViews.Of(delivery), NoticeJson.Wire.NoticeDeliveryView);
    }

    async Task ReplayAsync(HttpContext context, Caller caller)
    {
        if (await FindDeliveryAsync(context, caller) is not { } delivery)
            return;

        var notice = delivery.Notice;
        if (notice.Type == NoticeType.Confirm)
        {
            await Problems.WriteAsync(context, Problems.NoticeInTheWay(
                "A confirmation is sent once. Delete the subscription and make it again for another one."));
            return;
        }

        if (!await MayAskAsync(context, caller))
            return;

        var now = clock.GetUtcNow();
        if (await store.CommitAsync(new NoticeChange.Replay(caller.User, notice.Id, now)) is CommitAnswer.Conflict)
        {
            await Problems.WriteAsync(context, Problems.NoticeInTheWay("It waits to be delivered already."));
            return;
        }

        var again = notice with { State = NoticeState.Waiting, DueAt = now };
        await Answers.JsonAsync(
            context, 202, NoticeViews.Of(delivery with { Notice = again }), NoticeJson.Wire.NoticeDeliveryView);
    }

    /// <summary>False where the caller has asked too often, which was answered.</summary>
    async ValueTask<bool> MayAskAsync(HttpContext context, Caller caller)
    {
        if (_asked.TryTake((caller.User.Value, AskedPerMinuteMax)))
            return true;

        await Problems.WriteAsync(context, Problems.TooManyTrials(AskedPerMinuteMax));
        return false;
    }

    async ValueTask<NoticeDelivery?> FindDeliveryAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is not { } subscription)
            return null;

        var text = context.Request.RouteValues["delivery"] as string ?? "";
        var found = NoticeId.TryParse(text, out var id)
            ? await store.FindAsync(caller.User, subscription.Id, id) : null;
        if (found is null)
            await Problems.WriteAsync(context, Problems.DeliveryNotFound(text));
        return found;
    }
}
