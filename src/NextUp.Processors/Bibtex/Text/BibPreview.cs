namespace NextUp.Processors.Bibtex.Text;

/// <summary>What is in a file and what its entries lack, before any work is done.</summary>
/// <param name="TotalEntries">All entries, of which <paramref name="Entries"/> are the first.</param>
/// <param name="Lacking">How many of all entries lack a field, by field.</param>
public sealed record BibPreview(
    int TotalEntries, int DamagedEntries, string Encoding, IReadOnlyList<BibPreviewEntry> Entries,
    IReadOnlyDictionary<string, int> Lacking, IReadOnlyList<BibProblem> Problems)
{
    /// <summary>Entries that are shown.</summary>
    public const int EntriesMax = 50;

    /// <summary>Problems that are shown.</summary>
    public const int ProblemsMax = 50;

    /// <summary>Names of one entry that are shown.</summary>
    const int NamesShownMax = 20;

    /// <summary>Reads any bytes; a file without entries gives an empty preview.</summary>
    public static BibPreview Of(ReadOnlyMemory<byte> bytes)
    {
        var file = BibFile.Parse(bytes);
        var inheritance = new BibInheritance(file);
        var shown = new List<BibPreviewEntry>();
        var lacking = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in file.Entries)
        {
            var lacks = BibWants.Lacks(entry, inheritance);
            foreach (var field in lacks) lacking[field] = lacking.GetValueOrDefault(field) + 1;
            if (shown.Count < EntriesMax) shown.Add(Shown(entry, inheritance, lacks));
        }

        var damaged = file.Entries.Count(e => e.Condition != BibEntryCondition.Sound);
        return new(file.Entries.Count, damaged, file.Source.EncodingName, shown, lacking,
            file.Problems.Take(ProblemsMax).ToList());
    }

    /// <summary>The names of a field for people: "A. Author; B. Author", at most twenty.</summary>
    internal static string? Authors(BibEntry entry)
    {
        if ((entry.Value("author") ?? entry.Value("editor")) is not { } value) return null;
        var names = BibNames.Parse(value);
        if (names.Count == 0) return null;
        var shown = names.Take(NamesShownMax).Select(n => n.Given is null ? n.Family : $"{n.Given} {n.Family}");
        var text = string.Join("; ", shown);
        return names.Count > NamesShownMax ? text + "; ..." : text;
    }

    /// <summary>The year, also of biblatex' date.</summary>
    internal static string? Year(BibEntry entry, BibInheritance inheritance) =>
        inheritance.Text(entry, "year") is not { } year ? null
        : entry.Text("year") is null && year.Length > 4 ? year[..4]
        : year;

    static BibPreviewEntry Shown(BibEntry entry, BibInheritance inheritance, IReadOnlyList<string> lacks) => new(
        entry.Key, entry.Type, entry.Line, entry.Text("title"), Authors(entry), Year(entry, inheritance),
        inheritance.Text(entry, "journal") ?? inheritance.Text(entry, "booktitle"), lacks, entry.Condition);
}

/// <summary>One entry of a preview; null is "not said".</summary>
/// <param name="Lacks">The fields that enrichment would look for.</param>
public sealed record BibPreviewEntry(
    string Key, string Type, int Line, string? Title, string? Author, string? Year, string? Journal,
    IReadOnlyList<string> Lacks,
    BibEntryCondition Condition);

/// <summary>One paper of a file, as the list of papers shows it; null is "not said".</summary>
public sealed record BibPaper(
    string Key, string Type, string? Title, string? Author, string? Year, string? Journal, string? Abstract,
    string? Url, string? Doi,
    int? Citations)
{
    public bool HasAbstract => Abstract is not null;

    public bool HasUrl => Url is not null;

    public bool HasCitations => Citations is not null;

    /// <summary>All entries of any .bib file, in its order.</summary>
    public static IReadOnlyList<BibPaper> ListOf(ReadOnlyMemory<byte> bytes)
    {
        var file = BibFile.Parse(bytes);
        var inheritance = new BibInheritance(file);
        return file.Entries.Select(entry => Of(entry, inheritance)).ToList();
    }

    static BibPaper Of(BibEntry entry, BibInheritance inheritance) => new(
        entry.Key, entry.Type, entry.Text("title"), BibPreview.Authors(entry), BibPreview.Year(entry, inheritance),
        inheritance.Text(entry, "journal") ?? inheritance.Text(entry, "booktitle"), entry.Text("abstract"),
        Address(entry),
        entry.Value("doi") is { } doi ? BibIdentifiers.Doi(doi) ?? doi : null,
        int.TryParse(entry.Text("citation_count"), out var citations) ? citations : null);

    // LaTeX' reading would take the tildes and dashes of an address for something else.
    static string? Address(BibEntry entry) =>
        entry.Value("url")?.Replace("\\", "", StringComparison.Ordinal).Trim() is { Length: > 0 } url ? url : null;
}

/// <summary>Which fields are looked for, by the entry's type.</summary>
static class BibWants
{
    static readonly string[] Always = ["doi", "title", "author", "year", "abstract", "url", "citation_count"];
    static readonly string[] InJournal = [.. Always, "journal", "volume", "number", "pages"];
    static readonly string[] InBook = [.. Always, "booktitle", "pages", "publisher"];
    static readonly string[] Book = [.. Always, "publisher"];

    public static IReadOnlyList<string> Of(string type) => type switch
    {
        "article" or "periodical" or "suppperiodical" => InJournal,
        "inproceedings" or "conference" or "incollection" or "inbook" or "suppbook" or "suppcollection" => InBook,
        "book" or "proceedings" or "collection" or "mvbook" or "mvcollection" or "mvproceedings" or "booklet" => Book,
        _ => Always,
    };

    public static IReadOnlyList<string> Lacks(BibEntry entry, BibInheritance inheritance) =>
        Of(entry.Type).Where(field => !Has(entry, inheritance, field)).ToList();

    public static bool Has(BibEntry entry, BibInheritance inheritance, string field) =>
        inheritance.Text(entry, field) is not null
        || field == "author" && inheritance.Text(entry, "editor") is not null;
}
