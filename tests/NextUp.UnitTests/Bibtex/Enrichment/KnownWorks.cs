using NextUp.Actors.Users;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.UnitTests.Bibtex.Enrichment;

/// <summary>A provider that knows some works, can be away, and remembers what it was asked.</summary>
sealed class KnownWorks(string name, params Work[] works) : IWorkProvider
{
    readonly Lock remembering = new();

    public List<IReadOnlyList<WorkId>> Fetches { get; } = [];

    public List<string> Searches { get; } = [];

    /// <summary>Why it is away; null while it answers.</summary>
    public string? Away { get; set; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Called before each answer.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    public string Name => name;

    public IReadOnlySet<WorkIdScheme> Schemes { get; init; } =
        new HashSet<WorkIdScheme> { WorkIdScheme.Doi, WorkIdScheme.Arxiv, WorkIdScheme.Pmid };

    public bool CanSearch { get; init; } = true;

    public async Task<IReadOnlyDictionary<WorkId, Work>> FetchAsync(
        IReadOnlyList<WorkId> ids, UserId user, CancellationToken cancellationToken)
    {
        await AnswerAsync(() => Fetches.Add(ids), cancellationToken);
        var found = new Dictionary<WorkId, Work>();
        foreach (var id in ids)
            if (works.FirstOrDefault(work => Is(work, id)) is { } work) found[id] = work with { Source = name };
        return found;
    }

    public async Task<IReadOnlyList<Work>> SearchAsync(WorkQuery query, UserId user,
        CancellationToken cancellationToken)
    {
        await AnswerAsync(() => Searches.Add(query.Title), cancellationToken);
        var words = query.Title.Split(' ', ':');
        return works.Where(work =>
            work.Title is { } title
            && words.Any(word => word.Length > 3 && title.Contains(word, StringComparison.OrdinalIgnoreCase)))
            .Select(work => work with { Source = name }).ToList();
    }

    static bool Is(Work work, WorkId id) => id.Scheme switch
    {
        WorkIdScheme.Doi => work.Doi == id.Value,
        WorkIdScheme.Arxiv => work.ArxivId == id.Value,
        WorkIdScheme.Pmid => work.Pmid == id.Value,
        _ => false,
    };

    async Task AnswerAsync(Action remember, CancellationToken cancellationToken)
    {
        lock (remembering) remember();
        await Before(cancellationToken);
        if (Away is { } reason) throw new WorkProviderUnavailableException(name, reason, RetryAfter);
    }
}
