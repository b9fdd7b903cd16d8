using Microsoft.Data.Sqlite;
using NextUp.Processors.Bibtex.Matching;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Catalogue;

/// <summary>
/// Finds candidates for an entry. First those whose title is the same up to the first colon, which is one look into an
/// index however many works there are; then the full-text index, for titles with slips. There the time goes into
/// ranking every work that has any of the words asked for, so only the rarest words are asked for, up to a number of
/// works that is ranked in milliseconds.
/// </summary>
static class CatalogueSearch
{
    /// <summary>Works of the very title that are read; there are thousands of each "Editorial".</summary>
    public const int SameTitleMax = 200;

    /// <summary>Words of a title that are looked at; the rest of a long title adds nothing.</summary>
    public const int WordsMax = 24;

    /// <summary>Works of one word that are counted; a word in that many works or more is frequent.</summary>
    public const int FrequentWorksMin = 2_000;

    /// <summary>The works, over all rare words of a question, that may have to be ranked.</summary>
    public const int RankedWorksMax = 6_000;

    /// <summary>The most rare words asked for at once.</summary>
    public const int TermsMax = 8;

    /// <summary>With fewer rare words than that, frequent ones are asked for, too.</summary>
    public const int RareTermsMin = 3;

    /// <summary>Frequent words that a work has to have together.</summary>
    public const int FrequentTermsTogether = 3;

    const int YearsAround = 3;

    public static IReadOnlyList<Work> Run(SqliteConnection connection, WorkQuery query)
    {
        var found = SameTitle(connection, query);
        if (!found.Any(row => MayBeIt(query, row.Work)))
            found = [.. found, .. AlikeTitle(connection, query)];
        return
        [
            .. found.DistinctBy(row => row.Id).Take(WorkCatalogue.CandidatesMax)
                .Select(row => row.Work with { Source = WorkCatalogue.ProviderName }),
        ];
    }

    // Then a title with a slip has nothing to add.
    static bool MayBeIt(WorkQuery query, Work work) =>
        AuthorComparison.Compare(query.Authors, work.Authors) != AuthorRelation.Disagree;

    // The year narrows only the choice among many: an entry's year may be wrong or missing.
    static List<(long Id, Work Work)> SameTitle(SqliteConnection connection, WorkQuery query)
    {
        var key = CatalogueRow.TitleKey(query.Title);
        if (key.Length == 0)
            return [];

        var near = query.Year is { } year
            ? Read(connection, """
                SELECT id, work FROM works WHERE title_key = $title AND year BETWEEN $from AND $to LIMIT $limit
                """, ("$title", key), ("$from", year - YearsAround), ("$to", year + YearsAround),
                ("$limit", SameTitleMax))
            : [];
        var any = near.Count < WorkCatalogue.CandidatesMax
            ? Read(connection, "SELECT id, work FROM works WHERE title_key = $title LIMIT $limit",
                ("$title", key), ("$limit", SameTitleMax))
            : [];

        List<(long Id, Work Work)> found = [.. near.Concat(any).DistinctBy(row => row.Id)];
        return found.Count <= WorkCatalogue.CandidatesMax
            ? found
            : [.. found.OrderByDescending(row => Agreements(query, row.Work)).ThenBy(row => row.Id)];
    }

    static int Agreements(WorkQuery query, Work work) =>
        (Locator.CompareFirstPages(query.Pages, work.Pages) == LocatorRelation.Agree ? 4 : 0)
        + (ContainerComparison.Compare(query.Container, work.Container) == ContainerRelation.Agree ? 2 : 0)
        + (AuthorComparison.Compare(query.Authors, work.Authors) == AuthorRelation.FirstAgrees ? 1 : 0);

    static List<(long Id, Work Work)> AlikeTitle(SqliteConnection connection, WorkQuery query) =>
        Expression(connection, query) is not { } expression
            ? []
            : Read(connection, """
                SELECT works.id, works.work FROM (
                    SELECT rowid AS id, rank FROM works_text
                    WHERE works_text MATCH $words AND rank MATCH 'bm25(4.0, 1.0)' ORDER BY rank LIMIT $limit) best
                JOIN works ON works.id = best.id ORDER BY best.rank
                """, ("$words", expression), ("$limit", WorkCatalogue.CandidatesMax));

    static string? Expression(SqliteConnection connection, WorkQuery query)
    {
        var authors = query.Authors.Take(1).SelectMany(author => FoldedText.Words(author.Family))
            .Where(word => word.Length > 2).Take(2).Select(word => $"authors : \"{word}\"");
        var title = FoldedText.Words(query.Title).Where(word => word.Length > 1 && !TitleWords.IsFunction(word))
            .Distinct().Take(WordsMax).Select(word => $"title : \"{word}\"");
        var terms = authors.Concat(title)
            .Select(term => (Term: term, Works: Count(connection, term)))
            .Where(term => term.Works > 0)
            .OrderBy(term => term.Works)
            .ToList();

        var ranked = 0L;
        List<string> asked =
        [
            .. terms.TakeWhile(term => term.Works < FrequentWorksMin && (ranked += term.Works) <= RankedWorksMax)
                .Take(TermsMax).Select(term => term.Term),
        ];

        // The rare words may be the misspelled ones: then several frequent ones together, the longest first, as these
        // are the rarer of them.
        if (asked.Count < RareTermsMin && terms.Count > asked.Count)
        {
            var frequent = terms.Skip(asked.Count).OrderByDescending(term => term.Term.Length);
            var together = frequent.Take(FrequentTermsTogether).Select(term => term.Term);
            asked.Add($"({string.Join(" AND ", together)})");
        }

        return asked.Count == 0 ? null : string.Join(" OR ", asked);
    }

    static long Count(SqliteConnection connection, string term) => connection.Number(
        "SELECT count(*) FROM (SELECT 1 FROM works_text WHERE works_text MATCH $term LIMIT $limit)",
        ("$term", term), ("$limit", FrequentWorksMin));

    static List<(long Id, Work Work)> Read(
        SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var rows = new List<(long, Work)>();
        using var command = connection.Command(sql, parameters);
        using var reader = command.ExecuteReader();
        while (reader.Read())
            rows.Add((reader.GetInt64(0), CatalogueRow.Read(reader.GetString(1))));
        return rows;
    }
}
