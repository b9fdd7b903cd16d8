using System.Text.Json.Serialization;

namespace NextUp.Client.Wire;

/// <summary>The whole system in counts. Nothing in it tells whose job is whose.</summary>
/// <param name="Slots">Jobs that may run at once in the server's own process.</param>
/// <param name="Running">Jobs that run in the server's own process now: of its slots.</param>
/// <param name="Waiting">Jobs in the line.</param>
/// <param name="Held">Jobs in their users' lanes, not yet in the line.</param>
/// <param name="Delayed">Jobs waiting out a retry's delay.</param>
/// <param name="Paused">While true nothing starts.</param>
/// <param name="PausedReason">Why, for people; null when not paused.</param>
public sealed record QueueView(
    int Slots,
    int Running,
    int Waiting,
    long Held,
    int Delayed,
    long CompletedLastHour,
    bool Paused,
    string? PausedReason,
    MachineView Machine)
{
    /// <summary>Jobs that workers elsewhere hold now. They take none of the slots.</summary>
    public int RunningElsewhere { get; init; }
}

/// <summary>The load of the machine the server runs on.</summary>
public sealed record MachineView(double CpuPercent, double MemoryPercent, double MemoryAvailableGb);

/// <summary>Who the caller is, and what of theirs is not finished.</summary>
/// <param name="LastEvent">The number of the last event of this user; the live feed goes on after it.</param>
public sealed record MeView(UserView User, bool IsAdministrator, IReadOnlyList<JobView> Active, long LastEvent)
{
    /// <summary><c>worker</c>, <c>user</c>, <c>operator</c> or <c>administrator</c>.</summary>
    public string Role { get; init; } = "user";

    /// <summary>What sign-in is offered.</summary>
    public SignInView SignIn { get; init; } = new(ByToken: true, Path: null);

    /// <summary>
    /// Only in the answer to a sign-in: which of the visitor's subscriptions did not come along, and why. Null where all did.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? LeftBehind { get; init; }
}

/// <param name="Kind"><c>visitor</c> or <c>account</c>.</param>
/// <param name="Name">The account's name; null for a visitor.</param>
public sealed record UserView(string Kind, string? Name);

/// <summary>The answer of <c>/health/live</c> and <c>/health/ready</c>.</summary>
/// <param name="Reasons">What stands in the way of being ready; null when nothing does.</param>
public sealed record HealthView(
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Reasons = null)
{
    /// <summary>What an operator should look at although the server is ready.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Remarks { get; init; }
}
