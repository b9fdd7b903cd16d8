namespace NextUp.Processors.Bibtex.Providers;

/// <summary>Who is asked about works, in which order, and under which terms.</summary>
public sealed record BibtexProviderOptions
{
    public const long CacheBytesFloor = 1 << 20;

    /// <summary>
    /// The names of the providers in the order in which they are asked. <c>["catalogue"]</c> means no network at all.
    /// Defaults to all of them, the local catalogue first.
    /// </summary>
    public IReadOnlyList<string> Providers { get; init; } =
        ["catalogue", "crossref", "openalex", "semantic-scholar", "datacite", "arxiv"];

    /// <summary>The operator's mail address, sent to every service that has no address of its own set.</summary>
    public string? Mailto { get; init; }

    public ProviderSettings Crossref { get; init; } = new();

    public ProviderSettings OpenAlex { get; init; } = new();

    public ProviderSettings SemanticScholar { get; init; } = new();

    public ProviderSettings DataCite { get; init; } = new();

    public ProviderSettings Arxiv { get; init; } = new();

    /// <summary>
    /// The SQLite file that keeps what services said: public metadata, no user's data. It may be deleted at any time.
    /// Null keeps nothing, so that the same question is asked again. Defaults to null.
    /// </summary>
    public string? CachePath { get; init; }

    /// <summary>
    /// How large the cache may grow, in bytes, at least 1 MiB; what expires soonest leaves first. Defaults to 256 MiB.
    /// </summary>
    public long CacheBytesMax { get; init; } = 256 << 20;

    /// <summary>What is wrong, one sentence each; empty where nothing is.</summary>
    /// <param name="given">The names of the providers that come from elsewhere, for example <c>catalogue</c>.</param>
    public IReadOnlyList<string> Problems(IReadOnlyCollection<string> given)
    {
        ArgumentNullException.ThrowIfNull(given);
        var problems = new List<string>();
        string[] known = [.. given, .. WorkProviders.Names];
        foreach (var name in Providers.Where(name => !known.Contains(name, StringComparer.Ordinal)))
            problems.Add(
                $"bibtex.providers names \"{name}\", which is not known; known are {string.Join(", ", known)}");
        foreach (var name in Providers.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            problems.Add(
                $"bibtex.providers names \"{name.Key}\" more than once; name it once, where it is to be asked");
        if (Mailto is { } mailto && !ProviderSettings.IsMailAddress(mailto))
            problems.Add($"bibtex.mailto is \"{mailto}\"; it must be a mail address such as me@example.org");
        if (CacheBytesMax < CacheBytesFloor)
            problems.Add($"bibtex.cacheBytesMax is {CacheBytesMax}; it must be at least {CacheBytesFloor}");
        problems.AddRange(Crossref.Problems("crossref"));
        problems.AddRange(OpenAlex.Problems("openAlex"));
        problems.AddRange(SemanticScholar.Problems("semanticScholar"));
        problems.AddRange(DataCite.Problems("dataCite"));
        problems.AddRange(Arxiv.Problems("arxiv"));
        return problems;
    }
}
