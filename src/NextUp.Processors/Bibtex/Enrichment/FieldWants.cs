using NextUp.Processors.Bibtex.Text;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Enrichment;

/// <summary>Which fields of an entry are looked for: what it lacks, and what the policy would have anew.</summary>
sealed class FieldWants
{
    static readonly string[] Anywhere =
    [
        FieldNames.Doi, FieldNames.Title, FieldNames.Author, FieldNames.Year, FieldNames.Abstract, FieldNames.Url,
        FieldNames.CitationCount, FieldNames.Pmid, FieldNames.Eprint,
    ];

    static readonly string[] OfArticles =
    [
        FieldNames.Journal, FieldNames.Volume, FieldNames.Number, FieldNames.Pages, FieldNames.Publisher,
        FieldNames.Issn, FieldNames.MeanCitedness,
    ];

    static readonly HashSet<string> Articles = ["article", "periodical", "suppperiodical"];

    static readonly string[] OfParts = [FieldNames.Booktitle, FieldNames.Pages, FieldNames.Publisher];

    /// <summary>Types that hold fields for others and stand for no work.</summary>
    static readonly HashSet<string> WithoutWork = ["xdata", "set", "control", "bibnote"];

    readonly BibEntry entry;
    readonly List<string> missing = [];
    readonly List<string> anew = [];

    public FieldWants(BibEntry entry, BibInheritance inheritance, EnrichmentChoice choice)
    {
        this.entry = entry;
        Container = inheritance.Text(entry, FieldNames.Journal) ?? inheritance.Text(entry, FieldNames.Booktitle);
        if (WithoutWork.Contains(entry.Type)) return;
        TakesImpactFactor = Articles.Contains(entry.Type) && IsChosen(choice, FieldNames.ImpactFactor)
            && (CanTake(FieldNames.ImpactFactor) && CanTake(FieldNames.ImpactFactorSource)
                || MayChange(choice.Policy, FieldNames.ImpactFactor));
        var takesDoi = TakesDoi(choice);
        foreach (var field in Applicable(entry.Type))
        {
            if (!IsChosen(choice, field) && !(takesDoi && field == FieldNames.Doi)) continue;
            if (!BibWants.Has(entry, inheritance, field) && CanTake(field)) missing.Add(field);
            else if (entry.Text(field) is null) continue;
            else if (MayChange(choice.Policy, field) || takesDoi && field == FieldNames.Doi) anew.Add(field);
        }
    }

    /// <summary>The journal or book that the entry names, or inherits.</summary>
    public string? Container { get; }

    /// <summary>In the order in which they are put in.</summary>
    public IReadOnlyList<string> Missing => missing;

    /// <summary>Fields that the entry has and that the policy would have up to date.</summary>
    public IReadOnlyList<string> Anew => anew;

    /// <summary>
    /// Whether the journal's impact factor may be put in. It is in the operator's table and in nobody's record, so nobody is
    /// asked for it.
    /// </summary>
    public bool TakesImpactFactor { get; }

    public bool IsEmpty => missing.Count == 0 && anew.Count == 0;

    /// <summary>Whether these records say all that is looked for, so that nobody else has to be asked.</summary>
    public bool AreMetBy(IReadOnlyList<Work> works)
    {
        var values = new FieldValues(works, Container, localProviders: null);
        return missing.Concat(anew).All(field => values.Of(field) is not null);
    }

    /// <summary>Whether a field can be put in: it is not there, or there is nothing between its delimiters.</summary>
    public bool CanTake(string field) => entry.Find(field) is not { } there || IsBlank(there);

    bool IsBlank(BibField field) =>
        BibRevision.IsEmpty(entry.File.Source.Text.AsSpan(field.ValueStart, field.ValueEnd - field.ValueStart));

    /// <summary>Who chooses a work by its DOI chooses that DOI, also where the entry names another.</summary>
    bool TakesDoi(EnrichmentChoice choice) =>
        choice.Accepted.TryGetValue(entry.Key, out var chosen) && chosen.Scheme == WorkIdScheme.Doi
        && (entry.Value(FieldNames.Doi) is not { } doi || BibIdentifiers.Doi(doi) != chosen.Value);

    static string[] Applicable(string type) => type switch
    {
        _ when Articles.Contains(type) => [.. Anywhere, .. OfArticles],
        "inproceedings" or "conference" or "incollection" or "inbook" or "suppbook" or "suppcollection" =>
            [.. Anywhere, .. OfParts],
        "book" or "proceedings" or "collection" or "mvbook" or "booklet" => [.. Anywhere, FieldNames.Publisher],
        _ => Anywhere,
    };

    static bool IsChosen(EnrichmentChoice choice, string field) =>
        choice.Fields.Contains(field) || field == FieldNames.Booktitle && choice.Fields.Contains(FieldNames.Journal);

    static bool MayChange(EnrichmentPolicy policy, string field) => policy switch
    {
        EnrichmentPolicy.RefreshMetrics => field is FieldNames.CitationCount
            or FieldNames.MeanCitedness or FieldNames.ImpactFactor,
        EnrichmentPolicy.Overwrite => field != FieldNames.Doi,
        _ => false,
    };
}
