namespace NextUp.Actors.Users;

/// <summary>An account (<c>user:NAME</c>) or a visitor (<c>visitor:TOKEN</c>).</summary>
public readonly record struct UserId(string Value)
{
    /// <summary>The longest id, in characters, that the store takes.</summary>
    public const int LengthMax = 160;

    const string AccountPrefix = "user:";
    const string VisitorPrefix = "visitor:";

    public static UserId Account(string name) => new(AccountPrefix + name);

    public static UserId Visitor(string token) => new(VisitorPrefix + token);

    public bool IsVisitor => Value.StartsWith(VisitorPrefix, StringComparison.Ordinal);

    /// <summary>The account's name, or null for a visitor.</summary>
    public string? AccountName => Value.StartsWith(AccountPrefix, StringComparison.Ordinal)
        ? Value[AccountPrefix.Length..] : null;

    /// <summary>
    /// The same in each process, as a string's is not: users are walked by it in places, and a simulated run is replayed
    /// from its seed alone. FNV-1a, 32 bits.
    /// </summary>
    public override int GetHashCode()
    {
        const uint offset = 2166136261, prime = 16777619;
        var hash = offset;
        foreach (var letter in Value)
            hash = (hash ^ letter) * prime;
        return (int)hash;
    }

    public override string ToString() => Value;
}
