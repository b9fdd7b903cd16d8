using NextUp.Actors.Users;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>
/// arXiv's query API: a hundred preprints in one request; one request in three seconds, one at a time.
/// </summary>
sealed class ArxivProvider(ProviderClient client, WorkLookup lookup) : IWorkProvider, IDisposable
{
    public const string ProviderName = "arxiv";

    public const int BatchMax = 100;

    public static readonly ProviderProfile Profile = new(
        ProviderName, new("https://export.arxiv.org/"), new(1, TimeSpan.FromSeconds(3), 1, null));

    public string Name => ProviderName;

    public IReadOnlySet<WorkIdScheme> Schemes { get; } = new HashSet<WorkIdScheme> { WorkIdScheme.Arxiv };

    public bool CanSearch => false;

    public Task<IReadOnlyDictionary<WorkId, Work>> FetchAsync(
        IReadOnlyList<WorkId> ids, UserId user, CancellationToken cancellationToken) =>
        lookup.FetchAsync(
            ids.Where(id => Schemes.Contains(id.Scheme) && WorkFields.Arxiv(id.Value) is not null),
            missing => missing.Chunk(BatchMax),
            batch => FetchBatchAsync(batch, user, cancellationToken));

    public Task<IReadOnlyList<Work>> SearchAsync(WorkQuery query, UserId user, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Work>>([]);

    public void Dispose() => client.Dispose();

    async Task<IReadOnlyDictionary<WorkId, Work>> FetchBatchAsync(
        IReadOnlyList<WorkId> batch, UserId user, CancellationToken cancellationToken)
    {
        var works = new Dictionary<WorkId, Work>();
        var waiting = new Stack<IReadOnlyList<WorkId>>([batch]);
        while (waiting.TryPop(out var part))
        {
            var list = string.Join(',', part.Select(id => WorkFields.Arxiv(id.Value)));
            var path = $"api/query?id_list={Uri.EscapeDataString(list)}&max_results={part.Count}";
            var answer = await client.AskListAsync(
                new(path, Accept: "application/atom+xml"), ArxivAnswer.Many, user, cancellationToken);
            if (answer is ProviderAnswer<IReadOnlyList<Work>>.Found found)
            {
                foreach (var (id, work) in WorkBatches.Pair(
                    part, found.Value, id => WorkFields.Arxiv(id.Value)!, work => work.ArxivId))
                    works[id] = work;
            }
            else if (answer is ProviderAnswer<IReadOnlyList<Work>>.Refused && part.Count > 1)
            {
                // One id in arXiv's form that arXiv does not take refuses the list: ask for the halves.
                waiting.Push([.. part.Skip(part.Count / 2)]);
                waiting.Push([.. part.Take(part.Count / 2)]);
            }
        }

        return works;
    }
}
