using NextUp.Processors.Bibtex.Catalogue;
using NextUp.Processors.Bibtex.Enrichment;
using NextUp.Processors.Bibtex.Providers;

namespace NextUp.Server.Settings;

/// <summary>
/// The section <c>bibtex</c>: how .bib files are worked on, who is asked about works, and under which terms.
/// </summary>
sealed record BibtexSettings
{
    /// <summary>The largest upload that may be allowed, in bytes: 1 GiB.</summary>
    const int UploadBytesCeiling = 1 << 30;

    const int EntriesCeiling = 1_000_000;
    const int BatchEntriesCeiling = 1_000;
    const int SearchesAtOnceCeiling = 64;
    const int TextLengthMax = 1_000;

    /// <summary>Every provider there is; the local catalogue needs no network.</summary>
    public static readonly IReadOnlyList<string> ProvidersKnown = [WorkCatalogue.ProviderName, .. WorkProviders.Names];

    /// <summary>Services that the settings name are needed; those of the default list are asked where they can be reached.</summary>
    public BibtexOptions Work { get; init; } = new() { ServicesAreNeeded = false };

    public BibtexProviderOptions Providers { get; init; } = new();

    public static BibtexSettings Read(SettingsSection section)
    {
        var work = new BibtexOptions();
        var ask = new BibtexProviderOptions();
        var settings = new BibtexSettings
        {
            Work = work with
            {
                ServicesAreNeeded = section.Has("providers"),
                UploadBytesMax = section.Int("uploadBytesMax", work.UploadBytesMax, 1, UploadBytesCeiling),
                EntriesMax = section.Int("entriesMax", work.EntriesMax, 1, EntriesCeiling),
                BatchEntries = section.Int("batchEntries", work.BatchEntries, 1, BatchEntriesCeiling),
                SearchesAtOnce = section.Int("searchesAtOnce", work.SearchesAtOnce, 1, SearchesAtOnceCeiling),
            },
            Providers = ask with
            {
                Providers = section.Words("providers", ask.Providers, ProvidersKnown),
                Mailto = section.Text("mailto", TextLengthMax),
                CacheBytesMax = section.Int(
                    "cacheBytesMax", (int)ask.CacheBytesMax, (int)BibtexProviderOptions.CacheBytesFloor, int.MaxValue),
                Crossref = ReadProvider(section.Section("crossref"), ask.Crossref),
                OpenAlex = ReadProvider(section.Section("openAlex"), ask.OpenAlex),
                SemanticScholar = ReadProvider(section.Section("semanticScholar"), ask.SemanticScholar),
                DataCite = ReadProvider(section.Section("dataCite"), ask.DataCite),
                Arxiv = ReadProvider(section.Section("arxiv"), ask.Arxiv),
            },
        };
        section.End();
        foreach (var problem in settings.Providers.Problems([WorkCatalogue.ProviderName]))
            section.Fault(problem);
        return settings;
    }

    static ProviderSettings ReadProvider(SettingsSection section, ProviderSettings defaults)
    {
        var timeout = section.Int(
            "timeoutSeconds", (int)defaults.Timeout.TotalSeconds,
            (int)ProviderSettings.TimeoutMin.TotalSeconds, (int)ProviderSettings.TimeoutMax.TotalSeconds);
        var provider = defaults with
        {
            BaseAddress = section.Address("baseAddress"),
            Mailto = section.Text("mailto", TextLengthMax),
            ApiKey = section.Text("apiKey", TextLengthMax),
            RequestsPerSecondMax = section.Number(
                "requestsPerSecondMax", ProviderSettings.RequestsPerSecondFloor,
                ProviderSettings.RequestsPerSecondCeiling),
            Timeout = TimeSpan.FromSeconds(timeout),
        };
        section.End();
        return provider;
    }
}
