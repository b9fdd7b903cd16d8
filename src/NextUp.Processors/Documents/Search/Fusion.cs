namespace NextUp.Processors.Documents.Search;

/// <summary>
/// Fuses two rankings by rank alone (reciprocal rank fusion): a chunk's score is the sum of 1 / (60 + its rank) over the
/// rankings it is in. Scores of words and of vectors cannot be compared; ranks can.
/// </summary>
static class Fusion
{
    /// <summary>From the paper that proposed it (Cormack, Clarke and Büttcher, SIGIR 2009): it hardly matters.</summary>
    const float RankConstant = 60;

    public static IReadOnlyList<RankedSlot> Fuse(
        IReadOnlyList<ScoredSlot> byWords, IReadOnlyList<ScoredSlot> byVector, int limit, VectorTerms terms)
    {
        Dictionary<int, RankedSlot> ranked = [];
        for (var i = 0; i < byWords.Count; i++)
            ranked[byWords[i].Slot] = new(byWords[i].Slot, 1 / (RankConstant + i + 1), HasWords: true, Nearness: null);
        for (var i = 0; i < byVector.Count; i++)
        {
            var (slot, nearness) = byVector[i];
            var share = terms.Weight / (RankConstant + i + 1);
            if (ranked.TryGetValue(slot, out var known))
                ranked[slot] = known with { Score = known.Score + share, Nearness = nearness };
            else if (nearness >= terms.NearnessMin)
                ranked[slot] = new(slot, share, HasWords: false, nearness);
        }

        return [.. ranked.Values.OrderByDescending(slot => slot.Score).ThenBy(slot => slot.Slot).Take(limit)];
    }
}

/// <summary>What the ranking by vectors counts.</summary>
/// <param name="Weight">Beside the ranking by words, which counts 1.</param>
/// <param name="NearnessMin">Chunks without any of the query's words must be this near to count.</param>
public readonly record struct VectorTerms(float Weight, float NearnessMin);
