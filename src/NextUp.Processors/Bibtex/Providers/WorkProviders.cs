using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>
/// The providers of an installation, in the order in which they are asked, with the cache they share.
/// </summary>
public sealed class WorkProviders : IDisposable
{
    /// <summary>The services over HTTP that can be named in <c>bibtex.providers</c>.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        CrossrefProvider.ProviderName, OpenAlexProvider.ProviderName, SemanticScholarProvider.ProviderName,
        DataCiteProvider.ProviderName, ArxivProvider.ProviderName,
    ];

    readonly List<IDisposable> _owned;
    readonly List<ProviderClient> _clients;
    readonly WorkCache? _cache;

    WorkProviders(
        IReadOnlyList<IWorkProvider> ordered, List<IDisposable> owned, List<ProviderClient> clients,
        WorkCache? cache) =>
        (Ordered, _owned, _clients, _cache) = (ordered, owned, clients, cache);

    public IReadOnlyList<IWorkProvider> Ordered { get; }

    /// <summary>How each service over HTTP stands now, in the same order.</summary>
    public IReadOnlyList<ProviderCondition> Conditions => [.. _clients.Select(client => client.Condition)];

    /// <summary>How often the cache's file could not be read or written; lookups went on without it.</summary>
    public int CacheFaultCount => _cache?.FaultCount ?? 0;

    /// <summary>What the last of these faults was, or null.</summary>
    public string? LastCacheFault => _cache?.LastFault;

    /// <summary>
    /// Makes what <see cref="BibtexProviderOptions.Providers"/> names. One call an installation: budgets live in here.
    /// </summary>
    /// <param name="given">
    /// Providers from elsewhere, for example the local catalogue; they stay the caller's to dispose of.
    /// </param>
    /// <param name="random">Decides the jitter of retries.</param>
    /// <exception cref="ArgumentException">
    /// The options are wrong; the message names each key, its value and the way out.
    /// </exception>
    public static WorkProviders Create(
        BibtexProviderOptions options, IReadOnlyList<IWorkProvider> given, TimeProvider time, Random random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(random);
        var problems = options.Problems([.. given.Select(provider => provider.Name)]);
        if (problems.Count > 0)
            throw new ArgumentException(string.Join("\n", problems), nameof(options));

        var owned = new List<IDisposable>();
        var clients = new List<ProviderClient>();
        var cache = options.CachePath is { } path ? new WorkCache(path, options.CacheBytesMax, time) : null;
        var ordered = options.Providers.Select(name =>
        {
            if (given.FirstOrDefault(provider => provider.Name == name) is { } known)
                return known;

            var service = CreateService(name, options, cache, clients, time, random);
            owned.Add((IDisposable)service);
            return service;
        }).ToList();
        if (cache is not null)
            owned.Add(cache); // Last: services may still write.
        return new(ordered, owned, clients, cache);
    }

    public void Dispose() => _owned.ForEach(owned => owned.Dispose());

    static IWorkProvider CreateService(
        string name, BibtexProviderOptions options, WorkCache? cache, List<ProviderClient> clients, TimeProvider time,
        Random random)
    {
        ProviderClient Client(ProviderProfile profile, ProviderSettings settings)
        {
            var own = settings with { Mailto = settings.Mailto ?? options.Mailto };
            clients.Add(new(profile, own, time, new Random(random.Next())));
            return clients[^1];
        }

        var lookup = new WorkLookup(name, cache);
        return name switch
        {
            CrossrefProvider.ProviderName =>
                new CrossrefProvider(Client(CrossrefProvider.Profile, options.Crossref), lookup),
            OpenAlexProvider.ProviderName => new OpenAlexProvider(
                Client(OpenAlexProvider.Profile, options.OpenAlex), lookup, cache, options.OpenAlex.ApiKey),
            SemanticScholarProvider.ProviderName => new SemanticScholarProvider(
                Client(SemanticScholarProvider.Profile, options.SemanticScholar), lookup),
            DataCiteProvider.ProviderName => new DataCiteProvider(
                Client(DataCiteProvider.Profile, options.DataCite), lookup, cache),
            ArxivProvider.ProviderName => new ArxivProvider(Client(ArxivProvider.Profile, options.Arxiv), lookup),
            _ => throw new System.Diagnostics.UnreachableException(name),
        };
    }
}
