using System.Text.Json;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>Reads OpenAlex's answers (developers.openalex.org).</summary>
static class OpenAlexAnswer
{
    /// <summary>The most word positions of an abstract that are put together.</summary>
    public const int AbstractWordsMax = 20_000;

    public static Work? One(ReadOnlyMemory<byte> body) => AnswerJson.Parse(body) is { } root ? Read(root) : null;

    /// <summary>A list of works; items that are not works are left out. Null where the answer is not a list.</summary>
    public static IReadOnlyList<Work>? Many(ReadOnlyMemory<byte> body) =>
        Results(body) is { } results ? [.. results.EnumerateArray().Select(Read).OfType<Work>()] : null;

    /// <summary>
    /// The two-year mean citedness of sources, under every ISSN they have. Null where the answer is not a list.
    /// </summary>
    public static IReadOnlyDictionary<string, double>? MeanCitedness(ReadOnlyMemory<byte> body)
    {
        if (Results(body) is not { } results)
            return null;

        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var source in results.EnumerateArray())
        {
            if (source.Field("summary_stats").Number("2yr_mean_citedness") is not (>= 0 and var metric))
                continue;
            foreach (var issn in WorkFields.Issns([source.Text("issn_l"), .. source.Texts("issn")]))
                metrics.TryAdd(issn, metric);
        }

        return metrics;
    }

    internal static Work? Read(JsonElement item)
    {
        if (item.Text("id") is null)
            return null;

        var doi = WorkFields.Doi(item.Text("doi"));
        var location = item.Field("primary_location");
        var source = location.Field("source");
        var biblio = item.Field("biblio");
        var title = ProviderText.FromMarkup(item.Text("title") ?? item.Text("display_name"));
        var isRepository = source.Text("type") == "repository";
        return new Work
        {
            Source = OpenAlexProvider.ProviderName,
            Doi = doi,
            ArxivId = doi?.StartsWith(WorkFields.ArxivDoiPrefix, StringComparison.Ordinal) == true
                ? WorkFields.Arxiv(doi[WorkFields.ArxivDoiPrefix.Length..]) : null,
            Pmid = WorkFields.Pmid(item.Field("ids").Text("pmid")),
            Title = title,
            Authors = WorkFields.Authors(item.Items("authorships").Select(authorship =>
                WorkFields.Person(
                    authorship.Field("author").Text("display_name") ?? authorship.Text("raw_author_name")))),
            Year = WorkFields.Year(item.Whole("publication_year")),
            Type = Type(item.Text("type"), source.Text("type")),
            Container = isRepository ? null : ProviderText.FromMarkup(source.Text("display_name")),
            Volume = ProviderText.FromMarkup(biblio.Text("volume")),
            Issue = ProviderText.FromMarkup(biblio.Text("issue")),
            Pages = WorkFields.Pages(biblio.Text("first_page"), biblio.Text("last_page")),
            Publisher = isRepository ? null : ProviderText.FromMarkup(source.Text("host_organization_name")),
            Issns = WorkFields.Issns(
                [source.Text("issn_l"), .. source.Items("issn").Select(issn => issn.Text())]),
            Abstract = ProviderText.Abstract(FromInvertedIndex(item.Field("abstract_inverted_index"))),
            CitationCount = WorkFields.Count(item.Whole("cited_by_count")),
            Url = WorkFields.DoiUrl(doi) ?? WorkFields.Url(location.Text("landing_page_url")),
            IsRetracted = item.IsTrue("is_retracted") || WorkFields.SaysRetracted(title),
        };
    }

    /// <summary>
    /// Puts <c>{"word":[positions]}</c> back into a text. Positions that are negative or far out are left out.
    /// </summary>
    internal static string? FromInvertedIndex(JsonElement? index)
    {
        if (index is not { ValueKind: JsonValueKind.Object } words)
            return null;

        var placed = new SortedDictionary<int, string>();
        foreach (var word in words.EnumerateObject())
        {
            if (word.Value.ValueKind != JsonValueKind.Array || Name(word) is not { } text)
                continue;
            foreach (var position in word.Value.EnumerateArray())
            {
                if (position.ValueKind == JsonValueKind.Number && position.TryGetInt32(out var at)
                    && at is >= 0 and < AbstractWordsMax)
                    placed.TryAdd(at, text);
            }
        }

        return placed.Count == 0 ? null : string.Join(' ', placed.Values);
    }

    static string? Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null; // Half of a surrogate pair was escaped: the word cannot be represented.
        }
    }

    static JsonElement? Results(ReadOnlyMemory<byte> body) =>
        AnswerJson.Parse(body)?.Field("results") is { ValueKind: JsonValueKind.Array } results ? results : null;

    static string? Type(string? type, string? sourceType) => (type, sourceType) switch
    {
        ("article", "conference") => "proceedings-article",
        ("article", "repository") or ("preprint", _) => "posted-content",
        ("article" or "review" or "editorial" or "letter" or "erratum" or "retraction", _) => "journal-article",
        ("reference-entry" or "book-chapter" or "book" or "dissertation" or "dataset" or "report" or "peer-review"
            or "standard" or "grant", _) => type,
        ("supplementary-materials" or "paratext", _) => "component",
        (null, _) => null,
        _ => "other",
    };
}
