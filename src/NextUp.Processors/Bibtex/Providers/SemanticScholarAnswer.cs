using System.Text.Json;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>Reads Semantic Scholar's answers (graph/v1).</summary>
static class SemanticScholarAnswer
{
    /// <summary>A batch answer: one place for each id that was asked for, null where it is not known.</summary>
    /// <returns>Null where the answer is not an array of that length: its places could not be told apart.</returns>
    public static IReadOnlyList<Work?>? Aligned(ReadOnlyMemory<byte> body, int count) =>
        AnswerJson.Parse(body) is { ValueKind: JsonValueKind.Array } places && places.GetArrayLength() == count
            ? [.. places.EnumerateArray().Select(Read)] : null;

    /// <summary>The best match of a title. Null where the answer is not of that shape.</summary>
    public static IReadOnlyList<Work>? Match(ReadOnlyMemory<byte> body) =>
        AnswerJson.Parse(body)?.Field("data") is { ValueKind: JsonValueKind.Array } matches
            ? [.. matches.EnumerateArray().Select(Read).OfType<Work>()] : null;

    internal static Work? Read(JsonElement paper)
    {
        if (paper.Text("paperId") is not { } paperId)
            return null;

        var ids = paper.Field("externalIds");
        var journal = paper.Field("journal");
        var venue = paper.Field("publicationVenue");
        var doi = WorkFields.Doi(ids.Text("DOI"));
        var arxiv = WorkFields.Arxiv(ids.Text("ArXiv"));
        var title = ProviderText.FromMarkup(paper.Text("title"));
        var container = ProviderText.FromMarkup(NotBlank(journal.Text("name")))
            ?? ProviderText.FromMarkup(NotBlank(paper.Text("venue")));
        var isArxiv = container?.ToUpperInvariant() is "ARXIV" or "ARXIV.ORG" or "CORR";
        return new Work
        {
            Source = SemanticScholarProvider.ProviderName,
            Doi = doi,
            ArxivId = arxiv,
            Pmid = WorkFields.Pmid(ids.Text("PubMed")),
            CorpusId = WorkFields.CorpusId(ids.Text("CorpusId")),
            Title = title,
            Authors = WorkFields.Authors(paper.Items("authors").Select(author =>
                WorkFields.Person(author.Text("name")))),
            Year = WorkFields.Year(paper.Whole("year")),
            Type = isArxiv ? "posted-content" : Type(paper),
            Container = isArxiv ? null : container,
            Volume = isArxiv ? null : ProviderText.FromMarkup(journal.Text("volume")),
            Pages = isArxiv ? null : ProviderText.FromMarkup(journal.Text("pages")),
            Issns = WorkFields.Issns([venue.Text("issn")]),
            Abstract = ProviderText.Abstract(paper.Text("abstract")),
            CitationCount = WorkFields.Count(paper.Whole("citationCount")),
            Url = WorkFields.DoiUrl(doi) ?? WorkFields.Url(paper.Text("url"))
                ?? "https://www.semanticscholar.org/paper/" + Uri.EscapeDataString(paperId),
            IsRetracted = WorkFields.SaysRetracted(title),
        };
    }

    // A paper carries several kinds at once; the most particular one decides.
    static string? Type(JsonElement paper)
    {
        var kinds = paper.Texts("publicationTypes").ToHashSet(StringComparer.Ordinal);
        return kinds.Contains("Conference") ? "proceedings-article"
            : kinds.Contains("BookSection") ? "book-chapter"
            : kinds.Contains("JournalArticle") ? "journal-article"
            : kinds.Contains("Book") ? "book"
            : kinds.Contains("Dataset") ? "dataset"
            : kinds.Count > 0 ? "journal-article"
            : null;
    }

    static string? NotBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
