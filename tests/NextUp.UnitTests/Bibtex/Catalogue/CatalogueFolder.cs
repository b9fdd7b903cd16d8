using NextUp.Actors.Users;
using NextUp.Processors.Bibtex.Catalogue;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.UnitTests.Bibtex.Catalogue;

/// <summary>A folder for one test's catalogue, gone after the test.</summary>
sealed class CatalogueFolder : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("nextup-catalogue-");
    WorkCatalogue? catalogue;

    public static UserId User { get; } = UserId.Account("ada");

    public string Path => System.IO.Path.Combine(folder.FullName, "catalogue.db");

    public WorkCatalogue Catalogue => catalogue ??= WorkCatalogue.Open(Path);

    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Put(params ReadOnlySpan<Work> works)
    {
        _ = Catalogue;
        using var writer = new CatalogueWriter(Path);
        foreach (var work in works)
            writer.Put(work);
        writer.Commit();
    }

    public Task<IReadOnlyDictionary<WorkId, Work>> FetchAsync(params WorkId[] ids) =>
        Catalogue.FetchAsync(ids, User, TestContext.Current.CancellationToken);

    public Task<IReadOnlyList<Work>> SearchAsync(WorkQuery query) =>
        Catalogue.SearchAsync(query, User, TestContext.Current.CancellationToken);

    public Task<long> CountAsync() => Catalogue.CountAsync(TestContext.Current.CancellationToken);

    public void Dispose()
    {
        catalogue?.Dispose();
        folder.Delete(recursive: true);
    }
}
