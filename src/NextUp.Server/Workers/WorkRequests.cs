using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using NextUp.Actors.Jobs;
using NextUp.Client.Wire;
using NextUp.Client.Work;
using NextUp.Hosting.Workers;
using NextUp.Server.Operations;

namespace NextUp.Server.Workers;

/// <summary>Reads what workers send. A fault is a problem that names what is wrong.</summary>
static class WorkRequests
{
    /// <summary>The body as JSON, or the problem with it.</summary>
    public static async Task<(T? Body, Problem? Problem)> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            var body = await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted);
            return body is null ? (null, Problems.InvalidRequest("The body is a JSON object, {...}.")) : (body, null);
        }
        catch (JsonException error)
        {
            return (null, Problems.InvalidRequest($"The body is not the JSON object that is needed: {error.Message}") with
            {
                Field = error.Path is { Length: > 2 } path ? path[2..] : null,
            });
        }
    }

    /// <summary>The attempt in the path and the query; null where one of them is none.</summary>
    public static HeldAttempt? Held(HttpContext context) =>
        JobId.TryParse((string?)context.Request.RouteValues["id"], null, out var job)
        && int.TryParse(context.Request.Query["attempt"], out var attempt) && attempt > 0
            ? new(job, attempt) : null;

    public static HeldAttempt? Held(string? job, int attempt) =>
        JobId.TryParse(job, null, out var id) && attempt > 0 ? new(id, attempt) : null;

    public static Problem NoAttempt() => Problems.InvalidRequest(
        "The path names the job, and the query its attempt: ?attempt=1, as the lease said.");

    /// <summary>Null where it is not a possible progress.</summary>
    public static JobProgress? Progress(WorkProgress told)
    {
        var isPossible = told.Done >= 0 && told.Failed >= 0 && told.Total is null or >= 0 && told.Percent is >= 0 and <= 100;
        return isPossible ? new(told.Done, told.Total, told.Failed, told.Percent, Cut(told.Step ?? "", WorkLimits.StepLengthMax)) : null;
    }

    public static Beat? Beat(HeldAttempt held, WorkProgress? progress, IReadOnlyList<string>? lines)
    {
        var told = progress is null ? null : Progress(progress);
        return progress is not null && told is null ? null : new(held.Job, held.Attempt, told, lines ?? []);
    }

    /// <summary>The end that a failure makes, or null where it is none.</summary>
    public static AttemptEnd? End(FailRequest told)
    {
        var reason = string.IsNullOrWhiteSpace(told.Reason) ? "The worker gave no reason." : Cut(told.Reason, WorkLimits.ReasonLengthMax);
        if (told.RetryAfterSeconds is < 0 or > WorkLimits.RetryAfterSecondsMax)
            return null;
        return told.How switch
        {
            FailWays.Retry => new AttemptEnd.Finished(
                new JobOutcome.Retry(reason, told.RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null), []),
            FailWays.GiveUp => new AttemptEnd.Finished(new JobOutcome.GiveUp(reason), []),
            FailWays.HandBack => new AttemptEnd.HandedBack(reason),
            _ => null,
        };
    }

    /// <summary>The summary's text; null where it is no object, or too long.</summary>
    public static string? Summary(JsonElement? told)
    {
        if (told is not { ValueKind: not JsonValueKind.Null } given)
            return "{}";
        var text = given.ValueKind == JsonValueKind.Object ? given.GetRawText() : null;
        return text?.Length <= WorkLimits.SummaryBytesMax ? text : null;
    }

    public static string Word(StopReason reason) => reason switch
    {
        StopReason.Cancelled => StopReasons.Cancelled,
        StopReason.TimedOut => StopReasons.TimedOut,
        _ => StopReasons.Superseded,
    };

    static string Cut(string text, int lengthMax) => text.Length <= lengthMax ? text : text[..lengthMax];
}
