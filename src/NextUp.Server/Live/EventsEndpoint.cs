using System.IO.Pipelines;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Client.Wire;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;
using NextUp.Server.Queue;
using NextUp.Server.Users;

namespace NextUp.Server.Live;

/// <summary><c>GET /api/v1/events</c>: a snapshot, then what the client missed, then what happens.</summary>
sealed class EventsEndpoint(
    IJobStore store, LiveFeed feed, JobViews views, MeViews me, QueueViews queue, Tenures tenures)
{
    public async Task StreamAsync(HttpContext context, Caller caller)
    {
        var header = context.Request.Headers["Last-Event-ID"].ToString();
        var text = header.Length > 0 ? header : context.Request.Query["after"].ToString();
        var after = JobEndpoints.ReadNumber(text, -1, 0, long.MaxValue);
        if (after is null)
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest(
                "Last-Event-ID (or after) is the number of the last event you saw. Leave it out to begin now."));
            return;
        }

        // Subscribed before anything is read: what happens meanwhile waits in the subscription, so nothing falls in
        // between.
        if (feed.Subscribe(caller.User) is not { } subscription)
        {
            await Problems.WriteAsync(context, Problems.TooManyConnections(LiveFeed.ConnectionsPerUserMax));
            return;
        }

        try
        {
            await SendUntilAsync(context, caller, subscription, after.Value);
        }
        finally
        {
            feed.Unsubscribe(subscription);
        }
    }

    /// <summary>
    /// Whose token, sign-in or API key has ended is told nothing more, however long ago the stream began.
    /// </summary>
    async Task SendUntilAsync(HttpContext context, Caller caller, LiveSubscription subscription, long after)
    {
        using var tenure = await tenures.BeginAsync(caller);
        await using var gone = context.RequestAborted.Register(tenure.End);
        try
        {
            await SendAsync(context, caller, subscription, after, tenure.Over);
        }
        catch (OperationCanceledException) when (tenure.IsOver && !context.RequestAborted.IsCancellationRequested)
        {
            // The answer ends here, and the client that asks anew is somebody else.
            if (!context.Response.HasStarted)
                await Problems.WriteAsync(context, Problems.Unauthorized());
        }
    }

    async Task SendAsync(
        HttpContext context, Caller caller, LiveSubscription subscription, long after, CancellationToken cancellationToken)
    {
        var snapshot = new SnapshotEvent(await me.ReadAsync(caller), await queue.ReadAsync(), 0);
        cancellationToken.ThrowIfCancellationRequested();
        var last = snapshot.Me.LastEvent;

        // A number from before the data folder was replaced is above all of ours: begin now then.
        var from = after < 0 || after > last ? last : after;
        var response = context.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        var output = response.BodyWriter;

        // From here on an end is the end of a stream: what lies in the writer could not be taken back for another answer.
        cancellationToken.ThrowIfCancellationRequested();
        await response.StartAsync(CancellationToken.None);

        // Its id is what the client has seen, not what the snapshot holds: the missed events still follow, and a
        // connection that breaks among them must resume before them.
        EventFrame.Write(
            output, LiveEventNames.Snapshot, from, snapshot with { LastEvent = last }, WireJson.Wire.SnapshotEvent);
        await output.FlushAsync(cancellationToken);

        var connection = new EventConnection(store, views, caller.User, output, from);
        await connection.CatchUpAsync(cancellationToken);
        await connection.FollowAsync(subscription.Items, cancellationToken);
    }
}
