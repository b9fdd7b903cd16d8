using System.Text.Encodings.Web;
using NextUp.Actors.Notices;
using NextUp.Actors.Store;
using NextUp.Server.Operations;

namespace NextUp.Server.Notices;

/// <summary>
/// The two pages that links in mails lead to. Opening one changes nothing, because programs that look for dangerous
/// links open them all; the button on it does, and so does a mail program's one-click unsubscription (RFC 8058).
/// </summary>
sealed class NoticePages(INoticeStore store, NoticeLinks links)
{
    const string ConfirmPath = "/notices/confirm/{token}";
    const string UnsubscribePath = "/notices/unsubscribe/{token}";
    const string NoLink = "This link is not valid, or has run out.";

    public void Map(IEndpointRouteBuilder map)
    {
        map.MapGet(ConfirmPath, context => AskAsync(
            context, LinkPurpose.Confirm, "Do you want to be told of your jobs at this address?", "Yes, write to me"))
            .WithMetadata(Audience.Everyone);
        map.MapPost(ConfirmPath, ConfirmAsync).WithMetadata(Audience.Everyone);
        map.MapGet(UnsubscribePath, context => AskAsync(
            context, LinkPurpose.Unsubscribe, "Do you want no more notices at this address?", "No more notices"))
            .WithMetadata(Audience.Everyone);
        map.MapPost(UnsubscribePath, UnsubscribeAsync).WithMetadata(Audience.Everyone);
    }

    async Task AskAsync(HttpContext context, LinkPurpose purpose, string question, string button)
    {
        if (await FindAsync(context, purpose) is null)
            return;

        await WriteAsync(context, 200, question, $"<form method=\"post\"><button>{button}</button></form>");
    }

    async Task ConfirmAsync(HttpContext context)
    {
        if (await FindAsync(context, LinkPurpose.Confirm) is not { } subscription)
            return;

        // A conflict means that it was confirmed before.
        await store.CommitAsync(new NoticeChange.Amend(
            subscription.User, subscription.Id, State: SubscriptionState.Active,
            From: SubscriptionState.Unconfirmed));
        await WriteAsync(context, 200, "Thank you. You will be told at this address.", "");
    }

    async Task UnsubscribeAsync(HttpContext context)
    {
        if (await FindAsync(context, LinkPurpose.Unsubscribe) is not { } subscription)
            return;

        await store.CommitAsync(new NoticeChange.Unsubscribe(subscription.User, subscription.Id));
        await WriteAsync(context, 200, "No more notices come to this address.", "");
    }

    async ValueTask<NoticeSubscription?> FindAsync(HttpContext context, LinkPurpose purpose)
    {
        var token = context.Request.RouteValues["token"] as string;
        if (links.TryRead(purpose, token, out var id) && await store.FindAsync(id) is { } found)
            return found;

        await WriteAsync(context, 404, NoLink, "");
        return null;
    }

    static Task WriteAsync(HttpContext context, int status, string words, string below)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
            + "<meta name=\"viewport\" content=\"width=device-width\"><title>NextUp</title>"
            + $"<main><h1>NextUp</h1><p>{HtmlEncoder.Default.Encode(words)}</p>{below}</main></html>",
            context.RequestAborted);
    }
}
