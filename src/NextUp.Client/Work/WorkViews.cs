using System.Text.Json;
using System.Text.Json.Serialization;
using NextUp.Client.Wire;

namespace NextUp.Client.Work;

/// <summary>A worker has room for jobs, and says what it has.</summary>
/// <param name="Worker">Its name: letters, digits, dots, dashes, underscores. Unique among the workers of one account.</param>
/// <param name="Incarnation">Higher each time its process starts anew, such as the time of its start.</param>
/// <param name="Kinds">What it works on; empty is every kind that is worked on elsewhere.</param>
/// <param name="Count">How many more jobs it has room for, up to 1,000. 0 waits for word to stop only.</param>
public sealed record LeaseRequest(string Worker, long Incarnation, IReadOnlyList<string>? Kinds, int Count)
{
    /// <summary>How long it is ready to wait, 0 to 60; null is 20. The server may answer sooner.</summary>
    public int? WaitSeconds { get; init; }

    /// <summary>
    /// The attempts that it works on: each is renewed, and what it was given and does not have is given again. A program
    /// that leaves it out has to send heartbeats, and loses what an answer gave that did not arrive.
    /// </summary>
    public IReadOnlyList<AttemptView>? Holding { get; init; }

    /// <summary>Uploads up to so many bytes come with the answer, at most 65,536; 0 has each fetched by itself.</summary>
    public int InlineBytesMax { get; init; }
}

/// <param name="Attempt">The fencing token: every word about the job carries it.</param>
public sealed record AttemptView(string Job, int Attempt);

/// <param name="Stop">Attempts to let go of at once; nothing of them is stored any more.</param>
/// <param name="LeaseSeconds">A worker that is silent for so long loses what it has.</param>
public sealed record LeaseView(
    IReadOnlyList<LeasedJobView> Jobs, IReadOnlyList<StopView> Stop, double LeaseSeconds);

/// <param name="Attempt">1 for the first. The fencing token.</param>
/// <param name="Options">What the submitter chose, an object, or null.</param>
/// <param name="User">Stands for the job's user, the same for each of their jobs; says nothing about them.</param>
/// <param name="Deadline">The attempt is cut off then.</param>
/// <param name="Input">Where the upload is.</param>
/// <param name="Heartbeat">Where to say how far it is.</param>
/// <param name="Complete">Where to hand in the result.</param>
/// <param name="Fail">Where to say that it failed, or to hand it back.</param>
public sealed record LeasedJobView(
    string Id,
    string Kind,
    int Attempt,
    string FileName,
    long FileSize,
    JsonElement? Options,
    string User,
    DateTimeOffset? Deadline,
    string Input,
    string Heartbeat,
    string Complete,
    string Fail)
{
    /// <summary>The upload, where it was asked for with the answer and is small enough.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? Content { get; init; }

    /// <summary>
    /// The trace of the submission (W3C Trace Context), where it is recorded: whoever traces too goes on with it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Traceparent { get; init; }
}

/// <param name="Reason"><c>cancelled</c>, <c>timed-out</c> or <c>superseded</c>.</param>
public sealed record StopView(string Job, int Attempt, string Reason);

/// <summary>The worker lives and is so far with one attempt.</summary>
public sealed record HeartbeatRequest
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WorkProgress? Progress { get; init; }

    /// <summary>For people, added to the job's log; each at most 1,000 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Lines { get; init; }
}

/// <param name="Total">All units, or null while unknown.</param>
/// <param name="Percent">0 to 100; never goes back.</param>
/// <param name="Step">What is being done now, in two or three words.</param>
public sealed record WorkProgress(int Done, int? Total, int Failed, int Percent, string? Step);

/// <param name="Stop">Why to let go of the attempt, or null: go on.</param>
public sealed record HeartbeatView(string? Stop);

/// <summary>Several heartbeats in one.</summary>
public sealed record HeartbeatsRequest(IReadOnlyList<HeartbeatOf> Beats);

public sealed record HeartbeatOf(string Job, int Attempt)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WorkProgress? Progress { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Lines { get; init; }
}

public sealed record HeartbeatsView(IReadOnlyList<StopView> Stop);

/// <summary>Several small results in one.</summary>
public sealed record CompletionsRequest(IReadOnlyList<CompletionOf> Completions);

/// <param name="Summary">Counts and facts of the result, an object; null is an empty one.</param>
/// <param name="Files">With a <c>result</c> among them.</param>
public sealed record CompletionOf(string Job, int Attempt, JsonElement? Summary, IReadOnlyList<WorkFile> Files);

/// <param name="Role"><c>result</c>, <c>report</c> or <c>diff</c>.</param>
/// <param name="Content">Base64.</param>
public sealed record WorkFile(string Role, string Name, string? ContentType, byte[] Content);

public sealed record CompletionsView(IReadOnlyList<OutcomeView> Outcomes);

/// <param name="State">What the job is now; null where nothing was stored.</param>
/// <param name="Stop">Why nothing was stored; null where it was.</param>
public sealed record OutcomeView(string Job, int Attempt, string? State, string? Stop);

/// <param name="How"><c>retry</c> (another attempt may succeed), <c>give-up</c> (the same input would fail again) or
/// <c>hand-back</c> (the worker drains; no failure is counted).</param>
/// <param name="Reason">A sentence for the job's user.</param>
/// <param name="RetryAfterSeconds">With retry: how long to wait at least.</param>
public sealed record FailRequest(string How, string? Reason, int? RetryAfterSeconds);

/// <summary>Values of <see cref="StopView.Reason"/>.</summary>
public static class StopReasons
{
    public const string Cancelled = "cancelled";
    public const string TimedOut = "timed-out";
    public const string Superseded = "superseded";
}

/// <summary>Values of <see cref="FailRequest.How"/>.</summary>
public static class FailWays
{
    public const string Retry = "retry";
    public const string GiveUp = "give-up";
    public const string HandBack = "hand-back";
}

/// <summary>How what workers say and hear is written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(LeaseRequest))]
[JsonSerializable(typeof(LeaseView))]
[JsonSerializable(typeof(HeartbeatRequest))]
[JsonSerializable(typeof(HeartbeatView))]
[JsonSerializable(typeof(HeartbeatsRequest))]
[JsonSerializable(typeof(HeartbeatsView))]
[JsonSerializable(typeof(CompletionsRequest))]
[JsonSerializable(typeof(CompletionsView))]
[JsonSerializable(typeof(OutcomeView))]
[JsonSerializable(typeof(FailRequest))]
public sealed partial class WorkJson : JsonSerializerContext;
