using NextUp.Actors.Jobs;
using NextUp.Processors.Bibtex.Catalogue;
using NextUp.Processors.Bibtex.Enrichment;
using NextUp.Processors.Bibtex.Providers;
using NextUp.Processors.Remote;
using NextUp.Server.Jobs;
using NextUp.Server.Settings;

namespace NextUp.Server;

/// <summary>
/// The kinds of job this installation works on, with what they keep open. A new kind is one entry here.
/// </summary>
sealed class InstalledKinds : IDisposable
{
    readonly WorkCatalogue _catalogue;
    readonly WorkProviders _providers;

    InstalledKinds(WorkCatalogue catalogue, WorkProviders providers, IReadOnlyList<OfferedKind> kinds) =>
        (_catalogue, _providers, Kinds) = (catalogue, providers, kinds);

    public IReadOnlyList<OfferedKind> Kinds { get; }

    /// <summary>Every kind of this program, with the rules that hold where the settings say nothing.</summary>
    public static IReadOnlyList<KindPolicy> DefaultPolicies { get; } =
        [new() { Kind = BibtexProcessor.BibtexKind, UploadBytesMax = new BibtexOptions().UploadBytesMax }];

    /// <summary>The local catalogue of works: <c>catalogue import</c> adds to it, enrichment reads it.</summary>
    public static string CataloguePath(string dataFolder) => Path.Combine(dataFolder, "catalogue.db");

    /// <summary>Throws <see cref="CatalogueFileException"/> where the catalogue's file cannot be used.</summary>
    /// <param name="cacheFolder">Where what services said is kept; null keeps it in the data folder.</param>
    public static async Task<InstalledKinds> OpenAsync(
        string dataFolder, NextUpSettings settings, TimeProvider clock, Random random, string? cacheFolder = null)
    {
        var catalogue = await ShippedCatalogue.EnsureAsync(
            CataloguePath(dataFolder), CancellationToken.None, settings.Bibtex.CatalogueSearchesAtOnce);
        WorkProviders? providers = null;
        try
        {
            var bibtex = settings.Bibtex;
            var asked = bibtex.Providers with { CachePath = Path.Combine(cacheFolder ?? dataFolder, "provider-cache.db") };
            providers = WorkProviders.Create(asked, [catalogue], clock, random);
            var policy = settings.Kinds.Of(BibtexProcessor.BibtexKind);
            var work = bibtex.Work with { UploadBytesMax = (int)policy.UploadBytesMax };
            var processor = new BibtexProcessor(providers.Ordered, work, clock);
            var lent = settings.Workers.Kinds.Select(
                kind => new OfferedKind(settings.Kinds.Of(kind), new LentProcessor(kind), Preview: null));
            return new(catalogue, providers, [BibtexViews.Kind(policy, processor), .. lent]);
        }
        catch
        {
            providers?.Dispose();
            catalogue.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _providers.Dispose();
        _catalogue.Dispose();
    }
}
