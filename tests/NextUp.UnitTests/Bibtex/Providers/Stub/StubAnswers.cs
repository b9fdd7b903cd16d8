using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace NextUp.ScholarStubs;

/// <summary>Makes the right answer of each service from the stub's works.</summary>
static class StubAnswers
{
    const int CrossrefBatchMax = 1_000;
    const int OpenAlexBatchMax = 100;
    const int SemanticScholarBatchMax = 500;

    /// <param name="raw">The target as it was on the wire, for an escaped slash in a path stays escaped there.</param>
    public static StubAnswer Answer(string service, HttpRequest request, string raw, string body,
        IReadOnlyList<StubWork> works)
    {
        var path = raw.Split('?')[0];
        var rest = path[(service.Length + 2)..];
        return service switch
        {
            "crossref" => Crossref(rest, request, [.. works.Where(work => work.Doi is not null && !work.IsDataCites)]),
            "openalex" => OpenAlex(rest, request, works),
            "semantic-scholar" => SemanticScholar(rest, request, body, works),
            "datacite" => DataCite(rest, [.. works.Where(work => work.IsDataCites)]),
            "arxiv" => Arxiv(request, works),
            _ => new(404, "no such service", "text/plain"),
        };
    }

    static StubAnswer Crossref(string path, HttpRequest request, List<StubWork> works)
    {
        // A caller who names himself is in the polite pool, and is told so in every answer.
        var isPolite = request.Headers.UserAgent.ToString().Contains("mailto:", StringComparison.Ordinal);
        (string, string)[] headers =
        [
            ("x-api-pool", isPolite ? "polite" : "public"), ("x-rate-limit-limit", isPolite ? "10" : "5"),
            ("x-rate-limit-interval", "1s"), ("x-concurrency-limit", isPolite ? "3" : "1"),
        ];
        StubAnswer Say(JsonNode message, string type) => new(200, new JsonObject
        {
            ["status"] = "ok", ["message-type"] = type, ["message-version"] = "1.0.0", ["message"] = message,
        }.ToJsonString()) { Headers = headers };

        if (path.StartsWith("works/", StringComparison.Ordinal))
        {
            var doi = Uri.UnescapeDataString(path["works/".Length..]);
            return works.Find(one => Same(one.Doi, doi)) is { } work
                ? Say(StubShapes.Crossref(work), "work")
                : new(404, "Resource not found.", "text/plain") { Headers = headers };
        }

        IEnumerable<StubWork> found;
        if (request.Query["filter"].ToString() is { Length: > 0 } filter)
        {
            var terms = filter.Split(',');
            if (Array.Find(terms, term => !term.StartsWith("doi:10.", StringComparison.Ordinal)) is { } bad)
                return new(400, BadFilter(bad), "application/json;charset=utf-8") { Headers = headers };
            found = works.Where(work => terms.Any(term => Same(term["doi:".Length..], work.Doi)));
        }
        else
        {
            found = Ranked(works, request.Query["query.bibliographic"].ToString());
        }

        var rows = int.TryParse(request.Query["rows"], out var asked) ? Math.Min(asked, CrossrefBatchMax) : 20;
        var items = found.Take(rows).Select(StubShapes.Crossref).ToArray<JsonNode?>();
        return Say(new JsonObject
        {
            ["facets"] = new JsonObject(), ["total-results"] = items.Length, ["items"] = new JsonArray(items),
            ["items-per-page"] = rows, ["query"] = new JsonObject { ["start-index"] = 0, ["search-terms"] = null },
        }, "work-list");
    }

    static StubAnswer OpenAlex(string path, HttpRequest request, IReadOnlyList<StubWork> works)
    {
        StubAnswer List(IEnumerable<JsonObject> results)
        {
            var all = results.ToArray<JsonNode?>();
            return new(200, new JsonObject
            {
                ["meta"] = new JsonObject { ["count"] = all.Length, ["page"] = 1, ["per_page"] = 100 },
                ["results"] = new JsonArray(all), ["group_by"] = new JsonArray(),
            }.ToJsonString());
        }

        if (path.StartsWith("works/", StringComparison.Ordinal))
        {
            var id = Uri.UnescapeDataString(path["works/".Length..]);
            return works.FirstOrDefault(work =>
                Same("doi:" + DoiOf(work), id) || Same("pmid:" + work.Pmid, id)) is { } work
                ? new(200, StubShapes.OpenAlex(work).ToJsonString())
                : new(404, "{\"error\":\"Not found\",\"message\":\"No such work.\"}");
        }

        var (name, value) = request.Query["filter"].ToString().Split(':', 2) is [var a, var b] ? (a, b) : ("", "");
        var keys = value.Split('|');
        if (keys.Length > OpenAlexBatchMax || value.Contains(','))
            return new(400, OpenAlexError("Maximum number of values exceeded."));
        return (path, name) switch
        {
            ("works", "doi") => List(works.Where(work =>
                keys.Any(key => Same(key, DoiOf(work)))).Select(StubShapes.OpenAlex)),
            ("works", "pmid") => List(works.Where(work => keys.Contains(work.Pmid)).Select(StubShapes.OpenAlex)),
            ("works", "title.search") => List(Ranked(works, value).Take(5).Select(StubShapes.OpenAlex)),
            ("sources", "issn") =>
                List(works.Where(work => work.JournalMeanCitedness is not null && keys.Contains(work.Issn))
                .DistinctBy(work => work.Issn).Select(StubShapes.OpenAlexSource)),
            _ => new(400, OpenAlexError(name + " is not a valid field.")),
        };
    }

    static StubAnswer SemanticScholar(string path, HttpRequest request, string body, IReadOnlyList<StubWork> works)
    {
        if (path == "graph/v1/paper/batch" && request.Method == "POST")
        {
            var ids = JsonNode.Parse(body)!["ids"]!.AsArray().Select(id => id!.GetValue<string>()).ToList();
            if (ids.Count > SemanticScholarBatchMax)
                return new(400, """{"error":"Invalid number of ids. Must be less than or equal to 500"}""");
            var found = ids.Select(id => works.FirstOrDefault(work => Names(id, work))).ToList();
            return found.All(work => work is null)
                ? new(400, """{"error":"No valid paper ids given"}""")
                : new(200, new JsonArray(
                    [.. found.Select(work => work is null ? null : StubShapes.SemanticScholar(work))]).ToJsonString());
        }

        if (path == "graph/v1/paper/search/match"
            && Ranked(works, request.Query["query"].ToString()).FirstOrDefault() is { } best)
        {
            var match = StubShapes.SemanticScholar(best);
            match["matchScore"] = 109.55;
            return new(200, new JsonObject { ["data"] = new JsonArray(match) }.ToJsonString());
        }

        return new(404, """{"error":"Title match not found"}""");
    }

    static StubAnswer DataCite(string path, List<StubWork> works)
    {
        const string MediaType = "application/json; charset=utf-8";
        const string NoSuchDoi =
            """{"errors":[{"status":"404","title":"The resource you are looking for doesn't exist."}]}""";
        if (path.StartsWith("prefixes/", StringComparison.Ordinal))
        {
            var prefix = path["prefixes/".Length..];
            return works.Exists(work => work.Doi!.StartsWith(prefix + "/", StringComparison.Ordinal))
                ? new(200, $"{{\"data\":{{\"id\":\"{prefix}\",\"type\":\"prefixes\"}}}}", MediaType)
                : new(404, NoSuchDoi, MediaType);
        }

        var doi = Uri.UnescapeDataString(path["dois/".Length..]);
        return works.Find(work => Same(work.Doi, doi)) is { } found
            ? new(200, new JsonObject { ["data"] = StubShapes.DataCite(found) }.ToJsonString(), MediaType)
            : new(404, NoSuchDoi, MediaType);
    }

    static StubAnswer Arxiv(HttpRequest request, IReadOnlyList<StubWork> works)
    {
        var ids = request.Query["id_list"].ToString().Split(',');
        return ids.Contains("0000.00000")
            ? new(400, StubShapes.AtomError("incorrect id format for 0000.00000"),
                "application/atom+xml; charset=utf-8")
            : new(200, StubShapes.Atom([.. works.Where(work => work.Arxiv is not null && ids.Contains(work.Arxiv))]),
                "application/atom+xml; charset=utf-8");
    }

    static string BadFilter(string filter) => new JsonObject
    {
        ["status"] = "failed",
        ["message-type"] = "validation-failure",
        ["message"] = new JsonArray(new JsonObject
        {
            ["type"] = "filter-not-available", ["value"] = filter,
            ["message"] = "There is no such filter for this route",
        }),
    }.ToJsonString();

    static string OpenAlexError(string message) =>
        new JsonObject { ["error"] = "Invalid query parameters error.", ["message"] = message }.ToJsonString();

    static bool Names(string id, StubWork work) =>
        Same(id, "DOI:" + work.Doi) || Same(id, "ARXIV:" + work.Arxiv) || Same(id, "PMID:" + work.Pmid)
        || Same(id, "CorpusId:" + work.CorpusId);

    // As true search does: best overlap of words first, and something even for a poor question.
    static IEnumerable<StubWork> Ranked(IEnumerable<StubWork> works, string query)
    {
        var words = Words(query);
        return works.Select(work => (work, score: Words(work.Title).Count(words.Contains)))
            .Where(pair => pair.score > 0).OrderByDescending(pair => pair.score).Select(pair => pair.work);
    }

    static HashSet<string> Words(string text) =>
        [.. text.ToLowerInvariant().Split([' ', ',', '.', ':', '-', '?'], StringSplitOptions.RemoveEmptyEntries)];

    static string? DoiOf(StubWork work) => work.Doi ?? (work.Arxiv is null ? null : "10.48550/arxiv." + work.Arxiv);

    static bool Same(string? a, string? b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
