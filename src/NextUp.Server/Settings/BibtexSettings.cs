using System.Diagnostics;
using NextUp.Processors.Bibtex.Catalogue;
using NextUp.Processors.Bibtex.Enrichment;
using NextUp.Processors.Bibtex.Metrics;
using NextUp.Processors.Bibtex.Providers;

namespace NextUp.Server.Settings;

/// <summary>
/// The section <c>bibtex</c>: how .bib files are worked on, who is asked about works, and under which terms.
/// </summary>
sealed record BibtexSettings
{
    const int EntriesCeiling = 1_000_000;
    const int BatchEntriesCeiling = 1_000;
    const int SearchesAtOnceCeiling = 64;
    const int CatalogueSearchesCeiling = 256;
    const int TextLengthMax = 1_000;
    const int MetricsNameLengthMax = 40;

    /// <summary>Every provider there is; the local catalogue needs no network.</summary>
    public static readonly IReadOnlyList<string> ProvidersKnown = [WorkCatalogue.ProviderName, .. WorkProviders.Names];

    /// <summary>Services that the settings name are needed; those of the default list are asked where they can be reached.</summary>
    public BibtexOptions Work { get; init; } = new() { ServicesAreNeeded = false };

    public BibtexProviderOptions Providers { get; init; } = new();

    /// <summary>Searches of the local catalogue at once, over all jobs; null is every core but one.</summary>
    public int? CatalogueSearchesAtOnce { get; init; }

    public static BibtexSettings Read(SettingsSection section)
    {
        var catalogue = section.Section("catalogue", "The local catalogue of works.", applies: Applies.AtRestart);
        var settings = new BibtexSettings
        {
            Work = ReadWork(section),
            Providers = ReadProviders(section),
            CatalogueSearchesAtOnce = catalogue.IntOrNone(
                "searchesAtOnce", null, 1, CatalogueSearchesCeiling,
                "Titles searched in the catalogue at the same time, over all jobs; none is every core but one. More finishes "
                + "large files sooner and makes everything else wait longer."),
        };
        foreach (var problem in settings.Providers.Problems([WorkCatalogue.ProviderName]))
            section.Fault(problem);
        return settings;
    }

    static BibtexOptions ReadWork(SettingsSection section)
    {
        var work = new BibtexOptions();
        return work with
        {
            ServicesAreNeeded = section.Has("providers"),
            EntriesMax = section.Int(
                "entriesMax", work.EntriesMax, 1, EntriesCeiling, "The most entries of one file; longer files are refused."),
            BatchEntries = section.Int(
                "batchEntries", work.BatchEntries, 1, BatchEntriesCeiling,
                "Entries looked up together and stored as one checkpoint. More asks the services less often; fewer loses less "
                + "when an attempt is cut off."),
            SearchesAtOnce = section.Int(
                "searchesAtOnce", work.SearchesAtOnce, 1, SearchesAtOnceCeiling,
                "Titles of one job searched at the same time."),
            JournalMetrics = ReadMetrics(section),
        };
    }

    static JournalMetrics ReadMetrics(SettingsSection section)
    {
        var name = section.Text(
            "journalMetricsName", JournalMetrics.DefaultName, MetricsNameLengthMax,
            "What the figures of journalMetrics are called; with the year it is their source in the .bib, as in JCR 2024.");
        return section.File(
            "journalMetrics", JournalMetrics.None,
            path => JournalMetricsFile.Read(path, name) switch
            {
                JournalMetricsReading.Usable usable => (usable.Metrics, usable.Metrics.Mark, []),
                JournalMetricsReading.Faulty faulty => (JournalMetrics.None, 0, faulty.Faults),
                _ => throw new UnreachableException(),
            },
            "A table of your own with journals' impact factors, put into articles as journal_impact_factor with its source: a "
            + "CSV file in UTF-8 with rows of journal,value,year, the journal an ISSN or its whole title, the newest year "
            + "counting. These figures are licensed, so none come with the program. What OpenAlex says of a journal is written "
            + "beside it under its own name.");
    }

    static BibtexProviderOptions ReadProviders(SettingsSection section)
    {
        var ask = new BibtexProviderOptions();
        return ask with
        {
            Providers = section.Words(
                "providers", ask.Providers, ProvidersKnown,
                "Who is asked about works, in this order. [\"catalogue\"] means no network at all."),
            Mailto = section.TextOrNone(
                "mailto", TextLengthMax,
                "The operator's mail address, told to every service; they are kinder to who names themselves."),
            CacheBytesMax = section.Bytes(
                "cacheBytesMax", ask.CacheBytesMax, BibtexProviderOptions.CacheBytesFloor, int.MaxValue,
                "How large the cache of the services' answers may grow."),
            Crossref = ReadProvider(section, "crossref", ask.Crossref),
            OpenAlex = ReadProvider(section, "openAlex", ask.OpenAlex),
            SemanticScholar = ReadProvider(section, "semanticScholar", ask.SemanticScholar),
            DataCite = ReadProvider(section, "dataCite", ask.DataCite),
            Arxiv = ReadProvider(section, "arxiv", ask.Arxiv),
        };
    }

    static ProviderSettings ReadProvider(SettingsSection parent, string name, ProviderSettings defaults)
    {
        var section = parent.Section(
            name, "One service: crossref, openAlex, semanticScholar, dataCite or arxiv.", "SERVICE");
        return defaults with
        {
            BaseAddress = section.AddressOrNone("baseAddress", "A mirror or proxy; none is the service's own address."),
            Mailto = section.TextOrNone("mailto", TextLengthMax, "Another mail address for this service than bibtex.mailto."),
            ApiKey = section.Secret(
                "apiKey", TextLengthMax, "The key this service gave you; sent to it alone, never printed."),
            RequestsPerSecondMax = section.NumberOrNone(
                "requestsPerSecondMax", null, ProviderSettings.RequestsPerSecondFloor,
                ProviderSettings.RequestsPerSecondCeiling,
                "Your own cap. What the service announces holds too; the stricter wins."),
            Timeout = section.Duration(
                "timeout", defaults.Timeout, ProviderSettings.TimeoutMin, ProviderSettings.TimeoutMax,
                "How long one request may take. Longer tolerates slow answers; shorter finds out sooner that a service is away."),
        };
    }
}
