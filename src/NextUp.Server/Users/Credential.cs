namespace NextUp.Server.Users;

/// <summary>What a token or key turned out to be.</summary>
abstract record Credential
{
    Credential() { }

    /// <param name="ExpiresAt">When it ends; null where it does not end by itself.</param>
    public sealed record Good(Caller Caller, DateTimeOffset? ExpiresAt) : Credential
    {
        /// <summary>The id of the API key; null where it is a token.</summary>
        public string? Key { get; init; }

        /// <summary>The caller, and what the caller's rights hang on.</summary>
        public Caller Bound => Caller with { Until = ExpiresAt, Key = Key };
    }

    /// <summary>Unknown, damaged, run out or revoked: which of these is not told.</summary>
    public sealed record Bad : Credential;

    /// <summary>The authority that could tell cannot be reached.</summary>
    public sealed record Unknown : Credential;

    public static readonly Credential None = new Bad();
}
