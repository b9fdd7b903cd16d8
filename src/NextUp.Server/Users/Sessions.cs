using System.Text.Json;
using NextUp.Actors;
using NextUp.Actors.Users;
using NextUp.Client.Wire;
using NextUp.Server.Live;
using NextUp.Server.Notices;
using NextUp.Server.Operations;

namespace NextUp.Server.Users;

/// <summary>
/// Signs browsers in and out. Whoever was a visitor until then takes their jobs and subscriptions along; that is stored
/// before the cookie says that they are an account.
/// </summary>
/// <param name="duration">How long a session that begins now lasts.</param>
sealed class Sessions(
    Credentials credentials, Callers callers, AccountCookie accounts, VisitorCookie visitors, SignOuts signOuts,
    IActorDirectory actors,
    LiveFeed live, MeViews me, NoticeDesk notices, Func<UserId, UserId, Task> moved, Func<TimeSpan> duration, TimeProvider clock)
{
    /// <summary>The largest body that names a token, in bytes.</summary>
    const int BodyBytesMax = 64 * 1024;

    /// <summary>How often moving a visitor's jobs is asked for when an actor forgets itself meanwhile.</summary>
    const int TriesMax = 3;

    public void Map(IEndpointRouteBuilder map)
    {
        map.MapPost("/api/v1/me/session", OpenAsync)
            .Describe("Users", "Sign in on the page with a token; a visitor's jobs come along", Audience.Caller)
            .Answers<MeView>(200).Refuses(400, 401, 403, 503);
        map.MapDelete("/api/v1/me/session", CloseAsync)
            .Describe("Users", "Sign out: the browser is a new visitor from then on", Audience.Caller).Refuses(403, 503);
        map.MapPost("/sign-out", CloseAsync).WithMetadata(Audience.Caller);
    }

    /// <summary>The visitor's jobs move, and the answer signs the browser in. The end is the earlier of both.</summary>
    /// <returns>Why subscriptions stayed behind, a sentence each; empty where all came along.</returns>
    public async Task<IReadOnlyList<string>> OpenAsync(HttpContext context, Caller account, DateTimeOffset? expiresAt)
    {
        IReadOnlyList<string> left = [];
        if (callers.KnownByCookie(context) is { User.IsVisitor: true } visitor)
        {
            await MoveAsync(visitor.User, account.User);
            // If we die before this, the next start finds that the visitor's jobs are the account's, and does it.
            await moved(visitor.User, account.User);
            live.End(visitor.User);
            left = await notices.LeftBehindAsync(visitor.User);
        }

        var end = clock.GetUtcNow() + duration();
        accounts.Set(context, account, expiresAt < end ? expiresAt.Value : end);
        return left;
    }

    async Task OpenAsync(HttpContext context)
    {
        if (Callers.IsFromElsewhere(context.Request))
        {
            await Problems.WriteAsync(context, Problems.CrossSiteRequest());
            return;
        }

        var token = await TokenOfAsync(context);
        switch (token is null ? null : await credentials.ReadTokenAsync(token))
        {
            case null:
                await Problems.WriteAsync(context, Problems.InvalidRequest("Send {\"token\": \"...\"} as JSON."));
                return;
            case Credential.Good good:
                var left = await OpenAsync(context, good.Caller, good.ExpiresAt);
                var view = await me.ReadAsync(good.Caller) with { LeftBehind = left.Count == 0 ? null : left };
                await Answers.JsonAsync(context, 200, view, WireJson.Wire.MeView);
                return;
            case Credential.Unknown:
                await Problems.WriteAsync(context, Problems.AuthorityUnavailable());
                return;
            default:
                await Problems.WriteAsync(context, Problems.Unauthorized());
                return;
        }
    }

    /// <summary>
    /// Where the end of the sign-in cannot be stored, the browser stays signed in and is told so: it would be out, and a copy of
    /// its cookie would not.
    /// </summary>
    async Task CloseAsync(HttpContext context)
    {
        if (Callers.IsFromElsewhere(context.Request))
        {
            await Problems.WriteAsync(context, Problems.CrossSiteRequest());
            return;
        }

        if (callers.KnownByCookie(context) is { SignIn: { } signIn, Until: { } until })
            await signOuts.EndAsync(signIn, until);
        visitors.Make(context);
        if (HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            context.Response.Headers.Location = "/";
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }

    static async Task<string?> TokenOfAsync(HttpContext context) =>
        (await SmallBody.ReadAsync(context, WireJson.Wire.SessionRequest, BodyBytesMax))?.Token?.Trim();

    async Task MoveAsync(UserId visitor, UserId account)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await actors.User(visitor).MoveToAsync(account, notices.PerUserMax);
                return;
            }
            catch (ActorForgottenException) when (attempt < TriesMax)
            {
                // Its successor knows whether they have moved, and moves them if not.
            }
        }
    }
}
