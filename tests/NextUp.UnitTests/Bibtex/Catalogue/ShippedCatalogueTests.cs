using System.Text;
using System.Text.Json;
using NextUp.Processors.Bibtex.Catalogue;
using NextUp.Processors.Bibtex.Matching;
using NextUp.Processors.Bibtex.Providers;
using NextUp.Processors.Bibtex.Text;
using NextUp.Processors.Bibtex.Works;
using NextUp.UnitTests.Bibtex.Matching;

namespace NextUp.UnitTests.Bibtex.Catalogue;

public sealed class ShippedCatalogueTests : IDisposable
{
    static readonly WorkId Goats = new(WorkIdScheme.Doi, "10.1000/goats");
    static readonly WorkId Sheep = new(WorkIdScheme.Doi, "10.1000/sheep");

    readonly CatalogueFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_first_start_puts_the_shipped_works_in_and_the_next_finds_them_there()
    {
        var works = ShippedCatalogue.Works(ShippedCatalogue.Content());

        for (var start = 0; start < 2; start++)
        {
            using var catalogue = await ShippedAsync();
            Assert.Equal(works.Count, await catalogue.CountAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_newer_program_replaces_what_the_older_one_brought_and_nothing_else()
    {
        Start(Line("goats", "Goats"), Line("sheep", "Sheep"));
        folder.Put(new Work { Source = "crossref", Doi = "10.1000/cows", Title = "The operator's cows" });

        Start(Line("goats", "Goats, second printing"));

        var found = await folder.FetchAsync(Goats, Sheep, new(WorkIdScheme.Doi, "10.1000/cows"));
        Assert.Equal(2, found.Count);
        Assert.Equal("Goats, second printing", found[Goats].Title);
        Assert.Empty(await folder.SearchAsync(new() { Title = "Sheep", EntryType = "misc" }));
    }

    [Fact]
    public async Task What_the_operator_imported_over_a_shipped_work_survives_a_newer_program()
    {
        Start(Line("goats", "Goats"), Line("sheep", "Sheep"));
        folder.Put(
            new Work { Source = "crossref", Doi = Goats.Value, Title = "Goats, corrected" },
            new Work { Source = "crossref", Doi = Sheep.Value, Title = "Sheep" });

        Start(Line("goats", "Goats, second printing"));

        var found = await folder.FetchAsync(Goats, Sheep);
        Assert.Equal("Goats, corrected", found[Goats].Title);
        Assert.Equal("Sheep", found[Sheep].Title);
    }

    [Fact]
    public void Every_shipped_work_is_whole_and_there_once()
    {
        var works = ShippedCatalogue.Works(ShippedCatalogue.Content());

        Assert.InRange(works.Count, 100, 300);
        Assert.Equal(works.Count, works.DistinctBy(work => work.Doi).Count());
        Assert.All(works, work =>
        {
            Assert.NotEmpty(work.Authors);
            Assert.All(work.Authors, author => Assert.NotNull(author.Given));
            Assert.InRange(work.Year ?? 0, 1950, 2026);
            Assert.True(work.Container is not null || work.Type == "posted-content", work.Doi);
            Assert.True(work.Title!.Length >= 25 && !work.Title.Contains('<'), work.Doi);
            Assert.True((work.Abstract?.Length ?? 0) <= 1_600, work.Doi);
            Assert.Null(work.CitationCount);
        });
    }

    [Fact]
    public void Every_shipped_work_is_as_Crossref_answered()
    {
        var corpora = MatchingCorpus.Folder;
        Assert.SkipUnless(corpora is not null, "No ../shared/corpora beside the project; nothing was compared.");
        var recorded = MatchingCorpus.Items(corpora).ToDictionary(item => item.Text("DOI")!.ToLowerInvariant());

        foreach (var work in ShippedCatalogue.Works(ShippedCatalogue.Content()))
        {
            // Turing's is not among Crossref's recorded answers; Semantic Scholar's says the same.
            if (!recorded.TryGetValue(work.Doi!, out var item) && work.Doi == "10.1093/mind/lix.236.433")
                continue;
            var answer = CrossrefAnswer.Read(item)!;
            Assert.Equal(FoldedText.Words(answer.Title), FoldedText.Words(work.Title));
            Assert.Equal(
                answer.Authors.Select(author => Spaced(author.Given, author.Family)),
                work.Authors.Select(author => Spaced(author.Given, author.Family)));
            Assert.Contains(work.Year, (int?[])[answer.Year, PrintYear(item)]);
            Assert.Equal((answer.Type, answer.Volume, answer.Issue), (work.Type, work.Volume, work.Issue));
            Assert.Equal(answer.Issns, work.Issns);
            if (work.Container is not null)
                Assert.Contains(work.Container, item.Texts("container-title").Select(ProviderText.FromMarkup));
        }
    }

    [Fact]
    public async Task The_sample_bibliography_shows_what_can_become_of_an_entry()
    {
        using var catalogue = await ShippedAsync();
        var file = BibFile.Parse(await File.ReadAllBytesAsync(Sample(), TestContext.Current.CancellationToken));
        var inheritance = new BibInheritance(file);

        Dictionary<string, string> outcomes = [];
        foreach (var entry in file.Entries)
            outcomes[entry.Key] = await OutcomeAsync(catalogue, entry, inheritance);

        Assert.Empty(file.Problems);
        Assert.Equal("10.1093/mind/lix.236.433", outcomes["turing1950"]);
        Assert.Equal("10.1007/s10032-015-0249-8", outcomes["tkaczyk2015cermine"]);
        Assert.Equal("10.1109/das.2012.4", outcomes["tkaczyk2012modular"]);
        Assert.Equal("10.7717/peerj.4794", outcomes["harrison2018mixed"]);
        Assert.Equal("10.7717/peerj.10050", outcomes["doyle2020clams"]);
        Assert.Equal("10.1371/journal.pbio.0040152", outcomes["chanut2006bats"]);
        Assert.Equal("10.1002/ece3.2314", outcomes["Perkins2016"]);
        Assert.StartsWith("ambiguous.several", outcomes["perkinsDraft"], StringComparison.Ordinal);
        Assert.Equal("10.1016/j.eng.2019.09.010", outcomes["lei2020geometric"]);
        Assert.Equal("10.1111/2041-210x.14013", outcomes["lapeyrolerie2023limits"]);
        Assert.Equal("10.7717/peerj.14627", outcomes["gundogdu2023fish"]);
        Assert.Equal("10.1371/journal.pone.0020476", outcomes["boulkedid2011delphi"]);
        Assert.StartsWith("miss.", outcomes["knuth1984texbook"], StringComparison.Ordinal);
        Assert.Equal(13, outcomes.Count);
    }

    static async Task<string> OutcomeAsync(WorkCatalogue catalogue, BibEntry entry, BibInheritance inheritance)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var ids = BibIdentifiers.Find(entry);
        if (ids.Count > 0)
            return (await catalogue.FetchAsync(ids, CatalogueFolder.User, cancellationToken)).Values.Single().Doi!;

        var query = new WorkQuery
        {
            Title = inheritance.Text(entry, "title")!,
            Authors = BibNames.Parse(entry.Value("author")!),
            Year = int.TryParse(inheritance.Text(entry, "year"), out var year) ? year : null,
            Container = inheritance.Text(entry, "journal") ?? inheritance.Text(entry, "booktitle"),
            Volume = inheritance.Text(entry, "volume"),
            EntryType = entry.Type,
        };
        var candidates = await catalogue.SearchAsync(query, CatalogueFolder.User, cancellationToken);
        return TitleMatcher.Judge(query, candidates) switch
        {
            Verdict.Accepted accepted => accepted.Work.Doi!,
            Verdict.Ambiguous ambiguous => ambiguous.Reason,
            Verdict.None none => none.Reason,
            var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
        };
    }

    Task<WorkCatalogue> ShippedAsync() =>
        ShippedCatalogue.EnsureAsync(folder.Path, TestContext.Current.CancellationToken);

    void Start(params string[] lines) =>
        ShippedCatalogue.Ensure(folder.Path, Encoding.UTF8.GetBytes(string.Join('\n', lines))).Dispose();

    static string Line(string name, string title) => $$"""{"DOI":"10.1000/{{name}}","title":["{{title}}"]}""";

    static string Spaced(string? given, string family) => string.Join(' ', FoldedText.Words($"{given} {family}"));

    static int? PrintYear(JsonElement item) =>
        item.Field("published-print").Items("date-parts").Select(parts => (int?)parts[0].GetInt32()).FirstOrDefault();

    static string Sample()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at!.FullName, "Actors.sln")))
            at = at.Parent;
        return Path.Combine(at.FullName, "samples", "references.bib");
    }
}
