using NextUp.Processors.Bibtex.Catalogue;
using NextUp.Processors.Bibtex.Metrics;
using NextUp.Processors.Bibtex.Text;

namespace NextUp.Processors.Bibtex.Enrichment;

/// <summary>How .bib files are enriched, whoever sent them.</summary>
public sealed record BibtexOptions
{
    /// <summary>The largest file, in bytes. Defaults to 10 MiB.</summary>
    public int UploadBytesMax { get; init; } = BibUpload.BytesMax;

    /// <summary>The most entries of one file. Defaults to 5,000.</summary>
    public int EntriesMax { get; init; } = BibUpload.EntriesMax;

    /// <summary>
    /// Entries that are looked up together. Larger batches need fewer requests; smaller ones lose less when an attempt
    /// ends in the middle. Defaults to 50.
    /// </summary>
    public int BatchEntries { get; init; } = 50;

    /// <summary>Titles of one job that are searched at the same time. Defaults to 4.</summary>
    public int SearchesAtOnce { get; init; } = 4;

    /// <summary>
    /// Providers that are files of this installation. That such a one does not know a work says little, so where all
    /// the others are away the job is tried again. Defaults to the catalogue.
    /// </summary>
    public IReadOnlySet<string> LocalProviders { get; init; } = new HashSet<string> { WorkCatalogue.ProviderName };

    /// <summary>
    /// Whether an entry must not be given up while the services that may know it are away: the attempt is made again
    /// then. Where false, the job completes with what could be asked and says who could not. Defaults to true; an
    /// installation that names no providers sets it to false, so that it works wherever it is started.
    /// </summary>
    public bool ServicesAreNeeded { get; init; } = true;

    /// <summary>The operator's own table of impact factors. Defaults to none: they are licensed, so none are shipped.</summary>
    public JournalMetrics JournalMetrics { get; init; } = JournalMetrics.None;

    /// <summary>What is wrong, one sentence each; empty where nothing is.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        AtLeastOne("bibtex.uploadBytesMax", UploadBytesMax);
        AtLeastOne("bibtex.entriesMax", EntriesMax);
        AtLeastOne("bibtex.batchEntries", BatchEntries);
        AtLeastOne("bibtex.searchesAtOnce", SearchesAtOnce);
        return problems;

        void AtLeastOne(string key, int value)
        {
            if (value < 1) problems.Add($"{key} is {value}; it must be at least 1");
        }
    }
}
