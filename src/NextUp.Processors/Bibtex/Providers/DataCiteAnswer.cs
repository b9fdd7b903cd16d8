using System.Text.Json;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>
/// Reads DataCite's answers (JSON:API; the recorded ones are of 2020, the documented ones of schema 4.5).
/// </summary>
static class DataCiteAnswer
{
    public static Work? One(ReadOnlyMemory<byte> body) =>
        AnswerJson.Parse(body)?.Field("data") is { } item ? Read(item) : null;

    public static string? Prefix(ReadOnlyMemory<byte> body) => AnswerJson.Parse(body)?.Field("data").Text("id");

    internal static Work? Read(JsonElement item)
    {
        var attributes = item.Field("attributes");
        if (WorkFields.Doi(attributes.Text("doi") ?? item.Text("id")) is not { } doi)
            return null;

        var isArxiv = doi.StartsWith(WorkFields.ArxivDoiPrefix, StringComparison.Ordinal);
        var container = attributes.Field("container");
        var titles = attributes.Items("titles").ToList();
        var title = Title(titles, type => type is null)
            ?? Title(titles, _ => true);
        return new Work
        {
            Source = DataCiteProvider.ProviderName,
            Doi = doi,
            ArxivId = isArxiv ? WorkFields.Arxiv(doi[WorkFields.ArxivDoiPrefix.Length..]) : null,
            Title = title,
            Subtitle = Title(titles, type => type == "Subtitle"),
            Authors = WorkFields.Authors(attributes.Items("creators").Select(Author)),
            Year = WorkFields.Year(Year(attributes)),
            Type = isArxiv ? "posted-content" : Type(attributes.Field("types")),
            Container = ProviderText.FromMarkup(container.Text("title")),
            Volume = ProviderText.FromMarkup(container.Text("volume")),
            Issue = ProviderText.FromMarkup(container.Text("issue")),
            Pages = WorkFields.Pages(container.Text("firstPage"), container.Text("lastPage")),
            Publisher = ProviderText.FromMarkup(
                attributes.Text("publisher") ?? attributes.Field("publisher").Text("name")),
            Issns = WorkFields.Issns(container.Text("identifierType") == "ISSN" ? [container.Text("identifier")] : []),
            Abstract = attributes.Items("descriptions").Where(one => one.Text("descriptionType") == "Abstract")
                .Select(one => ProviderText.Abstract(one.Text("description"))).FirstOrDefault(text => text is not null),
            CitationCount = WorkFields.Count(attributes.Whole("citationCount")),
            Url = WorkFields.DoiUrl(doi),
            IsRetracted = WorkFields.SaysRetracted(title),
        };
    }

    static string? Title(IEnumerable<JsonElement> titles, Func<string?, bool> isOf) =>
        titles.Where(title => isOf(title.Text("titleType")))
            .Select(title => ProviderText.FromMarkup(title.Text("title")))
            .FirstOrDefault(text => text is not null);

    // Repositories often give a person's name as one text, "Love, Ada", without its parts.
    static WorkAuthor? Author(JsonElement creator) =>
        creator.Text("nameType") == "Organizational"
            ? WorkFields.Author(null, null, creator.Text("name"))
            : creator.Text("familyName") is { } family
                ? WorkFields.Author(creator.Text("givenName"), family, null)
                : WorkFields.Person(creator.Text("name"));

    // A number today, a text in older answers.
    static int? Year(JsonElement? attributes) =>
        int.TryParse(attributes.Text("publicationYear"), out var year) ? year : null;

    static string? Type(JsonElement? types) => types.Text("resourceTypeGeneral") switch
    {
        "JournalArticle" or "DataPaper" => "journal-article",
        "Preprint" => "posted-content",
        "ConferencePaper" => "proceedings-article",
        "ConferenceProceeding" => "proceedings",
        "BookChapter" => "book-chapter",
        "Book" => "book",
        "Dissertation" => "dissertation",
        "Report" => "report",
        "Dataset" => "dataset",
        "Standard" => "standard",
        "PeerReview" => "peer-review",
        "Text" or null => FromBibtex(types.Text("bibtex")),
        _ => "other", // Software, images, events: Crossref has no word for them.
    };

    static string? FromBibtex(string? type) => type switch
    {
        "article" => "journal-article",
        "book" => "book",
        "inbook" or "incollection" => "book-chapter",
        "inproceedings" => "proceedings-article",
        "phdthesis" or "mastersthesis" => "dissertation",
        "techreport" => "report",
        null => null,
        _ => "other",
    };
}
