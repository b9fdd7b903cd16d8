using NextUp.Actors.Users;

namespace NextUp.Actors.Store;

/// <summary>
/// Keys of accounts and the audit log, beside the jobs in the same store. What changes them is a <see cref="Change"/> and
/// goes the way of all writes. Every method may throw <see cref="StoreFailedException"/>.
/// </summary>
public interface IAccountStore
{
    Task<ApiKey?> FindKeyAsync(string id);

    /// <summary>Of these keys those that exist and are not revoked; when they expire is not looked at.</summary>
    Task<IReadOnlyList<string>> StandingKeysAsync(IReadOnlyList<string> ids);

    /// <summary>
    /// Sign-ins that were ended before they ran out, in the order in which they were stored, from the one after this number.
    /// </summary>
    Task<IReadOnlyList<EndedSignIn>> SignedOutAsync(long after, int limit);

    /// <summary>The user's keys, newest first, revoked and expired ones too; with null everyone's.</summary>
    /// <param name="before">Only keys made before this one; null begins with the newest.</param>
    Task<IReadOnlyList<ApiKey>> KeysAsync(UserId? user, string? before, int limit);

    /// <summary>The log, newest first, older than <paramref name="before"/>.</summary>
    Task<IReadOnlyList<AuditEntry>> AuditAsync(Guid? before, int limit);
}

/// <summary>A key that an account made for a program. Its secret is not here.</summary>
/// <param name="Id">Public: part of the key, and its name in lists.</param>
/// <param name="Role">The role of who made it, when it was made; a number of the server's.</param>
/// <param name="Scopes">What it is for; flags of the server's.</param>
/// <param name="Hash">SHA-256 of the secret.</param>
/// <param name="LastUsedAt">To the hour.</param>
public sealed record ApiKey(
    string Id, UserId User, string Name, int Role, int Scopes, ReadOnlyMemory<byte> Hash, DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt)
{
    /// <summary>Keys of one user that are neither revoked nor expired.</summary>
    public const int PerUserMax = 50;

    public bool IsGood(DateTimeOffset now) => RevokedAt is null && !(ExpiresAt <= now);
}

/// <summary>A sign-in on the page that somebody signed out of.</summary>
/// <param name="Number">Goes up with each; never given twice.</param>
/// <param name="Until">When it would have run out: from then on nobody needs to know of it.</param>
public sealed record EndedSignIn(long Number, string SignIn, DateTimeOffset Until);

/// <summary>Something that an operator or administrator did.</summary>
/// <param name="Id">A version 7 UUID: later entries have higher ones.</param>
/// <param name="Action">The method and the pattern of the path.</param>
/// <param name="Target">The path and the query as they were.</param>
/// <param name="Outcome">The HTTP status; 0 while it is under way, or where the server died meanwhile.</param>
/// <param name="Address">The network address it came from.</param>
/// <param name="Note">What the action itself wants to be remembered.</param>
public sealed record AuditEntry(
    Guid Id, DateTimeOffset At, UserId Actor, string Role, string Action, string Target, int Outcome, string Address,
    string? Note);
