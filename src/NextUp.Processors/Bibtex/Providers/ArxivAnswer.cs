using System.Xml;
using System.Xml.Linq;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>Reads arXiv's Atom feeds.</summary>
static class ArxivAnswer
{
    static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    static readonly XNamespace Search = "http://a9.com/-/spec/opensearch/1.1/";

    static readonly XmlReaderSettings Safe = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = ProviderClient.AnswerBytesMax,
    };

    /// <summary>
    /// The entries that are works; error entries are left out. Null where the bytes are not an Atom feed.
    /// </summary>
    public static IReadOnlyList<Work>? Many(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var stream = new MemoryStream(body.ToArray(), writable: false);
            using var reader = XmlReader.Create(stream, Safe);
            var feed = XDocument.Load(reader).Root;
            if (feed?.Name != Atom + "feed")
                return null;

            // arXiv at times counts results and gives none: that is a slip, not "unknown".
            var entries = feed.Elements(Atom + "entry").ToList();
            return entries.Count == 0 && (string?)feed.Element(Search + "totalResults") is not (null or "0")
                ? null
                : [.. entries.Select(Read).OfType<Work>()];
        }
        catch (XmlException)
        {
            return null;
        }
    }

    static Work? Read(XElement entry)
    {
        if (WorkFields.Arxiv((string?)entry.Element(Atom + "id")) is not { } id
            || ProviderText.FromPlain((string?)entry.Element(Atom + "title")) is not { } title)
            return null;

        return new Work
        {
            Source = ArxivProvider.ProviderName,
            ArxivId = id,
            // The preprint's own DOI. The one in arxiv:doi names the article that came of it: another work.
            Doi = WorkFields.ArxivDoiPrefix + id.ToLowerInvariant(),
            Title = title,
            Authors = WorkFields.Authors(
                entry.Elements(Atom + "author").Select(author =>
                    WorkFields.Person((string?)author.Element(Atom + "name")))),
            Year = Year((string?)entry.Element(Atom + "published")),
            Type = "posted-content",
            Abstract = ProviderText.FromPlain((string?)entry.Element(Atom + "summary")),
            Url = "https://arxiv.org/abs/" + id,
        };
    }

    static int? Year(string? published) =>
        published is { Length: >= 4 }
            && int.TryParse(published.AsSpan(0, 4), out var year) ? WorkFields.Year(year) : null;
}
