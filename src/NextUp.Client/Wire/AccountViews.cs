using System.Text.Json.Serialization;

namespace NextUp.Client.Wire;

/// <summary>What sign-in the server offers; in <see cref="MeView"/>.</summary>
/// <param name="ByToken">A token can be pasted: <c>POST /api/v1/me/session</c>.</param>
/// <param name="Path">Where a browser goes to sign in with the authority; null where there is none.</param>
public sealed record SignInView(bool ByToken, string? Path);

/// <summary>The body of <c>POST /api/v1/me/session</c>.</summary>
public sealed record SessionRequest(string? Token);

/// <summary>The body of <c>POST /api/v1/keys</c>.</summary>
/// <param name="Name">What it is for, 1 to 100 characters.</param>
/// <param name="Scopes">One or more of read, submit, cancel, work, operate; never more than your role may do.</param>
/// <param name="ExpiresInDays">1 to 3650; null for a key that ends only when it is revoked.</param>
public sealed record KeyRequest(string? Name, IReadOnlyList<string>? Scopes, int? ExpiresInDays);

/// <summary>An API key, without its secret.</summary>
/// <param name="User">Whose it is; only in an administrator's list.</param>
/// <param name="LastUsedAt">To the hour; null where it was never used.</param>
/// <param name="State"><c>good</c>, <c>revoked</c> or <c>expired</c>.</param>
public sealed record KeyView(
    string Id, string Name, IReadOnlyList<string> Scopes, string State, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; init; }
}

/// <summary>A key that was just made.</summary>
/// <param name="Key">The key itself. It is shown this once and is nowhere else.</param>
public sealed record NewKeyView(string Key, KeyView About);

/// <param name="Next">Pass it as <c>after</c> to read on; null at the end.</param>
public sealed record KeyPage(IReadOnlyList<KeyView> Keys, string? Next);

/// <summary>Something that an operator or administrator did.</summary>
/// <param name="Outcome">The HTTP status; 0 while it is under way, or where the server died meanwhile.</param>
public sealed record AuditEntryView(
    string Id, DateTimeOffset At, string Actor, string Role, string Action, string Target, int Outcome, string Address,
    string? Note);

/// <param name="Next">Pass it as <c>after</c> to read on; null at the end.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntryView> Entries, string? Next);
