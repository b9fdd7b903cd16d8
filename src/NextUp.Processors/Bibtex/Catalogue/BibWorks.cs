using NextUp.Processors.Bibtex.Providers;
using NextUp.Processors.Bibtex.Text;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Catalogue;

/// <summary>Reads the works that a .bib file describes. It is held in memory whole, unlike JSON.</summary>
static class BibWorks
{
    /// <summary>The largest .bib file that is imported, in bytes.</summary>
    public const int LengthMax = 64 * 1024 * 1024;

    public static IEnumerable<ImportRecord> Read(ReadOnlyMemory<byte> bytes)
    {
        var file = BibFile.Parse(bytes);
        var inheritance = new BibInheritance(file);
        return file.Entries.Select(entry => entry.Condition == BibEntryCondition.Sound
            ? ImportRecord.Of(entry.Line, Work(entry, inheritance))
            : ImportRecord.Skip(entry.Line, $"the entry \"{entry.Key}\" is damaged"));
    }

    static Work Work(BibEntry entry, BibInheritance inheritance)
    {
        var ids = BibIdentifiers.Find(entry);
        string? Id(WorkIdScheme scheme) => ids.Where(id => id.Scheme == scheme).Select(id => id.Value).FirstOrDefault();
        string? Text(string name) => inheritance.Text(entry, name);
        return new Work
        {
            Source = "bib",
            Doi = Id(WorkIdScheme.Doi),
            ArxivId = Id(WorkIdScheme.Arxiv),
            Pmid = Id(WorkIdScheme.Pmid),
            CorpusId = Id(WorkIdScheme.CorpusId),
            Title = Text("title"),
            Subtitle = Text("subtitle"),
            Authors = entry.Value("author") is { } authors ? BibNames.Parse(authors) : [],
            Year = Year(Text("year")),
            Type = Type(entry.Type),
            Container = Text("journal") ?? Text("booktitle"),
            Volume = Text("volume"),
            Issue = Text("number"),
            Pages = Text("pages")?.Replace("--", "-", StringComparison.Ordinal).Replace('–', '-'),
            Publisher = Text("publisher"),
            Issns = WorkFields.Issns(Text("issn")?.Split(' ', ',', ';') ?? []),
            Abstract = Text("abstract"),
            Url = WorkFields.Url(Text("url")),
        };
    }

    // biblatex dates begin with the year: 2012-03-21, 2012/2013.
    static int? Year(string? text)
    {
        const int yearDigits = 4;
        var trimmed = text?.Trim() ?? "";
        return trimmed.Length >= yearDigits && int.TryParse(trimmed.AsSpan(0, yearDigits), out var year)
            ? WorkFields.Year(year)
            : null;
    }

    static string? Type(string entryType) => entryType switch
    {
        "article" => "journal-article",
        "inproceedings" or "conference" => "proceedings-article",
        "incollection" or "inbook" => "book-chapter",
        "book" or "collection" or "proceedings" => "book",
        "phdthesis" or "mastersthesis" or "thesis" => "dissertation",
        "techreport" or "report" => "report",
        _ => null,
    };
}
