using System.Text.Json;
using NextUp.Processors.Bibtex.Providers;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.UnitTests.Bibtex.Matching;

/// <summary>A reference as somebody's bibliography gives it, and the DOI that it means.</summary>
sealed record Reference(string Doi, WorkQuery Query);

/// <summary>Recorded answers and references with their true DOI, where ../shared/corpora stands beside the
/// project.</summary>
static class MatchingCorpus
{
    public static string? Folder
    {
        get
        {
            for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
                if (File.Exists(Path.Combine(at.FullName, "Actors.sln")))
                {
                    var folder = Path.Combine(at.FullName, "..", "shared", "corpora");
                    return Directory.Exists(folder) ? folder : null;
                }

            return null;
        }
    }

    /// <summary>The Crossref works of all recorded answers, as Crossref wrote them, one a DOI.</summary>
    public static IReadOnlyList<JsonElement> Items(string folder)
    {
        var searches = Directory.EnumerateFiles(Path.Combine(folder, "http", "crossref-search"), "*response*.json")
            .Select(File.ReadAllBytes);
        var cassettes = Directory
            .EnumerateFiles(Path.Combine(folder, "http", "crossref"), "*.yaml", SearchOption.AllDirectories)
            .SelectMany(Cassette.Bodies);
        return
        [
            .. searches.Concat(cassettes)
                .Select(body => AnswerJson.Parse(body).Field("message"))
                .SelectMany(message => message.Field("items") is null
                    ? message is { } one ? [one] : []
                    : message.Items("items"))
                .Where(item => item.Text("DOI") is not null && item.Text("type") is not null)
                .GroupBy(item => item.Text("DOI")!.ToLowerInvariant())
                .Select(same => same.MaxBy(item => item.GetRawText().Length))
                .OrderBy(item => item.Text("DOI"), StringComparer.OrdinalIgnoreCase),
        ];
    }

    /// <summary>References with a title whose DOI is known: those of the recorded works and those of the two
    /// collections.</summary>
    public static IReadOnlyList<Reference> References(string folder, IReadOnlyList<JsonElement> items)
    {
        var structured = Root(folder, "matching", "structured-references-1000.json").EnumerateArray()
            .Select(pair => (Doi: pair.FirstText("doi"), Reference: pair.Field("reference")));
        var samples = Root(folder, "http", "crossref-search", "sample-refs-2000.json").EnumerateArray()
            .Select(reference => (Doi: reference.Text("DOI"), Reference: (JsonElement?)reference));
        return
        [
            .. items.SelectMany(item => item.Items("reference"))
                .Select(reference => (Doi: reference.Text("DOI"), Reference: (JsonElement?)reference))
                .Concat(structured).Concat(samples)
                .Select(pair => Read(pair.Doi, pair.Reference)).OfType<Reference>().Distinct(),
        ];
    }

    /// <summary>The work that a reference describes, as a catalogue that was loaded from bibliographies would know
    /// it.</summary>
    public static Work Described(Reference reference) => new()
    {
        Source = "bib",
        Doi = reference.Doi,
        Title = reference.Query.Title,
        Authors = reference.Query.Authors,
        Year = reference.Query.Year,
        Container = reference.Query.Container,
        Volume = reference.Query.Volume,
        Pages = reference.Query.Pages,
        Type = "journal-article",
    };

    static JsonElement Root(string folder, params string[] path) =>
        AnswerJson.Parse(File.ReadAllBytes(Path.Combine([folder, .. path])))!.Value;

    static Reference? Read(string? doi, JsonElement? reference)
    {
        if (WorkFields.Doi(doi) is not { } id || reference.Text("article-title") is not { } title)
            return null;

        var author = reference.Text("author");
        var year = reference.Text("year") is { Length: >= 4 } text && int.TryParse(text.AsSpan(0, 4), out var number)
            ? WorkFields.Year(number)
            : null;
        return new(id, new()
        {
            Title = title,
            Authors = author is null ? [] : [new(null, author)],
            Year = year,
            Container = reference.Text("journal-title"),
            Volume = reference.Text("volume"),
            Pages = reference.Text("first-page"),
            EntryType = "article",
        });
    }
}
