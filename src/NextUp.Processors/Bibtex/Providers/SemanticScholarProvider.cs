using System.Text.Json;
using NextUp.Actors.Users;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>
/// Semantic Scholar's graph API: five hundred works in one request, by any identifier. Without a key all callers share
/// one pool and are often refused; with a key one request a second is allowed over all routes.
/// </summary>
sealed class SemanticScholarProvider(ProviderClient client, WorkLookup lookup) : IWorkProvider, IDisposable
{
    public const string ProviderName = "semantic-scholar";

    public const int BatchMax = 500;

    /// <summary>A batch whose ids are all unknown is refused with these words, not answered with nulls.</summary>
    public const string NoneKnown = "No valid paper ids given";

    const string Fields =
        "externalIds,title,year,abstract,citationCount,journal,venue,publicationVenue,publicationTypes,authors,url";

    public static readonly ProviderProfile Profile = new(
        ProviderName, new("https://api.semanticscholar.org/"), new(1, TimeSpan.FromSeconds(1), 1, null))
    {
        KeyHeader = "x-api-key",
    };

    public string Name => ProviderName;

    public IReadOnlySet<WorkIdScheme> Schemes { get; } = new HashSet<WorkIdScheme>
    {
        WorkIdScheme.Doi, WorkIdScheme.Arxiv, WorkIdScheme.Pmid, WorkIdScheme.CorpusId,
    };

    public bool CanSearch => true;

    public Task<IReadOnlyDictionary<WorkId, Work>> FetchAsync(
        IReadOnlyList<WorkId> ids, UserId user, CancellationToken cancellationToken) =>
        lookup.FetchAsync(
            ids.Where(id => Schemes.Contains(id.Scheme)),
            missing => missing.Chunk(BatchMax),
            batch => FetchBatchAsync(batch, user, cancellationToken));

    public async Task<IReadOnlyList<Work>> SearchAsync(
        WorkQuery query, UserId user, CancellationToken cancellationToken)
    {
        var words = WorkQueryText.TitleWords(query);
        if (words.Length == 0)
            return [];

        return await lookup.SearchAsync(query, async () =>
        {
            var path = $"graph/v1/paper/search/match?query={Uri.EscapeDataString(words)}&fields={Fields}";
            return await client.AskAsync(new(path), SemanticScholarAnswer.Match, user, cancellationToken) switch
            {
                ProviderAnswer<IReadOnlyList<Work>>.Found found => found.Value,
                ProviderAnswer<IReadOnlyList<Work>>.Refused refused => throw client.Refusal(refused.Why),
                _ => [], // A title without a match is answered with 404.
            };
        });
    }

    public void Dispose() => client.Dispose();

    async Task<IReadOnlyDictionary<WorkId, Work>> FetchBatchAsync(
        IReadOnlyList<WorkId> batch, UserId user, CancellationToken cancellationToken)
    {
        var works = new Dictionary<WorkId, Work>();
        var waiting = new Stack<IReadOnlyList<WorkId>>([batch]);
        while (waiting.TryPop(out var part))
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new { ids = part.Select(KeyOf) });
            var answer = await client.AskListAsync(
                new($"graph/v1/paper/batch?fields={Fields}", body),
                read => SemanticScholarAnswer.Aligned(read, part.Count), user, cancellationToken);
            switch (answer)
            {
                case ProviderAnswer<IReadOnlyList<Work?>>.Found found:
                    for (var i = 0; i < part.Count; i++)
                    {
                        if (found.Value[i] is { } work)
                            works[part[i]] = work;
                    }

                    break;
                case ProviderAnswer<IReadOnlyList<Work?>>.Refused refused
                    when part.Count > 1 && !refused.Why.Contains(NoneKnown, StringComparison.OrdinalIgnoreCase):
                    // One id that cannot be read, or too much to answer at once: ask for the halves.
                    waiting.Push([.. part.Skip(part.Count / 2)]);
                    waiting.Push([.. part.Take(part.Count / 2)]);
                    break;
            }
        }

        return works;
    }

    static string KeyOf(WorkId id) => id.Scheme switch
    {
        WorkIdScheme.Doi => "DOI:" + id.Value,
        WorkIdScheme.Arxiv => "ARXIV:" + id.Value,
        WorkIdScheme.Pmid => "PMID:" + id.Value,
        _ => "CorpusId:" + id.Value,
    };
}
