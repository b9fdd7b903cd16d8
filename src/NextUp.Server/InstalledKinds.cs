using NextUp.Actors.Jobs;
using NextUp.Processors.Bibtex.Catalogue;
using NextUp.Processors.Bibtex.Enrichment;
using NextUp.Processors.Bibtex.Providers;
using NextUp.Processors.Documents.Processing;
using NextUp.Processors.Exams;
using NextUp.Processors.Remote;
using NextUp.Processors.Tools;
using NextUp.Server.Documents;
using NextUp.Processors.Tables.Importing;
using NextUp.Server.Jobs;
using NextUp.Server.Papers;
using NextUp.Server.Settings;
using NextUp.Server.Tables;

namespace NextUp.Server;

/// <summary>
/// The kinds of job this installation works on, with what they keep open. A new kind is one entry here.
/// </summary>
sealed class InstalledKinds : IDisposable
{
    readonly WorkCatalogue _catalogue;
    readonly RenewableProcessor _bibtex;
    readonly Func<NextUpSettings, (BibtexProcessor Processor, WorkProviders Providers)> _makeBibtex;
    readonly ExamKind _exams;
    readonly TableDesk? _tables;

    InstalledKinds(
        WorkCatalogue catalogue, Func<NextUpSettings, (BibtexProcessor Processor, WorkProviders Providers)> makeBibtex,
        NextUpSettings settings, TimeProvider clock, Random random, TableDesk? tables)
    {
        (_catalogue, _makeBibtex) = (catalogue, makeBibtex);
        var (processor, providers) = makeBibtex(settings);
        _bibtex = new(processor, providers);
        var lent = settings.Workers.Kinds.Select(kind => new OfferedKind(new LentProcessor(kind), Preview: null));
        var tools = new ToolRunner(settings.Tools.NewToolbox(), clock);
        Documents = new DocumentKind(tools, settings.Tools, settings.Documents, clock, random);
        _exams = new(tools, settings.Exams, clock);
        _tables = tables;
        IEnumerable<OfferedKind> besides = tables is null ? lent : lent.Prepend(tables.Kind);
        Kinds = [BibtexViews.Kind(_bibtex), new(Documents.Processor, Preview: null), _exams.Offered, .. besides];
    }

    public IReadOnlyList<OfferedKind> Kinds { get; }

    public DocumentKind Documents { get; }

    /// <summary>Every kind of this program, with the rules that hold where the settings say nothing.</summary>
    public static IReadOnlyList<KindPolicy> DefaultPolicies { get; } =
    [
        new() { Kind = BibtexProcessor.BibtexKind, UploadBytesMax = new BibtexOptions().UploadBytesMax },
        new()
        {
            Kind = DocumentsProcessor.DocumentsKind, ActivePerUserMax = null, UploadBytesMax = 100 * 1024 * 1024,
            AttemptDuration = TimeSpan.FromMinutes(30),
        },
        new()
        {
            // A retry is for a machine without a tool, or one that was short of something; bad input is never tried again.
            Kind = ExamProcessor.ExamKind, ActivePerUserMax = null, AttemptsMax = 4, UploadBytesMax = 100 * 1024 * 1024,
            AttemptDuration = TimeSpan.FromMinutes(30), Slots = 2,
        },
        new()
        {
            Kind = TablesProcessor.TablesKind, UploadBytesMax = TablesLimits.UploadBytesMax, WhenBusy = WhenBusy.Hold,
            AttemptDuration = TimeSpan.FromMinutes(30),
        },
    ];

    /// <summary>The local catalogue of works: <c>catalogue import</c> adds to it, enrichment reads it.</summary>
    public static string CataloguePath(string dataFolder) => Path.Combine(dataFolder, "catalogue.db");

    /// <summary>Throws <see cref="CatalogueFileException"/> where the catalogue's file cannot be used.</summary>
    /// <param name="tables">The records and who imports them; null where they are elsewhere: then there are no tables.</param>
    /// <param name="cacheFolder">Where what services said is kept; null keeps it in the data folder.</param>
    public static async Task<InstalledKinds> OpenAsync(
        string dataFolder, NextUpSettings settings, TimeProvider clock, Random random, TableDesk? tables = null,
        string? cacheFolder = null)
    {
        var catalogue = await ShippedCatalogue.EnsureAsync(
            CataloguePath(dataFolder), CancellationToken.None, settings.Bibtex.CatalogueSearchesAtOnce);
        try
        {
            var cachePath = Path.Combine(cacheFolder ?? dataFolder, "provider-cache.db");
            return new(catalogue, now => MakeBibtex(now, cachePath, catalogue, clock, random), settings, clock, random, tables);
        }
        catch
        {
            catalogue.Dispose();
            throw;
        }
    }

    /// <summary>Puts changed settings into force; attempts that run end as they began.</summary>
    public void Configure(NextUpSettings settings, IReadOnlySet<string> changed)
    {
        _tables?.Configure(settings.Tables);
        if (changed.Any(key => key.StartsWith("documents.", StringComparison.Ordinal)))
            Documents.Configure(settings.Documents);
        if (changed.Any(key => key.StartsWith("exams.", StringComparison.Ordinal)))
            _exams.Configure(settings.Exams);
        if (!changed.Any(key => key.StartsWith("bibtex.", StringComparison.Ordinal) || key == "kinds.bibtex.uploadBytesMax"))
            return;
        var (processor, providers) = _makeBibtex(settings);
        _bibtex.Renew(processor, providers);
    }

    public void Dispose()
    {
        _bibtex.Dispose();
        Documents.Dispose();
        _exams.Dispose();
        _catalogue.Dispose();
    }

    static (BibtexProcessor Processor, WorkProviders Providers) MakeBibtex(
        NextUpSettings settings, string cachePath, WorkCatalogue catalogue, TimeProvider clock, Random random)
    {
        var providers = WorkProviders.Create(
            settings.Bibtex.Providers with { CachePath = cachePath }, [catalogue], clock, random);
        try
        {
            var bytesMax = (int)settings.Kinds.Of(BibtexProcessor.BibtexKind).UploadBytesMax;
            return (new(providers.Ordered, settings.Bibtex.Work with { UploadBytesMax = bytesMax }, clock), providers);
        }
        catch
        {
            providers.Dispose();
            throw;
        }
    }
}
