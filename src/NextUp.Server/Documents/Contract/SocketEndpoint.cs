using System.Net.WebSockets;
using NextUp.Actors.Store;
using NextUp.Server.Live;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Documents.Contract;

/// <summary>
/// <c>/ws</c>: what happens to a user's documents, over a WebSocket. The first message says who it is; before it nothing is
/// told, and who does not send it in time is closed.
/// </summary>
/// <param name="origins">Of pages on other hosts that may connect.</param>
sealed class SocketEndpoint(
    Credentials credentials, Tenures tenures, LiveFeed feed, IJobStore jobs, IDocumentStore documents, IResultIntake intake,
    LastHeard heard, IReadOnlyList<string> origins, TimeProvider clock)
{
    public const string Path = "/ws";

    /// <summary>How long a connection may be silent before it says who it is.</summary>
    public static readonly TimeSpan AuthWithin = TimeSpan.FromSeconds(10);

    /// <summary>Connections that have not said yet who they are, in all.</summary>
    const int StrangersMax = 1_000;

    const string HasEnded = "the token or key has ended";

    int _strangers;

    public void Map(IEndpointRouteBuilder map) =>
        map.MapMethods(Path, [HttpMethods.Get, HttpMethods.Connect], ConnectAsync).WithMetadata(Audience.Everyone);

    async Task ConnectAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest("Connect with a WebSocket: its handshake is missing."));
            return;
        }

        // A browser always says which page connects; its cookies count for nothing here, but a page that is not listed has
        // no business with this server all the same.
        var origin = context.Request.Headers.Origin.ToString();
        if (Callers.IsFromElsewhere(context.Request) && !origins.Contains(origin, StringComparer.OrdinalIgnoreCase))
        {
            await Problems.WriteAsync(context, Problems.OriginNotListed(origin));
            return;
        }

        if (Interlocked.Increment(ref _strangers) > StrangersMax)
        {
            Interlocked.Decrement(ref _strangers);
            await Problems.WriteAsync(context, Problems.TooManyConnections(LiveFeed.ConnectionsPerUserMax));
            return;
        }

        var isStranger = true;
        void IsKnown()
        {
            if (isStranger)
                Interlocked.Decrement(ref _strangers);
            isStranger = false;
        }

        try
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            using var talk = new SocketTalk(socket, clock);
            await ServeAsync(talk, IsKnown, context.RequestAborted);
        }
        finally
        {
            IsKnown();
        }
    }

    async Task ServeAsync(SocketTalk talk, Action isKnown, CancellationToken gone)
    {
        try
        {
            var (caller, last) = await AuthenticateAsync(talk, gone);
            if (caller is null)
                return;
            isKnown();
            using var tenure = await tenures.BeginAsync(caller);
            if (tenure.IsOver)
            {
                await talk.CloseAsync(SocketCodes.Unauthorized, HasEnded);
                return;
            }

            if (feed.Subscribe(caller.User) is not { } subscription)
            {
                await talk.CloseAsync(SocketCodes.TooMany, "too many connections");
                return;
            }

            try
            {
                heard.Note(caller.User, await FollowAsync(talk, subscription, last, tenure.Over, gone));
            }
            finally
            {
                feed.Unsubscribe(subscription);
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException)
        {
            talk.Abort(); // The other side is gone, or does not read.
        }
    }

    async Task<(Caller? Caller, long? Last)> AuthenticateAsync(SocketTalk talk, CancellationToken gone)
    {
        using var heardOf = CancellationTokenSource.CreateLinkedTokenSource(gone);
        var receiving = talk.ReceiveAsync(gone);
        if (await Task.WhenAny(receiving, Task.Delay(AuthWithin, clock, heardOf.Token)) != receiving)
        {
            // The read is not broken off before the close is said: that would end the connection without a word.
            await talk.CloseAsync(SocketCodes.Unauthorized, $"no auth within {AuthWithin.TotalSeconds:0} seconds");
            await Task.WhenAny(receiving, Task.Delay(SocketTalk.CloseWithin, clock, heardOf.Token));
            talk.Abort();
            await heardOf.CancelAsync();
            await receiving.ContinueWith(_ => { }, TaskScheduler.Default);
            return default;
        }

        await heardOf.CancelAsync();
        if (await receiving is not { } first)
            return default;
        var credential = first is { Type: "auth", Token: { Length: > 0 } token } ? await credentials.ReadAsync(token) : null;
        if (credential is Credential.Good { Bound: var caller } && caller.Scopes.HasFlag(Scope.Read))
            return (caller, first.LastEventId);
        await (credential is Credential.Unknown
            ? talk.CloseAsync(SocketCodes.TryAgain, "nobody can say who you are right now")
            : talk.CloseAsync(SocketCodes.Unauthorized, "the first message is {\"type\":\"auth\",\"token\":\"...\"} with a good token"));
        return default;
    }

    /// <summary>Tells until one side closes; the number of the last event that the client has then.</summary>
    async Task<long> FollowAsync(
        SocketTalk talk, LiveSubscription subscription, long? last, CancellationToken end, CancellationToken gone)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(gone);
        var newest = await jobs.LastEventNumberAsync(subscription.User);
        var from = Math.Min(last ?? heard.Take(subscription.User) ?? newest, newest);
        var connection = new DocumentConnection(
            jobs, documents, intake, subscription.User, talk, new SentMarks(from, clock), end);
        using var expiry = CancellationTokenSource.CreateLinkedTokenSource(end);
        var telling = connection.TellAsync(subscription.Items, from, over.Token);
        var listening = connection.ListenAsync(over.Token);
        var expired = Task.Delay(Timeout.InfiniteTimeSpan, clock, expiry.Token);
        var first = await Task.WhenAny(telling, listening, expired);
        if (WhyClosed(first, telling, subscription, end) is var (code, reason))
        {
            // Whoever answers the close has read all that came before it.
            await connection.CloseAsync(code, reason);
            await Task.WhenAny(listening, Task.Delay(SocketTalk.CloseWithin, clock, gone));
        }

        var hasReadAll = listening.IsCompletedSuccessfully;
        await over.CancelAsync();
        await expiry.CancelAsync();
        await Task.WhenAll(telling, listening).ContinueWith(_ => { }, TaskScheduler.Default);
        await first.ContinueWith(_ => { }, TaskScheduler.Default);
        return connection.Read(hasReadAll);
    }

    /// <summary>Null where the client has closed, or is gone.</summary>
    static (int Code, string Reason)? WhyClosed(
        Task first, Task telling, LiveSubscription subscription, CancellationToken end) =>
        end.IsCancellationRequested ? (SocketCodes.Unauthorized, HasEnded)
        : first.Exception?.InnerException is TimeoutException || (first == telling && subscription.IsTooSlow)
            ? (SocketCodes.TooSlow, "you read too slowly: connect again, and what you missed is told")
        : first == telling && telling.IsCompletedSuccessfully ? (SocketCodes.GoingAway, "the server stops: connect again")
        : null;
}

/// <summary>Why a connection is closed.</summary>
static class SocketCodes
{
    public const int GoingAway = 1001, WrongKind = 1003, TooLarge = 1009, TryAgain = 1013;

    public const int Unauthorized = 4401, TooSlow = 4408, TooMany = 4429;
}
