using System.Text.RegularExpressions;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Matching;

/// <summary>What an entry's type and journal let it mean, in Crossref's types of works.</summary>
static partial class EntryKind
{
    /// <summary>Whether the entry means the preprint itself: its "journal" is a preprint server.</summary>
    public static bool IsPreprint(WorkQuery query) => query.Container is { } container && Server().IsMatch(container);

    /// <summary>Whether the entry means what appeared in a journal or book, and no preprint of it.</summary>
    public static bool IsPublished(WorkQuery query) =>
        !IsPreprint(query)
        && (!string.IsNullOrWhiteSpace(query.Container)
            || query.EntryType is not ("misc" or "unpublished" or "online" or "techreport" or "report"));

    /// <summary>The types that stand for no citable work of their own.</summary>
    public static bool IsNoWork(string? type) => type is
        "peer-review" or "component" or "journal-issue" or "journal-volume" or "journal" or "grant" or "database"
        or "proceedings-series" or "book-series" or "book-set" or "report-series" or "report-component"
        or "standard-series";

    /// <summary>DOIs of reviews and recommendations of a work, which bear the work's title.</summary>
    public static bool IsReviewDoi(string? doi) =>
        doi is not null && (doi.StartsWith("10.3410/f.", StringComparison.Ordinal) || ReviewDoi().IsMatch(doi));

    /// <summary>Whether an entry of this type may mean a work of that type. An unknown type may mean
    /// anything.</summary>
    public static bool Allows(string entryType, string? workType) => (entryType, workType) switch
    {
        (_, null or "other" or "") => true,
        ("incollection" or "inbook" or "inproceedings" or "conference" or "inreference" or "suppbook",
            "book-chapter" or "book-section" or "book-part" or "book-track" or "reference-entry") => true,
        (_, "book-chapter" or "book-section" or "book-part" or "book-track" or "reference-entry") => false,
        ("phdthesis" or "mastersthesis" or "thesis", _) => workType == "dissertation",
        (not ("misc" or "techreport" or "report" or "book" or "monograph" or "online" or "unpublished"), "dissertation")
            => false,
        ("book" or "mvbook" or "collection" or "mvcollection" or "proceedings" or "mvproceedings" or "reference"
            or "manual" or "booklet" or "monograph", _)
            => IsWholeBook(workType) || workType is "report" or "dissertation" or "standard",
        ("inbook" or "incollection" or "inproceedings" or "conference" or "article", "proceedings") => false,
        ("article" or "inproceedings" or "conference" or "incollection" or "periodical", _)
            when IsWholeBook(workType) => false,
        ("inbook" or "incollection", _) => workType is "posted-content" or "proceedings-article" or "report",
        ("article" or "inproceedings" or "conference", "dataset" or "standard" or "software") => false,
        ("techreport" or "report", "journal-article" or "proceedings-article") => false,
        _ => true,
    };

    static bool IsWholeBook(string? type) =>
        type is "book" or "monograph" or "edited-book" or "reference-book" or "proceedings";

    [GeneratedRegex(
        @"arxiv|biorxiv|medrxiv|chemrxiv|\bcorr\b|ssrn|preprint|research square|\bosf\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Server();

    [GeneratedRegex(
        @"/v\d+/(?:review|decision|response)|/(?:review|decision|response)\d+$|\.r\d+$", RegexOptions.IgnoreCase)]
    private static partial Regex ReviewDoi();
}
