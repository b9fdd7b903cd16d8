using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>
/// What was said already is not asked again. Between the age at which counts grow old and the age at which metadata
/// does, the service is asked anew; if it is away, the metadata is given without its counts.
/// </summary>
sealed class WorkLookup(string provider, WorkCache? cache)
{
    /// <param name="split">Cuts the ids that have to be asked for into requests.</param>
    /// <param name="ask">Asks for one batch; an id absent from its answer is not known to the service.</param>
    public async Task<IReadOnlyDictionary<WorkId, Work>> FetchAsync(
        IEnumerable<WorkId> ids, Func<IReadOnlyList<WorkId>, IEnumerable<IReadOnlyList<WorkId>>> split,
        Func<IReadOnlyList<WorkId>, Task<IReadOnlyDictionary<WorkId, Work>>> ask)
    {
        var known = new Dictionary<WorkId, Work>();
        var missing = new List<WorkId>();
        var aged = new HashSet<WorkId>();
        foreach (var id in ids.Distinct())
        {
            switch (cache?.Find(provider, KeyOf(id)))
            {
                case CachedWorks.Fresh fresh:
                    if (fresh.Works is [var current, ..])
                        known[id] = current;
                    break;
                case CachedWorks.Aged { Works: [var older, ..] }:
                    known[id] = older;
                    aged.Add(id);
                    missing.Add(id);
                    break;
                default:
                    missing.Add(id);
                    break;
            }
        }

        // What is only aged goes last, so that an unavailable service is noticed while it still matters.
        missing.Sort((a, b) => aged.Contains(a).CompareTo(aged.Contains(b)));
        foreach (var batch in split(missing))
        {
            try
            {
                Keep(batch, await ask(batch), known);
            }
            catch (WorkProviderUnavailableException) when (batch.All(aged.Contains))
            {
                // Metadata without counts is in the answer already, and is better than none.
            }
        }

        return known;
    }

    public async Task<IReadOnlyList<Work>> SearchAsync(WorkQuery query, Func<Task<IReadOnlyList<Work>>> ask)
    {
        var key = "title:" + WorkQueryText.Digest(query);
        var cached = cache?.Find(provider, key);
        if (cached is CachedWorks.Fresh fresh)
            return fresh.Works;

        try
        {
            var works = await ask();
            cache?.Keep(provider, key, works);
            return works;
        }
        catch (WorkProviderUnavailableException) when (cached is CachedWorks.Aged)
        {
            return ((CachedWorks.Aged)cached).Works;
        }
    }

    void Keep(IReadOnlyList<WorkId> batch, IReadOnlyDictionary<WorkId, Work> answer, Dictionary<WorkId, Work> known)
    {
        foreach (var id in batch)
        {
            var work = answer.GetValueOrDefault(id);
            if (work is not null)
                known[id] = work;
            else
                known.Remove(id);
        }

        cache?.Keep(provider, batch.Select(id => KeyValuePair.Create<string, IReadOnlyList<Work>>(
            KeyOf(id), answer.TryGetValue(id, out var work) ? [work] : [])));
    }

    static string KeyOf(WorkId id) => $"{id.Scheme}:{id.Value}".ToLowerInvariant();
}
