namespace NextUp.Actors.Workers;

/// <summary>
/// A worker on another machine or in another process: the account its token speaks for, and the name it gave itself.
/// </summary>
public readonly record struct WorkerId(string Value)
{
    /// <summary>The longest name that a worker may give itself, in characters.</summary>
    public const int NameLengthMax = 100;

    /// <param name="account">Whose token it shows; a lease belongs to the account, whatever the worker calls itself.</param>
    public static WorkerId Of(string account, string name) => new($"{account}/{name}");

    /// <summary>True for a name of 1 to <see cref="NameLengthMax"/> letters, digits, dots, dashes, underscores.</summary>
    public static bool IsName(string? name) =>
        name is { Length: > 0 and <= NameLengthMax }
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');

    /// <summary>Whether the worker shows a token of this account. Names have no slash in them, accounts may.</summary>
    public bool IsOf(string account) => Value.AsSpan(0, Value.LastIndexOf('/')).SequenceEqual(account);

    /// <summary>Whose token it shows.</summary>
    public string Account => Value[..Value.LastIndexOf('/')];

    /// <summary>What it calls itself.</summary>
    public string Name => Value[(Value.LastIndexOf('/') + 1)..];

    public override string ToString() => Value;
}

/// <summary>
/// Who works on an attempt elsewhere; stored with the attempt's start, in the same commit. When it runs out is not
/// stored: every process that watches a lease first gives it a whole term from its own start, so a restart of the server
/// loses no lease, and what was written down before would judge nobody.
/// </summary>
/// <param name="Incarnation">A number that is higher each time the worker's process starts anew.</param>
public sealed record Lease(WorkerId Worker, long Incarnation);

/// <summary>Where the jobs of a kind are worked on.</summary>
public enum WorkedBy
{
    /// <summary>In the server's own process.</summary>
    Here = 0,

    /// <summary>By workers that ask for them; none starts before one has.</summary>
    Workers = 1,

    /// <summary>By a worker that waits for one, else in the server's own process where a slot is free.</summary>
    Both = 2,
}
