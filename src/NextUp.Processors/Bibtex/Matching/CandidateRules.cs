namespace NextUp.Processors.Bibtex.Matching;

/// <summary>
/// The rules that a candidate has to pass, in the order in which they say something useful to a person: the title
/// first. Each names the reason for which it refuses, and a candidate that passes all of them has a confidence that
/// tells how much had to be forgiven.
/// </summary>
static class CandidateRules
{
    const int YearsApartMax = 1;
    const int YearsApartOfPreprintMax = 3;

    static readonly Func<Evidence, string?>[] InOrder =
        [TitleRule, TypeRule, AuthorRule, YearRule, PlaceRule, GenericTitleRule];

    public static Ruling Rule(Evidence evidence)
    {
        for (var rule = 0; rule < InOrder.Length; rule++)
            if (InOrder[rule](evidence) is { } reason)
                return new Ruling.Refused(evidence, rule, reason);

        return Doubt(evidence) is { } doubt
            ? new Ruling.Doubtful(evidence, doubt)
            : new Ruling.Passed(evidence, Confidence(evidence), Reason(evidence));
    }

    static string? TitleRule(Evidence evidence) => evidence.Title.Relation switch
    {
        TitleRelation.Equal or TitleRelation.EqualMainPart or TitleRelation.Alike => null,
        TitleRelation.AlikeButForAWord when evidence.LocatorAgrees && evidence.YearsApart is null or 0 => null,
        TitleRelation.AlikeButForAWord => $"{MatchReason.TitleWord}: the titles differ by {evidence.Title.Difference}",
        TitleRelation.Distinguished => $"{MatchReason.TitleWord}: the titles differ by \"{evidence.Title.Difference}\"",
        _ => $"{MatchReason.Title}: no candidate's title is near enough",
    };

    static string? TypeRule(Evidence evidence)
    {
        var type = evidence.Work.Type;
        if (EntryKind.IsNoWork(type))
            return $"{MatchReason.Component}: {WorkName.Of(evidence.Work)} is a {type}, not a work of its own";
        if (EntryKind.IsReviewDoi(evidence.Work.Doi))
            return $"{MatchReason.Review}: {evidence.Work.Doi} names a review of the work";
        if (EntryKind.Allows(evidence.Query.EntryType, type))
            return null;
        var isChapter = type is "book-chapter" or "book-section" or "book-part";
        var reason = isChapter ? MatchReason.BookChapter : MatchReason.Type;
        return $"{reason}: {WorkName.Of(evidence.Work)} is a {type}, which @{evidence.Query.EntryType} does not mean";
    }

    static string? AuthorRule(Evidence evidence) => evidence.Authors switch
    {
        AuthorRelation.FirstAgrees or AuthorRelation.HalfAgree => null,
        AuthorRelation.Disagree => $"{MatchReason.Authors}: the authors of {WorkName.Of(evidence.Work)} are others",
        _ when evidence.LocatorAgrees && evidence.YearsApart is 0 => null,
        AuthorRelation.EntryNamesNone => $"{MatchReason.NoAuthors}: the entry names no author and no place that agrees",
        _ => $"{MatchReason.NoAuthors}: {WorkName.Of(evidence.Work)} names no author and no place that agrees",
    };

    static string? YearRule(Evidence evidence)
    {
        var most = evidence.EntryIsPreprint != evidence.WorkIsPreprint ? YearsApartOfPreprintMax : YearsApartMax;
        return evidence.YearsApart is { } apart && apart > most
            ? $"{MatchReason.Year}: the entry says {evidence.Query.Year}, "
                + $"{WorkName.Of(evidence.Work)} is of {evidence.Work.Year}"
            : null;
    }

    // Columns and yearly reports bear one title again and again: another volume and page is another work.
    static string? PlaceRule(Evidence evidence) => evidence.LocatorDisagrees && !evidence.EntryIsPreprint
        ? $"{MatchReason.Locator}: the entry says volume {evidence.Query.Volume}, pages {evidence.Query.Pages}; "
            + $"{WorkName.Of(evidence.Work)} is in volume {evidence.Work.Volume}, pages {evidence.Work.Pages}"
        : null;

    static string? GenericTitleRule(Evidence evidence)
    {
        if (!TitleWords.IsGeneric(evidence.SharedTitle))
            return null;
        return evidence.Container == ContainerRelation.Agree && evidence.Page == LocatorRelation.Agree
            ? null
            : $"{MatchReason.ShortTitle}: a title of so few words needs the journal and the page to agree as well";
    }

    static string? Doubt(Evidence evidence)
    {
        if (evidence.WorkIsPreprint && evidence.EntryIsPublished)
            return $"{MatchReason.OnlyPreprint}: the entry is of something published "
                + $"({evidence.Query.Container ?? "@" + evidence.Query.EntryType}), "
                + $"{WorkName.Of(evidence.Work)} is a preprint";
        if (evidence.Container == ContainerRelation.Disagree && !evidence.EntryIsPreprint && !IsMeeting(evidence)
            && !evidence.LocatorAgrees && evidence.Page != LocatorRelation.Agree)
            return $"{MatchReason.Container}: the entry names {evidence.Query.Container}, "
                + $"{WorkName.Of(evidence.Work)} is in {evidence.Work.Container}";
        return null;
    }

    // A meeting has a name on its programme, another on its proceedings and a third in people's files.
    static bool IsMeeting(Evidence evidence) =>
        evidence.Work.Type is "proceedings-article" or "book-chapter"
        && evidence.Query.EntryType is "inproceedings" or "conference" or "incollection";

    static double Confidence(Evidence evidence)
    {
        var confidence = evidence.Title.Similarity;
        if (evidence.Title.Relation == TitleRelation.EqualMainPart)
            confidence -= 0.03;
        if (evidence.Title.Relation == TitleRelation.AlikeButForAWord)
            confidence -= 0.05;
        if (evidence.Authors != AuthorRelation.FirstAgrees)
            confidence -= 0.03;
        if (evidence.YearsApart is not 0)
            confidence -= 0.02;
        if (evidence.EntryIsPreprint != evidence.WorkIsPreprint && evidence.Work.Type is not null)
            confidence -= 0.03;
        if (evidence.Volume == LocatorRelation.Disagree || evidence.Page == LocatorRelation.Disagree)
            confidence -= 0.03;
        if (evidence.LocatorAgrees)
            confidence += 0.03;
        return Math.Round(Math.Clamp(confidence, 0.5, 1), 2);
    }

    static string Reason(Evidence evidence)
    {
        if (evidence.EntryIsPreprint && !evidence.WorkIsPreprint)
            return $"{MatchReason.PreprintPublished}: the preprint's title and author agree with what was published";
        if (evidence.Authors is AuthorRelation.EntryNamesNone or AuthorRelation.WorkNamesNone)
            return $"{MatchReason.TitleLocator}: title, volume and page agree";
        return evidence.YearsApart is null
            ? $"{MatchReason.TitleAuthor}: title and author agree"
            : $"{MatchReason.TitleAuthorYear}: title, author and year agree";
    }
}
