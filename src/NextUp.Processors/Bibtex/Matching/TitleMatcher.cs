using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Matching;

/// <summary>
/// Decides which of a provider's candidates an entry means, by title, authors, year and place. Pure: the same question
/// has the same answer. A candidate is accepted only if its title is the entry's but for slips, its authors agree, its
/// year is near and its type is one that the entry's type can mean; and only if it is the one such candidate.
/// </summary>
public static class TitleMatcher
{
    /// <summary>Candidates after these are not looked at; providers answer best first.</summary>
    public const int CandidatesMax = 200;

    /// <summary>How many candidates an ambiguous verdict lists.</summary>
    public const int AmbiguousCandidatesMax = 5;

    /// <summary>Judges all candidates of one search together, because a second survivor makes the first one
    /// doubtful.</summary>
    public static Verdict Judge(WorkQuery query, IReadOnlyList<Work> candidates)
    {
        var title = FoldedTitle.Of(query.Title);
        if (title.Words.Length == 0)
            return new Verdict.None($"{MatchReason.EmptyTitle}: the entry has no title to go by");
        if (candidates.Count == 0)
            return new Verdict.None($"{MatchReason.NoCandidates}: nothing was found");

        var rulings = candidates.Take(CandidatesMax)
            .Select(work => CandidateRules.Rule(Evidence.Of(query, title, work)))
            .ToList();
        var survivors = Survivors.Of(rulings.OfType<Ruling.Passed>());
        if (survivors.Count == 1)
            return new Verdict.Accepted(survivors[0].Evidence.Work, survivors[0].Confidence, survivors[0].Reason);
        if (survivors.Count > 1)
            return Several(survivors);

        var doubtful = rulings.OfType<Ruling.Doubtful>().ToList();
        if (doubtful.Count > 0)
            return new Verdict.Ambiguous(
                [.. doubtful.Take(AmbiguousCandidatesMax).Select(ruling => ruling.Evidence.Work)], doubtful[0].Reason);

        return new Verdict.None(rulings.OfType<Ruling.Refused>().MaxBy(ruling => ruling.RulesPassed)!.Reason);
    }

    /// <summary>
    /// Whether two titles can be those of one work: for checking that the work behind a DOI is the one that the entry
    /// describes. Subtitles may be missing on either side; slips are forgiven; numbers, negations and words like
    /// "reply" are not. As the DOI speaks for the work already, a title that was cut short agrees, too.
    /// </summary>
    public static bool TitlesAgree(string a, string b)
    {
        var one = FoldedTitle.Of(a);
        var other = FoldedTitle.Of(b);
        return TitleComparison.Of(one, other).Relation <= TitleRelation.Alike
            || TitleComparison.IsCutShort(one, other)
            || TitleComparison.IsCutShort(other, one);
    }

    static Verdict.Ambiguous Several(IReadOnlyList<Ruling.Passed> survivors) => new(
        [.. survivors.Take(AmbiguousCandidatesMax).Select(ruling => ruling.Evidence.Work)],
        $"{MatchReason.Several}: {survivors.Count} works fit, as "
            + string.Join(" and ", survivors.Take(2).Select(ruling => WorkName.Of(ruling.Evidence.Work))));
}
