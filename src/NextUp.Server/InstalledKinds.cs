using NextUp.Actors.Jobs;
using NextUp.Processors.Bibtex.Catalogue;
using NextUp.Processors.Bibtex.Enrichment;
using NextUp.Processors.Bibtex.Providers;
using NextUp.Processors.Exams;
using NextUp.Processors.Exams.Asking;
using NextUp.Processors.Exams.Pages;
using NextUp.Processors.Pdf;
using NextUp.Processors.Remote;
using NextUp.Processors.Tools;
using NextUp.Server.Jobs;
using NextUp.Server.Settings;

namespace NextUp.Server;

/// <summary>
/// The kinds of job this installation works on, with what they keep open. A new kind is one entry here.
/// </summary>
sealed class InstalledKinds : IDisposable
{
    readonly WorkCatalogue _catalogue;
    readonly RenewableProcessor _bibtex;
    readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    readonly RenewableProcessor _exams;
    readonly Func<NextUpSettings, ExamProcessor> _makeExams;
    readonly Func<NextUpSettings, (BibtexProcessor Processor, WorkProviders Providers)> _makeBibtex;

    InstalledKinds(
        WorkCatalogue catalogue, Func<NextUpSettings, (BibtexProcessor Processor, WorkProviders Providers)> makeBibtex,
        NextUpSettings settings, TimeProvider clock)
    {
        (_catalogue, _makeBibtex) = (catalogue, makeBibtex);
        var (processor, providers) = makeBibtex(settings);
        _bibtex = new(processor, providers);
        var runner = new ToolRunner(new Toolbox(), clock);
        var pdf = new PdfReader(runner, PdfLimits.Default);
        var source = new PageSource(pdf, new PageRecogniser(runner, pdf, PdfLimits.Default));
        _makeExams = now => MakeExams(now, source, clock);
        _exams = new(_makeExams(settings), NothingOpen.Instance);
        var lent = settings.Workers.Kinds.Select(kind => new OfferedKind(new LentProcessor(kind), Preview: null));
        Kinds = [BibtexViews.Kind(_bibtex), new(_exams, Preview: null) { IsForAdministrators = true }, .. lent];
    }

    public IReadOnlyList<OfferedKind> Kinds { get; }

    /// <summary>Every kind of this program, with the rules that hold where the settings say nothing.</summary>
    public static IReadOnlyList<KindPolicy> DefaultPolicies { get; } =
        [
            new() { Kind = BibtexProcessor.BibtexKind, UploadBytesMax = new BibtexOptions().UploadBytesMax },
            new()
            {
                Kind = ExamProcessor.ExamKind,
                ActivePerUserMax = null,
                AttemptsMax = 4,
                AttemptDuration = TimeSpan.FromMinutes(30),
                Slots = 2,
                UploadBytesMax = 100 << 20,
            },
        ];

    /// <summary>The local catalogue of works: <c>catalogue import</c> adds to it, enrichment reads it.</summary>
    public static string CataloguePath(string dataFolder) => Path.Combine(dataFolder, "catalogue.db");

    /// <summary>Throws <see cref="CatalogueFileException"/> where the catalogue's file cannot be used.</summary>
    /// <param name="cacheFolder">Where what services said is kept; null keeps it in the data folder.</param>
    public static async Task<InstalledKinds> OpenAsync(
        string dataFolder, NextUpSettings settings, TimeProvider clock, Random random, string? cacheFolder = null)
    {
        var catalogue = await ShippedCatalogue.EnsureAsync(
            CataloguePath(dataFolder), CancellationToken.None, settings.Bibtex.CatalogueSearchesAtOnce);
        try
        {
            var cachePath = Path.Combine(cacheFolder ?? dataFolder, "provider-cache.db");
            return new(catalogue, now => MakeBibtex(now, cachePath, catalogue, clock, random), settings, clock);
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
        if (changed.Any(key => key.StartsWith("exams.", StringComparison.Ordinal)))
            _exams.Renew(_makeExams(settings), NothingOpen.Instance);
        if (!changed.Any(key => key.StartsWith("bibtex.", StringComparison.Ordinal) || key == "kinds.bibtex.uploadBytesMax"))
            return;
        var (processor, providers) = _makeBibtex(settings);
        _bibtex.Renew(processor, providers);
    }

    public void Dispose()
    {
        _bibtex.Dispose();
        _exams.Dispose();
        _http.Dispose();
        _catalogue.Dispose();
    }

    ExamProcessor MakeExams(NextUpSettings settings, PageSource source, TimeProvider clock)
    {
        var options = settings.Exams.Model;
        var model = options.Endpoint is null ? null : new ModelReader(new ModelClient(_http, options, clock));
        return new(source, model, clock);
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

    /// <summary>Requests of old and new settings go through the one client, so a processor keeps nothing open.</summary>
    sealed class NothingOpen : IDisposable
    {
        public static readonly NothingOpen Instance = new();

        public void Dispose()
        {
            // Nothing is open.
        }
    }
}
