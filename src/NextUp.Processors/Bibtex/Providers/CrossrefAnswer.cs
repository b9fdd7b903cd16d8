using System.Text.Json;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>Reads Crossref's answers (api.crossref.org, message version 1.0.0).</summary>
static class CrossrefAnswer
{
    static readonly string[] DateFields = ["issued", "published-print", "published-online", "published", "posted"];

    /// <summary>One work; null where the answer is not of that shape.</summary>
    public static Work? One(ReadOnlyMemory<byte> body) =>
        AnswerJson.Parse(body) is { } root && root.Text("status") == "ok" && root.Field("message") is { } message
            ? Read(message) : null;

    /// <summary>A list of works; items that are not works are left out. Null where the answer is not a list.</summary>
    public static IReadOnlyList<Work>? Many(ReadOnlyMemory<byte> body) =>
        AnswerJson.Parse(body) is { } root && root.Text("status") == "ok"
        && root.Field("message").Field("items") is { ValueKind: JsonValueKind.Array } items
            ? [.. items.EnumerateArray().Select(Read).OfType<Work>()] : null;

    /// <summary>One item; null without a DOI.</summary>
    internal static Work? Read(JsonElement item)
    {
        if (WorkFields.Doi(item.Text("DOI")) is not { } doi)
            return null;

        var type = item.Text("type");
        var title = ProviderText.FromMarkup(item.FirstText("title"));
        return new Work
        {
            Source = CrossrefProvider.ProviderName,
            Doi = doi,
            Title = title,
            Subtitle = ProviderText.FromMarkup(item.FirstText("subtitle")),
            Authors = WorkFields.Authors(item.Items("author").Select(author =>
                WorkFields.Author(author.Text("given"), author.Text("family"), author.Text("name")))),
            Year = Year(item),
            Type = type,
            Container = ProviderText.FromMarkup(Container(item, type)),
            Volume = ProviderText.FromMarkup(item.Text("volume")),
            Issue = ProviderText.FromMarkup(item.Text("issue")),
            Pages = ProviderText.FromMarkup(item.Text("page") ?? item.Text("article-number")),
            Publisher = ProviderText.FromMarkup(item.Text("publisher")),
            Issns = WorkFields.Issns(item.Texts("ISSN")),
            Abstract = ProviderText.Abstract(item.Text("abstract")),
            CitationCount = WorkFields.Count(item.Whole("is-referenced-by-count")),
            Url = WorkFields.DoiUrl(doi),
            IsRetracted = WorkFields.SaysRetracted(title)
                || item.Items("updated-by").Any(update =>
                    update.Text("type") is "retraction" or "withdrawal" or "removal"),
        };
    }

    // A chapter and a conference paper name their series first and the book they are in last.
    static string? Container(JsonElement item, string? type) =>
        type is "book-chapter" or "proceedings-article"
            ? item.Texts("container-title").LastOrDefault()
            : item.FirstText("container-title");

    static int? Year(JsonElement item) =>
        DateFields.Select(name => FirstYear(item.Field(name))).FirstOrDefault(year => year is not null);

    // A date that is not known is [[null]], an empty list, or absent.
    static int? FirstYear(JsonElement? date)
    {
        var parts = date.Items("date-parts").FirstOrDefault();
        return parts.ValueKind == JsonValueKind.Array && parts.GetArrayLength() > 0
            && parts[0].ValueKind == JsonValueKind.Number
            && parts[0].TryGetInt32(out var year) ? WorkFields.Year(year) : null;
    }
}
