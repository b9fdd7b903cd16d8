using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace NextUp.ScholarStubs;

/// <summary>One work in the words of each service.</summary>
static class StubShapes
{
    public static JsonObject Crossref(StubWork work)
    {
        var item = new JsonObject
        {
            ["DOI"] = work.Doi,
            ["type"] = work.Type,
            ["title"] = new JsonArray(work.Title),
            ["author"] = new JsonArray([.. work.Authors.Select((author, i) => new JsonObject
            {
                ["given"] = author.Given, ["family"] = author.Family,
                ["sequence"] = i == 0 ? "first" : "additional", ["affiliation"] = new JsonArray(),
            })]),
            ["issued"] = new JsonObject { ["date-parts"] = new JsonArray(new JsonArray((JsonNode?)work.Year)) },
            ["is-referenced-by-count"] = work.Citations,
            ["URL"] = "https://doi.org/" + work.Doi,
            ["score"] = 21.6,
        };
        if (work.Container is { } container)
            item["container-title"] = new JsonArray(container);
        if (work.Issn is { } issn)
            item["ISSN"] = new JsonArray(issn);
        if (work.Abstract is { } text)
            item["abstract"] = $"<jats:title>Abstract</jats:title><jats:p>{WebUtility.HtmlEncode(text)}</jats:p>";
        if (work.IsRetracted)
            item["updated-by"] = new JsonArray(new JsonObject { ["DOI"] = work.Doi + ".r", ["type"] = "retraction" });
        Add(item, ("volume", work.Volume), ("issue", work.Issue), ("page", work.Pages), ("publisher", work.Publisher));
        return item;
    }

    public static JsonObject OpenAlex(StubWork work)
    {
        var doi = work.Doi ?? (work.Arxiv is null ? null : "10.48550/arxiv." + work.Arxiv);
        var pages = work.Pages?.Split('-');
        return new()
        {
            ["id"] = "https://openalex.org/W" + (uint)work.Title.Length,
            ["doi"] = doi is null ? null : "https://doi.org/" + doi.ToLowerInvariant(),
            ["ids"] = new JsonObject
            {
                ["pmid"] = work.Pmid is null ? null : "https://pubmed.ncbi.nlm.nih.gov/" + work.Pmid,
            },
            ["title"] = work.Title,
            ["publication_year"] = work.Year,
            ["type"] = work.Type switch
            {
                "journal-article" or "proceedings-article" => "article",
                "posted-content" => "preprint",
                var other => other,
            },
            ["authorships"] = new JsonArray([.. work.Authors.Select(author => new JsonObject
            {
                ["author_position"] = "middle",
                ["author"] = new JsonObject { ["display_name"] = $"{author.Given} {author.Family}" },
            })]),
            ["cited_by_count"] = work.Citations,
            ["abstract_inverted_index"] = Inverted(work.Abstract),
            ["primary_location"] = new JsonObject
            {
                ["landing_page_url"] = doi is null ? null : "https://doi.org/" + doi,
                ["source"] = work.Container is null ? null : new JsonObject
                {
                    ["display_name"] = work.Container, ["issn_l"] = work.Issn,
                    ["issn"] = work.Issn is null ? null : new JsonArray(work.Issn),
                    ["host_organization_name"] = work.Publisher,
                    ["type"] = work.Type == "proceedings-article" ? "conference" : "journal",
                },
            },
            ["biblio"] = new JsonObject
            {
                ["volume"] = work.Volume, ["issue"] = work.Issue, ["first_page"] = pages?[0],
                ["last_page"] = pages?[^1],
            },
            ["is_retracted"] = work.IsRetracted,
        };
    }

    public static JsonObject OpenAlexSource(StubWork work) => new()
    {
        ["id"] = "https://openalex.org/S1", ["issn_l"] = work.Issn, ["issn"] = new JsonArray(work.Issn),
        ["summary_stats"] = new JsonObject
        {
            ["2yr_mean_citedness"] = work.JournalMeanCitedness, ["h_index"] = 10, ["i10_index"] = 20,
        },
    };

    public static JsonObject SemanticScholar(StubWork work)
    {
        var ids = new JsonObject();
        Add(ids, ("DOI", work.Doi?.ToUpperInvariant()), ("ArXiv", work.Arxiv), ("PubMed", work.Pmid));
        if (work.CorpusId is { } corpusId)
            ids["CorpusId"] = int.Parse(corpusId);
        return new()
        {
            ["paperId"] = "c31c87c591a25c64fbaa82e8ac6a81831b6ac7ce",
            ["externalIds"] = ids,
            ["url"] = "https://www.semanticscholar.org/paper/c31c87c591a25c64fbaa82e8ac6a81831b6ac7ce",
            ["title"] = work.Title,
            ["abstract"] = work.Abstract,
            ["venue"] = work.Container ?? "",
            ["publicationVenue"] = work.Issn is null ? null
                : new JsonObject { ["name"] = work.Container, ["issn"] = work.Issn },
            ["year"] = work.Year,
            ["citationCount"] = work.Citations,
            ["publicationTypes"] = work.Type switch
            {
                "journal-article" => new JsonArray("JournalArticle"),
                "proceedings-article" => new JsonArray("JournalArticle", "Conference"),
                _ => null,
            },
            ["journal"] = new JsonObject
            {
                ["name"] = work.Container ?? "", ["volume"] = work.Volume ?? "", ["pages"] = work.Pages,
            },
            ["authors"] = new JsonArray([.. work.Authors.Select(author => new JsonObject
            {
                ["authorId"] = "81141608", ["name"] = $"{author.Given} {author.Family}",
            })]),
        };
    }

    public static JsonObject DataCite(StubWork work) => new()
    {
        ["id"] = work.Doi,
        ["type"] = "dois",
        ["attributes"] = new JsonObject
        {
            ["doi"] = work.Doi,
            ["creators"] = new JsonArray([.. work.Authors.Select(author => new JsonObject
            {
                ["name"] = $"{author.Family}, {author.Given}", ["nameType"] = "Personal",
                ["givenName"] = author.Given, ["familyName"] = author.Family, ["affiliation"] = new JsonArray(),
            })]),
            ["titles"] = new JsonArray(new JsonObject { ["title"] = work.Title }),
            ["publisher"] = work.Publisher,
            ["container"] = new JsonObject(),
            ["publicationYear"] = work.Year,
            ["types"] = new JsonObject
            {
                ["bibtex"] = "misc", ["citeproc"] = "dataset", ["resourceTypeGeneral"] = "Dataset",
            },
            ["descriptions"] = new JsonArray(new JsonObject
            {
                ["description"] = work.Abstract, ["descriptionType"] = "Abstract",
            }),
            ["citationCount"] = work.Citations,
        },
    };

    public static string Atom(IReadOnlyCollection<StubWork> works)
    {
        XNamespace atom = "http://www.w3.org/2005/Atom";
        return new XDocument(new XElement(atom + "feed",
            new XElement(atom + "title", "arXiv Query"),
            new XElement((XNamespace)"http://a9.com/-/spec/opensearch/1.1/" + "totalResults", works.Count),
            works.Select(work => new XElement(atom + "entry",
                new XElement(atom + "id", $"http://arxiv.org/abs/{work.Arxiv}v7"),
                new XElement(atom + "published", $"{work.Year}-06-12T17:57:34Z"),
                new XElement(atom + "title", work.Title.Replace(" ", "\n  ", StringComparison.Ordinal)),
                new XElement(atom + "summary", "  " + work.Abstract + "\n"),
                work.Authors.Select(author =>
                    new XElement(atom + "author",
                        new XElement(atom + "name", $"{author.Given} {author.Family}"))))))).ToString();
    }

    public static string AtomError(string why)
    {
        XNamespace atom = "http://www.w3.org/2005/Atom";
        return new XDocument(new XElement(atom + "feed", new XElement(atom + "entry",
            new XElement(atom + "id", "http://arxiv.org/api/errors#incorrect_id_format"),
            new XElement(atom + "title", "Error"), new XElement(atom + "summary", why)))).ToString();
    }

    static JsonObject? Inverted(string? text)
    {
        if (text is null)
            return null;

        var index = new JsonObject();
        foreach (var group in text.Split(' ').Select((word, i) => (word, i)).GroupBy(pair => pair.word))
            index[group.Key] = new JsonArray([.. group.Select(pair => JsonValue.Create(pair.i))]);
        return index;
    }

    static void Add(JsonObject item, params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        foreach (var (name, value) in fields)
        {
            if (value is not null)
                item[name] = value;
        }
    }
}
