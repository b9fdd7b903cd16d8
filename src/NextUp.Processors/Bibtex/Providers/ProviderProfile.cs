namespace NextUp.Processors.Bibtex.Providers;

/// <summary>
/// What is particular to one service: its name, its address, the limits to start from and how it takes a key.
/// </summary>
/// <param name="Start">Safe limits until the first answer has announced the true ones.</param>
sealed record ProviderProfile(string Name, Uri BaseAddress, ProviderLimits Start)
{
    /// <summary>The header in which the operator's key travels, or null where it does not travel in a header.</summary>
    public string? KeyHeader { get; init; }

    /// <summary>What stands before the key in that header.</summary>
    public string KeyPrefix { get; init; } = "";

    /// <summary>Whether 403 means "too fast" (OpenAlex), and not "this key may not".</summary>
    public bool ForbiddenMeansTooFast { get; init; }
}
