using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Matching;

/// <summary>Everything that speaks for or against one candidate.</summary>
sealed record Evidence(
    WorkQuery Query,
    FoldedTitle EntryTitle,
    Work Work,
    TitleComparison Title,
    AuthorRelation Authors,
    ContainerRelation Container,
    LocatorRelation Volume,
    LocatorRelation Page)
{
    public static Evidence Of(WorkQuery query, FoldedTitle title, Work work)
    {
        var theirs = FoldedTitle.Of(work.Title);
        var whole = string.IsNullOrWhiteSpace(work.Subtitle) ? theirs : FoldedTitle.Of(work.Title, work.Subtitle);
        return new(
            query,
            title,
            work,
            TitleComparison.Best(title, theirs, whole),
            AuthorComparison.Compare(query.Authors, work.Authors),
            ContainerComparison.Compare(query.Container, work.Container),
            Locator.Compare(query.Volume, work.Volume),
            Locator.CompareFirstPages(query.Pages, work.Pages));
    }

    /// <summary>The words on which the titles agree: without the subtitle where only one of the two has it.</summary>
    public string[] SharedTitle =>
        Title.Relation == TitleRelation.EqualMainPart ? EntryTitle.Main : EntryTitle.Words;

    public bool EntryIsPreprint => EntryKind.IsPreprint(Query);

    public bool EntryIsPublished => EntryKind.IsPublished(Query);

    public bool WorkIsPreprint => Work.Type == "posted-content";

    public int? YearsApart => Query.Year is { } mine && Work.Year is { } theirs ? Math.Abs(mine - theirs) : null;

    /// <summary>Found at the very place that the entry gives: volume and first page, in what is not another
    /// journal.</summary>
    public bool LocatorAgrees =>
        Page == LocatorRelation.Agree
        && (Volume == LocatorRelation.Agree
            || Container == ContainerRelation.Agree && Volume != LocatorRelation.Disagree)
        && Container != ContainerRelation.Disagree;

    public bool LocatorDisagrees => Volume == LocatorRelation.Disagree && Page == LocatorRelation.Disagree;
}
