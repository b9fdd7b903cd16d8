using System.Collections.Frozen;
using System.Text.Json;
using NextUp.Processors.Bibtex.Text;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Enrichment;

/// <summary>What happens to fields that an entry has.</summary>
public enum EnrichmentPolicy
{
    /// <summary>They stay. The default.</summary>
    MissingOnly,

    /// <summary>Counts and figures of the journal are brought up to date; all else stays.</summary>
    RefreshMetrics,

    /// <summary>All chosen fields give way to what was found, but for the DOI, which identifies the entry.</summary>
    Overwrite,
}

/// <summary>
/// What the submitter of a job chose: which fields, what happens to those that are there, and which entries.
/// </summary>
public sealed record EnrichmentChoice(IReadOnlySet<string> Fields, EnrichmentPolicy Policy)
{
    /// <summary>
    /// Every field that can be chosen. <c>journal</c> stands for <c>booktitle</c> too; <c>doi</c>, <c>eprint</c> and
    /// <c>citation_count</c> bring the fields that explain them.
    /// </summary>
    public static readonly IReadOnlyList<string> KnownFields =
    [
        FieldNames.Doi, FieldNames.Title, FieldNames.Author, FieldNames.Journal, FieldNames.Booktitle, FieldNames.Year,
        FieldNames.Volume, FieldNames.Number, FieldNames.Pages, FieldNames.Publisher, FieldNames.Issn, FieldNames.Pmid,
        FieldNames.Eprint, FieldNames.Url, FieldNames.Abstract, FieldNames.CitationCount, FieldNames.MeanCitedness,
        FieldNames.ImpactFactor,
    ];

    /// <summary>Entries that can be named in the options of one job.</summary>
    public const int EntriesNamedMax = 1_000;

    const string Example = "{\"fields\":[\"doi\"],\"policy\":\"missing-only\"}";

    static readonly string[] Policies = ["missing-only", "refresh-metrics", "overwrite"];

    /// <summary>
    /// The works that a person chose for entries, by their keys. Such an entry is that work, whatever its title says.
    /// </summary>
    public IReadOnlyDictionary<string, WorkId> Accepted { get; init; } = FrozenDictionary<string, WorkId>.Empty;

    /// <summary>
    /// The keys of the entries that are looked up beside the <see cref="Accepted"/> ones; null is every entry. The others
    /// stay as they are.
    /// </summary>
    public IReadOnlySet<string>? Only { get; init; }

    public static EnrichmentChoice Default { get; } = new(KnownFields.ToHashSet(), EnrichmentPolicy.MissingOnly);

    /// <summary>
    /// Reads the options of a job, for example <c>{"fields":["doi"],"policy":"missing-only"}</c>; null is the default.
    /// </summary>
    public static ChoiceReading Read(string? options)
    {
        if (string.IsNullOrWhiteSpace(options)) return new ChoiceReading.Chosen(Default);
        try
        {
            using var document = JsonDocument.Parse(options, new() { MaxDepth = 8 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(document.RootElement)
                : Wrong($"The options are no JSON object; write them as {Example}.");
        }
        catch (JsonException error)
        {
            return Wrong($"The options are no JSON, character {error.BytePositionInLine}; write them as {Example}.");
        }
    }

    /// <summary>Whether the entry is one of those to be looked up.</summary>
    public bool Concerns(BibEntry entry) =>
        Only is null || Only.Contains(entry.Key) || Accepted.ContainsKey(entry.Key);

    /// <summary>The first key that was named and that no entry has; null where there is none.</summary>
    public string? StrangeKey(BibFile file)
    {
        var keys = file.Entries.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
        return Accepted.Keys.Concat(Only ?? FrozenSet<string>.Empty).FirstOrDefault(key => !keys.Contains(key));
    }

    static ChoiceReading Read(JsonElement options)
    {
        var choice = Default;
        foreach (var option in options.EnumerateObject())
        {
            switch (option.Name)
            {
                case "fields" when option.Value.ValueKind == JsonValueKind.Array:
                    var names = option.Value.EnumerateArray().Select(name => name.ToString()).ToHashSet();
                    if (Unusable(names) is { } wrong) return wrong;
                    choice = choice with { Fields = names };
                    break;
                case "fields":
                    return Wrong("The option fields is no list; write it as [\"doi\",\"abstract\"].");
                case "policy" when Array.IndexOf(Policies, option.Value.ToString()) is var policy and >= 0:
                    choice = choice with { Policy = (EnrichmentPolicy)policy };
                    break;
                case "policy":
                    return Wrong($"The option policy is \"{option.Value}\"; it can be {string.Join(", ", Policies)}.");
                case "accept":
                    if (Accept(option.Value, out var accepted) is { } refused) return refused;
                    choice = choice with { Accepted = accepted };
                    break;
                case "only" when Keys(option.Value) is { } only:
                    choice = choice with { Only = only };
                    break;
                case "only":
                    return Wrong($"The option only is no list of up to {EntriesNamedMax:N0} keys; "
                        + "write it as [\"doe2020\",\"roe1999\"].");
                default:
                    return Wrong(
                        $"There is no option \"{option.Name}\"; known are fields, policy, accept and only.");
            }
        }

        return new ChoiceReading.Chosen(choice);
    }

    static ChoiceReading.Refused? Accept(JsonElement option, out Dictionary<string, WorkId> accepted)
    {
        accepted = new(StringComparer.Ordinal);
        if (option.ValueKind != JsonValueKind.Object || option.EnumerateObject().Count() > EntriesNamedMax)
            return Wrong($"The option accept is no object of up to {EntriesNamedMax:N0} keys; "
                + "write it as {\"doe2020\":\"10.1000/xyz\"}.");
        foreach (var choice in option.EnumerateObject())
        {
            if (BibIdentifiers.Named(choice.Value.ToString()) is not { } work)
                return Wrong($"The option accept has \"{Shown(choice.Value.ToString())}\" for {Shown(choice.Name)}, "
                    + "which names no work; write a DOI like 10.1000/xyz, or arXiv:2101.00001.");
            accepted[choice.Name] = work;
        }

        return null;
    }

    static HashSet<string>? Keys(JsonElement option) =>
        option.ValueKind == JsonValueKind.Array && option.GetArrayLength() <= EntriesNamedMax
            && option.EnumerateArray().All(key => key.ValueKind == JsonValueKind.String)
            ? option.EnumerateArray().Select(key => key.GetString()!).ToHashSet(StringComparer.Ordinal)
            : null;

    static string Shown(string text) => text.Length <= 100 ? text : text[..100] + "...";

    static ChoiceReading.Refused? Unusable(HashSet<string> names)
    {
        if (names.Count == 0) return Wrong("The option fields names no field; name one, or leave it out for all.");
        if (names.FirstOrDefault(name => !KnownFields.Contains(name)) is not { } unknown) return null;
        var known = string.Join(", ", KnownFields);
        return Wrong($"The option fields names \"{unknown}\", which is not known; known are {known}.");
    }

    static ChoiceReading.Refused Wrong(string reason) => new(reason);
}

/// <summary>The answer of <see cref="EnrichmentChoice.Read(string?)"/>.</summary>
public abstract record ChoiceReading
{
    ChoiceReading() { }

    public sealed record Chosen(EnrichmentChoice Choice) : ChoiceReading;

    /// <param name="Reason">One sentence: what is wrong, where, and the way out.</param>
    public sealed record Refused(string Reason) : ChoiceReading;
}

/// <summary>The fields that are written, by their names in the .bib.</summary>
static class FieldNames
{
    public const string Doi = "doi";
    public const string DoiSource = "doi_source";
    public const string Title = "title";
    public const string Author = "author";
    public const string Journal = "journal";
    public const string Booktitle = "booktitle";
    public const string Year = "year";
    public const string Volume = "volume";
    public const string Number = "number";
    public const string Pages = "pages";
    public const string Publisher = "publisher";
    public const string Issn = "issn";
    public const string Pmid = "pmid";
    public const string Eprint = "eprint";
    public const string ArchivePrefix = "archivePrefix";
    public const string Url = "url";
    public const string Abstract = "abstract";
    public const string CitationCount = "citation_count";
    public const string CitationCountSource = "citation_count_source";
    public const string CitationCountDate = "citation_count_date";

    /// <summary>OpenAlex' two-year mean citedness. Free, and never called an impact factor.</summary>
    public const string MeanCitedness = "journal_2yr_mean_citedness";

    /// <summary>The licensed figure. No provider says it; it is written where the operator's own table has it.</summary>
    public const string ImpactFactor = "journal_impact_factor";

    /// <summary>Whose figure it is and of which year: <c>JCR 2024</c>.</summary>
    public const string ImpactFactorSource = "journal_impact_factor_source";
}
