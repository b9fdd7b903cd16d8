using NextUp.Actors.Users;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>
/// Crossref's REST API: the registered record of most articles, and the search by text that entries without identifier
/// need. Public callers may send 5 requests a second one at a time, callers who name themselves 10 and three at a time;
/// the answers announce which (since 2025-12-01; Crossref blog, 10.64000/wadve-3tj60).
/// </summary>
sealed class CrossrefProvider(ProviderClient client, WorkLookup lookup) : IWorkProvider, IDisposable
{
    public const string ProviderName = "crossref";

    /// <summary>DOIs asked for in one request.</summary>
    public const int BatchMax = 50;

    /// <summary>
    /// The longest filter, in characters before escaping; Crossref's server takes 8 kB of request line.
    /// </summary>
    public const int FilterLengthMax = 2_000;

    public const int CandidatesMax = 5;

    const string Select = "DOI,title,subtitle,author,issued,published-print,published-online,published,posted,type,"
        + "container-title,ISSN,volume,issue,page,article-number,publisher,abstract,is-referenced-by-count,updated-by";

    public static readonly ProviderProfile Profile = new(
        ProviderName, new("https://api.crossref.org/"), new(5, TimeSpan.FromSeconds(1), 1, null))
    {
        KeyHeader = "Crossref-Plus-API-Token",
        KeyPrefix = "Bearer ",
    };

    public string Name => ProviderName;

    public IReadOnlySet<WorkIdScheme> Schemes { get; } = new HashSet<WorkIdScheme> { WorkIdScheme.Doi };

    public bool CanSearch => true;

    public Task<IReadOnlyDictionary<WorkId, Work>> FetchAsync(
        IReadOnlyList<WorkId> ids, UserId user, CancellationToken cancellationToken) =>
        lookup.FetchAsync(
            ids.Where(id => Schemes.Contains(id.Scheme)),
            missing => WorkBatches.Split(missing, BatchMax, FilterLengthMax, id => FitsFilter(id.Value)),
            batch => FetchBatchAsync(batch, user, cancellationToken));

    public Task<IReadOnlyList<Work>> SearchAsync(WorkQuery query, UserId user, CancellationToken cancellationToken) =>
        lookup.SearchAsync(query, () =>
        {
            var path = $"works?query.bibliographic={Uri.EscapeDataString(WorkQueryText.Everything(query))}"
                + $"&rows={CandidatesMax}&select={Select}";
            return client.SearchAsync(new(path), CrossrefAnswer.Many, user, cancellationToken);
        });

    public void Dispose() => client.Dispose();

    async Task<IReadOnlyDictionary<WorkId, Work>> FetchBatchAsync(
        IReadOnlyList<WorkId> batch, UserId user, CancellationToken cancellationToken)
    {
        if (batch.Count > 1)
        {
            var filter = string.Join(',', batch.Select(id => "doi:" + id.Value));
            var path = $"works?filter={Uri.EscapeDataString(filter)}&rows={batch.Count}&select={Select}";
            var answer = await client.AskListAsync(new(path), CrossrefAnswer.Many, user, cancellationToken);
            if (answer is ProviderAnswer<IReadOnlyList<Work>>.Found found)
                return WorkBatches.ByDoi(batch, found.Value);
        }

        // One id that Crossref cannot read refuses the whole filter: ask one by one, and lose only that one.
        var works = new Dictionary<WorkId, Work>();
        foreach (var id in batch)
        {
            var path = $"works/{Uri.EscapeDataString(id.Value)}";
            if (await client.AskAsync(new(path), CrossrefAnswer.One, user, cancellationToken)
                is ProviderAnswer<Work>.Found found)
                works[id] = found.Value;
        }

        return works;
    }

    // A comma ends a filter, and older DOIs hold colons and angle brackets: those are asked for by path.
    static bool FitsFilter(string doi) => doi.All(c => char.IsAsciiLetterOrDigit(c) || "./-_()".Contains(c));
}
