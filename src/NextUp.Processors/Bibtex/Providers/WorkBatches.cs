using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>Cuts what is asked for into requests, and gives each id its part of the answer.</summary>
static class WorkBatches
{
    /// <summary>
    /// Batches of at most <paramref name="countMax"/> ids and <paramref name="lengthMax"/> characters; an id that
    /// <paramref name="fits"/> refuses is a batch of its own.
    /// </summary>
    public static IEnumerable<IReadOnlyList<WorkId>> Split(
        IReadOnlyList<WorkId> ids, int countMax, int lengthMax, Func<WorkId, bool> fits)
    {
        var batch = new List<WorkId>();
        var length = 0;
        foreach (var id in ids.Where(fits))
        {
            if (batch.Count > 0 && (batch.Count == countMax || length + id.Value.Length > lengthMax))
            {
                yield return batch;
                batch = [];
                length = 0;
            }

            batch.Add(id);
            length += id.Value.Length;
        }

        if (batch.Count > 0)
            yield return batch;
        foreach (var id in ids.Where(id => !fits(id)))
            yield return [id];
    }

    /// <summary>Pairs DOIs with the works that carry them.</summary>
    public static IReadOnlyDictionary<WorkId, Work> ByDoi(IReadOnlyList<WorkId> ids, IReadOnlyList<Work> works) =>
        Pair(ids, works, id => id.Value, work => work.Doi);

    public static IReadOnlyDictionary<WorkId, Work> Pair(
        IReadOnlyList<WorkId> ids, IReadOnlyList<Work> works, Func<WorkId, string> wanted, Func<Work, string?> carried)
    {
        var byKey = new Dictionary<string, Work>(StringComparer.OrdinalIgnoreCase);
        foreach (var work in works)
        {
            if (carried(work) is { } key)
                byKey.TryAdd(key, work);
        }

        var paired = new Dictionary<WorkId, Work>();
        foreach (var id in ids)
        {
            if (byKey.TryGetValue(wanted(id), out var work))
                paired[id] = work;
        }

        return paired;
    }
}
