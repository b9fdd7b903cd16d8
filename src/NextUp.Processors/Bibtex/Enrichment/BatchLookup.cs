using System.Collections.Concurrent;
using NextUp.Actors.Users;
using NextUp.Processors.Bibtex.Matching;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Enrichment;

/// <summary>
/// Finds the works of one batch of entries. First every provider, in its order, is asked for all identifiers at once
/// that it can look up. Then entries without a work are searched by title. Then the providers that were not asked yet
/// are asked for the identifiers that this taught, because one has the abstract and another the citations. A provider
/// that is away is left alone for the rest of the batch; the others go on.
/// </summary>
sealed class BatchLookup(IReadOnlyList<IWorkProvider> providers, BibtexOptions options, UserId user)
{
    /// <summary>
    /// Rounds of questions by identifier. Each may teach identifiers for the next; two rounds teach nearly all.
    /// </summary>
    const int RoundsMax = 3;

    readonly ConcurrentDictionary<string, WorkProviderUnavailableException> away = [];

    /// <summary>Why providers could not be asked, by name.</summary>
    public IReadOnlyDictionary<string, WorkProviderUnavailableException> Away => away;

    /// <param name="searched">Called after each search by title; searches are what takes the time.</param>
    public async Task RunAsync(IReadOnlyList<EntryCase> cases, Action searched, CancellationToken cancellationToken)
    {
        await FetchAsync(cases, cancellationToken);
        await SearchAsync(cases, searched, cancellationToken);
        for (var round = 1; round < RoundsMax; round++)
            if (!await FetchAsync(cases, cancellationToken))
                break;
        // A wrong DOI may have shown itself only now. Whoever else fits the title is worth a hint.
        await SearchAsync(cases, searched, cancellationToken);
    }

    /// <summary>
    /// Whether an entry is unresolved because nobody beyond this machine could be asked for it. What the local
    /// catalogue does not know may still be known to everyone else, so "not found" would be a guess.
    /// </summary>
    public bool IsInTheDark(EntryCase entry)
    {
        if (entry.IsSettled) return false;
        var remote = providers
            .Where(provider => !options.LocalProviders.Contains(provider.Name) && CouldAnswer(provider, entry))
            .ToList();
        return remote.Count > 0 && remote.TrueForAll(provider => entry.NotCheckedBy.ContainsKey(provider.Name));
    }

    static bool CouldAnswer(IWorkProvider provider, EntryCase entry) =>
        provider.CanSearch && entry.Query is not null || entry.OwnSchemes.Overlaps(provider.Schemes);

    async Task<bool> FetchAsync(IReadOnlyList<EntryCase> cases, CancellationToken cancellationToken)
    {
        var anyone = false;
        foreach (var provider in providers)
        {
            var questions = cases.Select(one => (Case: one, Ids: one.NewIds(provider)))
                .Where(question => question.Ids.Count > 0)
                .ToList();
            if (questions.Count == 0) continue;
            anyone = true;
            var all = questions.SelectMany(question => question.Ids).Distinct().ToList();
            var answers = await AskAsync(provider, () => provider.FetchAsync(all, user, cancellationToken));
            foreach (var (entry, ids) in questions)
            {
                entry.Asked(provider, ids);
                if (answers is null) NoteAway(entry, provider);
                else if (ids.FirstOrDefault(answers.ContainsKey) is { Value: not null } id) entry.Take(id, answers[id]);
            }
        }

        return anyone;
    }

    async Task SearchAsync(IReadOnlyList<EntryCase> cases, Action searched, CancellationToken cancellationToken)
    {
        var open = cases.Where(one => one.Query is not null && !one.WasSearched && one.Works.Count == 0).ToList();
        await Parallel.ForEachAsync(
            open,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = options.SearchesAtOnce, CancellationToken = cancellationToken,
            },
            async (one, stop) =>
            {
                await SearchAsync(one, stop);
                searched();
            });
    }

    // Candidates add up until a work is accepted: what is doubtful in one provider's list may be settled by the next
    // one's.
    async Task SearchAsync(EntryCase entry, CancellationToken cancellationToken)
    {
        entry.WasSearched = true;
        var candidates = new List<Work>();
        foreach (var provider in providers.Where(provider => provider.CanSearch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var answers = await AskAsync(provider, () => provider.SearchAsync(entry.Query!, user, cancellationToken));
            if (answers is null)
            {
                NoteAway(entry, provider);
                continue;
            }

            if (answers.Count == 0 && candidates.Count > 0) continue;
            candidates.AddRange(answers);
            var verdict = TitleMatcher.Judge(entry.Query!, candidates);
            entry.Take(verdict);
            if (verdict is Verdict.Accepted) return;
        }
    }

    void NoteAway(EntryCase entry, IWorkProvider provider)
    {
        if (away.TryGetValue(provider.Name, out var why)) entry.NotCheckedBy[provider.Name] = why.Reason;
    }

    /// <summary>Null where the provider is away.</summary>
    async Task<T?> AskAsync<T>(IWorkProvider provider, Func<Task<T>> ask)
        where T : class
    {
        if (away.ContainsKey(provider.Name)) return null;
        try
        {
            return await ask();
        }
        catch (WorkProviderUnavailableException unavailable)
        {
            away[provider.Name] = unavailable;
            return null;
        }
    }
}
