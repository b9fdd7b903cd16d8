using NextUp.Actors.Users;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>
/// OpenAlex: abstracts, citation counts and the journal's two-year mean citedness, a hundred works in one request. A
/// key is needed since 2026-02-13 for more than a few requests a day (developers.openalex.org): a list costs $0.0001,
/// a search $0.001, a single work nothing, so a single id is asked for by path.
/// </summary>
sealed class OpenAlexProvider(ProviderClient client, WorkLookup lookup, WorkCache? cache, string? apiKey)
    : IWorkProvider, IDisposable
{
    public const string ProviderName = "openalex";

    /// <summary>Alternatives that one filter may hold.</summary>
    public const int BatchMax = 100;

    /// <summary>The longest filter, in characters before escaping.</summary>
    public const int FilterLengthMax = 4_000;

    public const int CandidatesMax = 5;

    const string Select = "id,doi,ids,title,publication_year,type,authorships,cited_by_count,abstract_inverted_index,"
        + "primary_location,biblio,is_retracted";

    // 100 a second are allowed; there is no need to come near it, and 403 is the answer to a burst.
    public static readonly ProviderProfile Profile = new(
        ProviderName, new("https://api.openalex.org/"), new(10, TimeSpan.FromSeconds(1), 4, null))
    {
        ForbiddenMeansTooFast = true,
    };

    public string Name => ProviderName;

    public IReadOnlySet<WorkIdScheme> Schemes { get; } =
        new HashSet<WorkIdScheme> { WorkIdScheme.Doi, WorkIdScheme.Arxiv, WorkIdScheme.Pmid };

    public bool CanSearch => true;

    public async Task<IReadOnlyDictionary<WorkId, Work>> FetchAsync(
        IReadOnlyList<WorkId> ids, UserId user, CancellationToken cancellationToken)
    {
        var works = await lookup.FetchAsync(
            ids.Where(id => Schemes.Contains(id.Scheme)),
            missing => missing.GroupBy(FilterName).SelectMany(group =>
                WorkBatches.Split([.. group], BatchMax, FilterLengthMax, id => FitsFilter(KeyOf(id)))),
            batch => FetchBatchAsync(batch, user, cancellationToken));
        var measured = await WithMetricsAsync([.. works.Values], user, cancellationToken);
        return works.Keys.Zip(measured).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    public async Task<IReadOnlyList<Work>> SearchAsync(
        WorkQuery query, UserId user, CancellationToken cancellationToken)
    {
        var words = WorkQueryText.TitleWords(query);
        if (words.Length == 0)
            return [];

        return await lookup.SearchAsync(query, () =>
        {
            var filter = Uri.EscapeDataString("title.search:" + words);
            var path = $"works?filter={filter}&per_page={CandidatesMax}&select={Select}";
            return client.SearchAsync(new(WithKey(path)), OpenAlexAnswer.Many, user, cancellationToken);
        });
    }

    public void Dispose() => client.Dispose();

    async Task<IReadOnlyDictionary<WorkId, Work>> FetchBatchAsync(
        IReadOnlyList<WorkId> batch, UserId user, CancellationToken cancellationToken)
    {
        if (batch.Count > 1)
        {
            var filter = $"{FilterName(batch[0])}:{string.Join('|', batch.Select(KeyOf))}";
            var path = $"works?filter={Uri.EscapeDataString(filter)}&per_page={BatchMax}&select={Select}";
            var answer = await client.AskListAsync(new(WithKey(path)), OpenAlexAnswer.Many, user, cancellationToken);
            if (answer is ProviderAnswer<IReadOnlyList<Work>>.Found found)
                return WorkBatches.Pair(
                    batch, found.Value, KeyOf, IsPubmed(batch[0]) ? work => work.Pmid : work => work.Doi);
        }

        // One id that OpenAlex cannot read refuses the whole filter: ask one by one, which is free of charge.
        var works = new Dictionary<WorkId, Work>();
        foreach (var id in batch)
        {
            var path = $"works/{FilterName(id)}:{Uri.EscapeDataString(KeyOf(id))}?select={Select}";
            if (await client.AskAsync(new(WithKey(path)), OpenAlexAnswer.One, user, cancellationToken)
                is ProviderAnswer<Work>.Found found)
                works[id] = found.Value;
        }

        return works;
    }

    /// <summary>
    /// Adds what is known of the journals. Works without it are better than no works, so its absence is no error.
    /// </summary>
    async Task<IReadOnlyList<Work>> WithMetricsAsync(
        IReadOnlyList<Work> works, UserId user, CancellationToken cancellationToken)
    {
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var issn in works.Select(IssnOf).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (cache?.Find(ProviderName, "issn:" + issn) is not CachedWorks.Fresh fresh)
                missing.Add(issn);
            else if (fresh.Works is [{ JournalMeanCitedness: { } known }, ..])
                metrics[issn] = known;
        }

        foreach (var batch in missing.Chunk(BatchMax))
        {
            if (await AskMetricsAsync(batch, user, cancellationToken) is not { } answer)
                break;
            foreach (var issn in batch.Where(answer.ContainsKey))
                metrics[issn] = answer[issn];
            cache?.Keep(ProviderName, batch.Select(issn => KeyValuePair.Create<string, IReadOnlyList<Work>>(
                "issn:" + issn, answer.TryGetValue(issn, out var metric) ? [Journal(issn, metric)] : [])));
        }

        return [.. works.Select(work => IssnOf(work) is { } issn && metrics.TryGetValue(issn, out var metric)
            ? work with { JournalMeanCitedness = metric } : work)];
    }

    async Task<IReadOnlyDictionary<string, double>?> AskMetricsAsync(
        string[] issns, UserId user, CancellationToken cancellationToken)
    {
        var path = $"sources?filter={Uri.EscapeDataString("issn:" + string.Join('|', issns))}&per_page={BatchMax}"
            + "&select=id,issn_l,issn,summary_stats";
        try
        {
            return await client.AskAsync(new(WithKey(path)), OpenAlexAnswer.MeanCitedness, user, cancellationToken)
                is ProviderAnswer<IReadOnlyDictionary<string, double>>.Found found ? found.Value : null;
        }
        catch (WorkProviderUnavailableException)
        {
            return null; // The works themselves have been found; the metric is asked for another time.
        }
    }

    static Work Journal(string issn, double metric) =>
        new() { Source = ProviderName, Issns = [issn], JournalMeanCitedness = metric };

    string WithKey(string path) =>
        apiKey is null ? path : $"{path}{(path.Contains('?') ? '&' : '?')}api_key={Uri.EscapeDataString(apiKey)}";

    static string? IssnOf(Work work) => work.Issns.Count > 0 ? work.Issns[0] : null;

    static bool IsPubmed(WorkId id) => id.Scheme == WorkIdScheme.Pmid;

    static string FilterName(WorkId id) => IsPubmed(id) ? "pmid" : "doi";

    // arXiv registers a DOI for each of its works, and OpenAlex finds them by it.
    static string KeyOf(WorkId id) => id.Scheme == WorkIdScheme.Arxiv
        ? WorkFields.ArxivDoiPrefix + id.Value.ToLowerInvariant() : id.Value;

    // A comma and a bar are signs of the filter's own language; colons and brackets are better not tried.
    static bool FitsFilter(string key) => key.All(c => char.IsAsciiLetterOrDigit(c) || "./-_()".Contains(c));
}
