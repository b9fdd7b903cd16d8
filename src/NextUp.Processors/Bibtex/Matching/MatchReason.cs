namespace NextUp.Processors.Bibtex.Matching;

/// <summary>
/// The codes that verdicts start with: <c>ok.</c> accepted, <c>miss.</c> refused, <c>ambiguous.</c> left to a person.
/// They are part of the report's format, so they are added to and never renamed.
/// </summary>
public static class MatchReason
{
    public const string TitleAuthorYear = "ok.title_author_year";
    public const string TitleAuthor = "ok.title_author";
    public const string TitleLocator = "ok.title_locator";
    public const string PreprintPublished = "ok.preprint_published";

    public const string NoCandidates = "miss.no_candidates";
    public const string EmptyTitle = "miss.empty_title";
    public const string Title = "miss.title";
    public const string TitleWord = "miss.title_word";
    public const string ShortTitle = "miss.short_title";
    public const string Authors = "miss.contrib_intersection_empty";
    public const string NoAuthors = "miss.no_contrib";
    public const string Year = "miss.year";
    public const string Locator = "miss.volume_page";
    public const string BookChapter = "miss.book_chapter";
    public const string Component = "miss.component";
    public const string Type = "miss.release_type";
    public const string Review = "miss.review_doi";

    public const string Several = "ambiguous.several";
    public const string OnlyPreprint = "ambiguous.only_preprint";
    public const string Container = "ambiguous.container";
}
