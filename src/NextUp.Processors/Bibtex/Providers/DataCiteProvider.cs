using NextUp.Actors.Users;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>
/// DataCite: the registered record of data sets, software, theses and preprints, one DOI a request. Most DOIs of a
/// .bib are registered elsewhere, so a prefix that is not known to be DataCite's is asked about first, once for all
/// its DOIs. Limits in five minutes and by address: 500 requests, 1,000 for callers who name themselves.
/// </summary>
sealed class DataCiteProvider(ProviderClient client, WorkLookup lookup, WorkCache? cache) : IWorkProvider, IDisposable
{
    public const string ProviderName = "datacite";

    /// <summary>Requests of one call that are under way at once; the budget may allow fewer.</summary>
    public const int TogetherMax = 4;

    // Zenodo, arXiv, figshare, Dryad, Dataverse, OSF: what a .bib names most.
    static readonly HashSet<string> KnownPrefixes = new(
        ["10.5281", "10.48550", "10.6084", "10.5061", "10.7910", "10.17605", "10.17632", "10.15468"],
        StringComparer.Ordinal);

    public static readonly ProviderProfile Profile = new(
        ProviderName, new("https://api.datacite.org/"), new(500, TimeSpan.FromMinutes(5), TogetherMax, null))
    {
        KeyHeader = "Authorization",
        KeyPrefix = "Basic ",
    };

    public string Name => ProviderName;

    public IReadOnlySet<WorkIdScheme> Schemes { get; } =
        new HashSet<WorkIdScheme> { WorkIdScheme.Doi, WorkIdScheme.Arxiv };

    public bool CanSearch => false;

    public Task<IReadOnlyDictionary<WorkId, Work>> FetchAsync(
        IReadOnlyList<WorkId> ids, UserId user, CancellationToken cancellationToken) =>
        lookup.FetchAsync(
            ids.Where(id => Schemes.Contains(id.Scheme)),
            missing => missing.GroupBy(PrefixOf).SelectMany(group => group.Chunk(TogetherMax)),
            batch => FetchBatchAsync(batch, user, cancellationToken));

    public Task<IReadOnlyList<Work>> SearchAsync(WorkQuery query, UserId user, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Work>>([]);

    public void Dispose() => client.Dispose();

    async Task<IReadOnlyDictionary<WorkId, Work>> FetchBatchAsync(
        IReadOnlyList<WorkId> batch, UserId user, CancellationToken cancellationToken)
    {
        if (!await IsDataCitesAsync(PrefixOf(batch[0]), user, cancellationToken))
            return new Dictionary<WorkId, Work>();

        var answers = await Task.WhenAll(batch.Select(id => client.AskAsync(
            new($"dois/{Uri.EscapeDataString(DoiOf(id))}", Accept: "application/vnd.api+json"),
            DataCiteAnswer.One, user, cancellationToken)));
        return batch.Zip(answers).Where(pair => pair.Second is ProviderAnswer<Work>.Found)
            .ToDictionary(pair => pair.First, pair => ((ProviderAnswer<Work>.Found)pair.Second).Value);
    }

    async Task<bool> IsDataCitesAsync(string prefix, UserId user, CancellationToken cancellationToken)
    {
        if (KnownPrefixes.Contains(prefix))
            return true;

        var key = "prefix:" + prefix;
        if (cache?.Find(ProviderName, key) is CachedWorks.Fresh known)
            return known.Works.Count > 0;

        var answer = await client.AskAsync(
            new($"prefixes/{Uri.EscapeDataString(prefix)}", Accept: "application/vnd.api+json"),
            DataCiteAnswer.Prefix, user, cancellationToken);
        var isKnown = answer is ProviderAnswer<string>.Found;
        cache?.Keep(ProviderName, key, isKnown ? [new() { Source = ProviderName, Doi = prefix }] : []);
        return isKnown;
    }

    static string PrefixOf(WorkId id) => DoiOf(id).Split('/')[0];

    static string DoiOf(WorkId id) => id.Scheme == WorkIdScheme.Arxiv
        ? WorkFields.ArxivDoiPrefix + id.Value.ToLowerInvariant() : id.Value;
}
