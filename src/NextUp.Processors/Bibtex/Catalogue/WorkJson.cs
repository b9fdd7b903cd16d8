using System.Text.Json;
using NextUp.Processors.Bibtex.Providers;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Catalogue;

/// <summary>Tells the JSON shapes apart in which works are handed around: Crossref's and OpenAlex', alone or in
/// answers.</summary>
static class WorkJson
{
    /// <summary>The names under which answers and dumps hold their list of works.</summary>
    public static bool IsList(string name) => name is "items" or "results";

    public static IEnumerable<ImportRecord> Records(JsonElement value, long line)
    {
        var inner = value.Field("message") is { ValueKind: JsonValueKind.Object } message ? message : value;
        var list = inner.Field("items") ?? inner.Field("results");
        if (list is { ValueKind: JsonValueKind.Array } items)
            return items.EnumerateArray().Select(item => Record(item, line));
        return [Record(inner, line)];
    }

    public static ImportRecord Record(JsonElement item, long line) => Read(item) is { } work
        ? ImportRecord.Of(line, work)
        : ImportRecord.Skip(line, "it is neither a work of Crossref's (with a DOI) nor one of OpenAlex' (with an id)");

    static Work? Read(JsonElement item) => item.Field("DOI") is not null
        ? CrossrefAnswer.Read(item)
        : OpenAlexAnswer.Read(item);
}
