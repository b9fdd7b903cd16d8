namespace NextUp.Server.Users;

/// <summary>What a token or key turned out to be.</summary>
abstract record Credential
{
    Credential() { }

    /// <param name="ExpiresAt">When it ends; null where it does not end by itself.</param>
    public sealed record Good(Caller Caller, DateTimeOffset? ExpiresAt) : Credential;

    /// <summary>Unknown, damaged, run out or revoked: which of these is not told.</summary>
    public sealed record Bad : Credential;

    /// <summary>The authority that could tell cannot be reached.</summary>
    public sealed record Unknown : Credential;

    public static readonly Credential None = new Bad();
}
