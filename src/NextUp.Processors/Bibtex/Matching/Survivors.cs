namespace NextUp.Processors.Bibtex.Matching;

/// <summary>
/// Several candidates passed by themselves: one work in several records, a preprint beside its article, a reprint. What
/// the entry says of the place decides, step by step; what is left after the last step is ambiguous.
/// </summary>
static class Survivors
{
    static readonly Func<Evidence, bool>[] Preferences =
    [
        evidence => evidence.WorkIsPreprint ? evidence.EntryIsPreprint : evidence.EntryIsPublished,
        evidence => evidence.Container == ContainerRelation.Agree,
        evidence => evidence.LocatorAgrees,
        evidence => evidence.Page == LocatorRelation.Agree,
        evidence => evidence.YearsApart is 0,
    ];

    public static IReadOnlyList<Ruling.Passed> Of(IEnumerable<Ruling.Passed> passed)
    {
        List<Ruling.Passed> left = [.. passed.DistinctBy(ruling => WorkName.Key(ruling.Evidence.Work))];
        foreach (var preference in Preferences)
        {
            if (left.Count < 2)
                break;
            var preferred = left.Where(ruling => preference(ruling.Evidence)).ToList();
            if (preferred.Count > 0)
                left = preferred;
        }

        // The same work known to a provider with and without its DOI.
        if (left.Count > 1 && left.Count(ruling => ruling.Evidence.Work.Doi is not null) == 1)
            left = [left.Single(ruling => ruling.Evidence.Work.Doi is not null)];
        return left;
    }
}
