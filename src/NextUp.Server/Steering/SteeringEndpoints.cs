using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Client.Steering;
using NextUp.Client.Wire;
using NextUp.Server.Jobs;
using NextUp.Server.Live;
using NextUp.Server.Operations;
using NextUp.Server.Operations.Auditing;
using NextUp.Server.Users;

namespace NextUp.Server.Steering;

/// <summary>
/// <c>/api/v1/operations</c>: operators pause and resume the queue, a kind or a user, and say how many jobs run at once.
/// </summary>
sealed class SteeringEndpoints(IActorDirectory actors, JobKinds kinds, LiveFeed live)
{
    const string Prefix = "/api/v1/operations";
    const string Tag = "Operations";
    const string PauseAction = "POST " + Prefix + "/pause";
    const string ResumeAction = "POST " + Prefix + "/resume";

    /// <summary>Between what was paused and why, in the note of the action.</summary>
    const string ReasonMark = ": ";

    /// <summary>How often an order is given when the queue's actor forgets itself meanwhile; orders may be repeated.</summary>
    const int TriesMax = 5;

    public void Map(IEndpointRouteBuilder map, Callers callers)
    {
        map.MapGet(Prefix + "/steering", callers.Guard(ReadAsync, Audience.Operator))
            .Describe(Tag, "What is paused, by whom and why, and how many jobs may run at once", Audience.Operator)
            .Answers<SteeringView>(200).Refuses(401, 403);
        map.MapPost(Prefix + "/pause", callers.Guard(PauseAsync, Audience.Operator))
            .Describe(Tag, "Pause the queue, a kind or a user: nothing of it starts, what runs goes on", Audience.Operator)
            .Answers<SteeringView>(200).Refuses(400, 401, 403, 409, 422, 503);
        map.MapPost(Prefix + "/resume", callers.Guard(ResumeAsync, Audience.Operator))
            .Describe(Tag, "End a pause", Audience.Operator)
            .Answers<SteeringView>(200).Refuses(400, 401, 403, 422, 503);
        map.MapPost(Prefix + "/slots", callers.Guard(SetSlotsAsync, Audience.Operator))
            .Describe(Tag, "Say how many jobs may run at once, or go back to the settings", Audience.Operator)
            .Answers<SteeringView>(200).Refuses(400, 401, 403, 503);
    }

    async Task ReadAsync(HttpContext context, Caller caller) =>
        await WriteAsync(context, await RetriedAsync(queue => queue.SteeringAsync()));

    async Task PauseAsync(HttpContext context, Caller caller)
    {
        if (await BodyAsync(context, SteeringJson.Default.SteerRequest) is not { } request
            || await TargetAsync(context, request) is not { } target)
        {
            return;
        }

        var reason = string.IsNullOrWhiteSpace(request.Reason) ? null : request.Reason.Trim();
        if (reason?.Length > Pause.ReasonLengthMax || reason?.Any(char.IsControl) == true)
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest(
                $"\"reason\" is one line of at most {Pause.ReasonLengthMax} characters."));
            return;
        }

        await SteerAsync(context, new SteerOrder.Hold(target, reason) { By = Name(caller) });
    }

    async Task ResumeAsync(HttpContext context, Caller caller)
    {
        if (await BodyAsync(context, SteeringJson.Default.SteerRequest) is not { } request
            || await TargetAsync(context, request) is not { } target)
        {
            return;
        }

        await SteerAsync(context, new SteerOrder.Resume(target) { By = Name(caller) });
    }

    async Task SetSlotsAsync(HttpContext context, Caller caller)
    {
        if (await BodyAsync(context, SteeringJson.Default.SlotsRequest) is not { } request)
        {
            return;
        }

        if (request.Slots is < 1 or > QueueSettings.SlotsMax)
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest(
                $"\"slots\" is a whole number from 1 to {QueueSettings.SlotsMax}, or null to go back to the settings. "
                + "To start nothing, pause the queue."));
            return;
        }

        await SteerAsync(context, new SteerOrder.SetSlots(request.Slots) { By = Name(caller) });
    }

    async Task SteerAsync(HttpContext context, SteerOrder order)
    {
        AuditTrail.Note(context, Words(order));
        switch (await RetriedAsync(queue => queue.SteerAsync(order)))
        {
            case SteerAnswer.Done done:
                live.Steered();
                await WriteAsync(context, done.Now);
                break;
            case SteerAnswer.TooManyPauses:
                await Problems.WriteAsync(context, Problems.TooManyPauses());
                break;
        }
    }

    async Task WriteAsync(HttpContext context, Actors.Queue.Steering steering)
    {
        var status = await RetriedAsync(queue => queue.StatusAsync());
        var view = new SteeringView(
            status.IsPaused, [.. steering.Pauses.Select(View)], status.Slots, steering.Capacity?.By, steering.Capacity?.At);
        await Answers.JsonAsync(context, 200, view, SteeringJson.Default.SteeringView);
    }

    static PauseView View(Pause pause) => pause.Target switch
    {
        PauseTarget.OfKind { Kind: var kind } => new("kind", kind.Value, null, pause.Reason, pause.By, pause.At),
        PauseTarget.OfUser { User: var user } =>
            new("user", null, user.AccountName ?? user.Value, pause.Reason, pause.By, pause.At),
        _ => new("queue", null, null, pause.Reason, pause.By, pause.At),
    };

    /// <summary>What was ordered, for the log of what operators did: the path alone does not say it.</summary>
    static string Words(SteerOrder order) => order switch
    {
        SteerOrder.Hold hold => hold.Reason is null ? Words(hold.Target) : $"{Words(hold.Target)}{ReasonMark}{hold.Reason}",
        SteerOrder.Resume resume => Words(resume.Target),
        SteerOrder.SetSlots { Slots: { } slots } => $"{slots}",
        _ => "back to the settings",
    };

    /// <summary>
    /// On what an order that is noted so was carried out: the queue, a kind or a user. Null where it is another action, or was
    /// refused before it was known.
    /// </summary>
    public static string? PausedBy(AuditEntry entry) => entry is { Action: PauseAction or ResumeAction, Note: { } note }
        ? note.Split(ReasonMark, 2)[0] : null;

    static string Words(PauseTarget target) => target switch
    {
        PauseTarget.OfKind { Kind: var kind } => $"kind {kind.Value}",
        PauseTarget.OfUser { User: var user } => $"user {user.AccountName ?? user.Value}",
        _ => "queue",
    };

    static string Name(Caller caller) => caller.User.AccountName ?? caller.User.Value;

    /// <summary>Null where the request names nothing that can be paused; that was answered then.</summary>
    async ValueTask<PauseTarget?> TargetAsync(HttpContext context, SteerRequest request)
    {
        switch (request)
        {
            case { Scope: "queue", Kind: null, User: null }:
                return new PauseTarget.Everything();
            case { Scope: "kind", Kind: { Length: > 0 } kind, User: null }:
                if (kinds.Find(kind) is { } known)
                    return new PauseTarget.OfKind(known.Kind);
                await Problems.WriteAsync(
                    context, Problems.UnknownKind(kind.Length <= 100 ? kind : kind[..100], kinds.Names));
                return null;
            case { Scope: "user", Kind: null, User: { Length: > 0 } name } when UserOf(name) is { } user:
                return new PauseTarget.OfUser(user);
            default:
                await Problems.WriteAsync(context, Problems.InvalidRequest(
                    "\"scope\" is queue, kind (with \"kind\") or user (with \"user\": an account's name, or visitor:TOKEN)."));
                return null;
        }
    }

    static UserId? UserOf(string name)
    {
        var user = name.StartsWith("visitor:", StringComparison.Ordinal) ? new UserId(name) : UserId.Account(name);
        return user.Value.Length <= UserId.LengthMax && !name.Any(char.IsControl) ? user : null;
    }

    /// <summary>Null where the body is none; that was answered then.</summary>
    static async ValueTask<T?> BodyAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            var body = await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted);
            if (body is not null)
                return body;
        }
        catch (JsonException error)
        {
            await Problems.WriteAsync(
                context, Problems.InvalidRequest($"The body is not the JSON object that is asked for: {error.Message}"));
            return null;
        }

        await Problems.WriteAsync(context, Problems.InvalidRequest("The body is a JSON object, {...}."));
        return null;
    }

    async ValueTask<T> RetriedAsync<T>(Func<IQueueActor, ValueTask<T>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call(actors.Queue);
            }
            catch (ActorForgottenException) when (attempt < TriesMax)
            {
                // Its successor answers.
            }
        }
    }
}
