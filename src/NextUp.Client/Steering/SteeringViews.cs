using System.Text.Json.Serialization;
using NextUp.Client.Wire;

namespace NextUp.Client.Steering;

/// <summary>What to pause or resume.</summary>
/// <param name="Scope"><c>queue</c>, <c>kind</c> or <c>user</c>.</param>
/// <param name="Kind">With scope kind: which.</param>
/// <param name="User">With scope user: the account's name, or <c>visitor:</c> and the visitor's token.</param>
/// <param name="Reason">With a pause: what those who wait are told, at most 500 characters.</param>
public sealed record SteerRequest(string? Scope, string? Kind = null, string? User = null, string? Reason = null);

/// <param name="Slots">How many jobs may run at once, 1 to 10,000; null goes back to the settings.</param>
public sealed record SlotsRequest(int? Slots);

/// <summary>What operators have said that holds now.</summary>
/// <param name="Slots">How many jobs may run at once now, whoever said so.</param>
/// <param name="SlotsSetBy">The operator who set them; null where the settings or the machine's load do.</param>
public sealed record SteeringView(
    bool IsPaused, IReadOnlyList<PauseView> Pauses, int Slots, string? SlotsSetBy, DateTimeOffset? SlotsSetAt);

/// <param name="Scope"><c>queue</c>, <c>kind</c> or <c>user</c>; one of the next two says which.</param>
/// <param name="By">The operator.</param>
public sealed record PauseView(string Scope, string? Kind, string? User, string? Reason, string By, DateTimeOffset At);

/// <summary>How the operators' words are written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(SteerRequest))]
[JsonSerializable(typeof(SlotsRequest))]
[JsonSerializable(typeof(SteeringView))]
public sealed partial class SteeringJson : JsonSerializerContext;
