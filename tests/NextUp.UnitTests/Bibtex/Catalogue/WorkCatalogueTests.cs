using Microsoft.Data.Sqlite;
using NextUp.Processors.Bibtex.Catalogue;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.UnitTests.Bibtex.Catalogue;

public sealed class WorkCatalogueTests : IDisposable
{
    static readonly Work Goats = new()
    {
        Source = "crossref",
        Doi = "10.1000/goats",
        Title = "Learning to walk in difficult terrain: a study of Müller's goats",
        Authors = [new("Ada", "Sørensen")],
        Year = 2012,
        Type = "journal-article",
    };

    readonly CatalogueFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_catalogue_of_the_first_version_is_brought_up_and_keeps_its_works()
    {
        folder.Put(Goats);
        using (var old = CatalogueSchema.Open(folder.Path, SqliteOpenMode.ReadWriteCreate))
            old.Execute("DROP INDEX works_corpus; ALTER TABLE works DROP COLUMN corpus; PRAGMA user_version = 1");

        using (WorkCatalogue.Open(folder.Path))
            folder.Put(Goats with { Doi = null, CorpusId = "456", Title = "Later" });

        WorkId doi = new(WorkIdScheme.Doi, "10.1000/goats"), corpus = new(WorkIdScheme.CorpusId, "456");
        var found = await folder.FetchAsync(doi, corpus);
        Assert.Equal((Goats.Title, "Later"), (found[doi].Title, found[corpus].Title));
    }

    [Fact]
    public async Task A_batch_finds_works_by_every_kind_of_id_and_leaves_out_what_is_unknown()
    {
        folder.Put(
            Goats,
            Goats with { Doi = null, ArxivId = "1706.03762", Title = "On arXiv" },
            Goats with { Doi = "10.1000/sheep", Pmid = "123", Title = "In PubMed" },
            Goats with { Doi = null, CorpusId = "456", Title = "At Semantic Scholar" });

        WorkId doi = new(WorkIdScheme.Doi, "10.1000/goats"), arxiv = new(WorkIdScheme.Arxiv, "1706.03762"),
            arxivDoi = new(WorkIdScheme.Doi, "10.48550/arxiv.1706.03762"), pmid = new(WorkIdScheme.Pmid, "123");
        WorkId corpus = new(WorkIdScheme.CorpusId, "456");
        var found = await folder.FetchAsync(doi, arxiv, arxivDoi, pmid, corpus, new(WorkIdScheme.Doi, "10.1/none"));

        Assert.Equal(5, found.Count);
        Assert.Equal("At Semantic Scholar", found[corpus].Title);
        Assert.Equal(Goats.Title, found[doi].Title);
        Assert.Equal("On arXiv", found[arxiv].Title);
        Assert.Equal("On arXiv", found[arxivDoi].Title);
        Assert.Equal("In PubMed", found[pmid].Title);
        Assert.Equal("catalogue", found[doi].Source);
    }

    [Fact]
    public async Task An_arXiv_id_means_the_preprint_before_the_article_that_came_of_it()
    {
        folder.Put(
            Goats with { ArxivId = "2001.00001" },
            Goats with { Doi = "10.48550/arxiv.2001.00001", ArxivId = "2001.00001" });

        var id = new WorkId(WorkIdScheme.Arxiv, "2001.00001");
        var found = await folder.FetchAsync(id);

        Assert.Equal("10.48550/arxiv.2001.00001", found[id].Doi);
    }

    [Theory]
    [InlineData("learning to walk in difficult terrain")]
    [InlineData("Learning to Walk in Difficult Terrain: A Study of {M\\\"u}ller's Goats")]
    [InlineData("Learning to walk in dificult terrain")]
    [InlineData("Walking of a goat")]
    public async Task A_search_finds_a_title_with_slips(string title)
    {
        folder.Put(Goats, Goats with { Doi = "10.1/other", Title = "The theory of everything else" });

        var found = await folder.SearchAsync(new() { Title = title, EntryType = "article" });

        Assert.Equal("10.1000/goats", found[0].Doi);
    }

    [Fact]
    public async Task A_search_answers_no_more_than_its_limit_and_the_fitting_ones_first()
    {
        var editorials = Enumerable.Range(1, CatalogueSearch.SameTitleMax).Select(n => Goats with
        {
            Doi = $"10.1/{n}", Title = "Editorial", Pages = $"{n}-{n + 1}", Container = "Goats Today",
        });
        folder.Put([.. editorials]);

        var query = new WorkQuery
        {
            Title = "Editorial", Pages = "150", Container = "Goats Today", EntryType = "article",
        };
        var found = await folder.SearchAsync(query);

        Assert.Equal(WorkCatalogue.CandidatesMax, found.Count);
        Assert.Equal("10.1/150", found[0].Doi);
    }

    [Fact]
    public async Task A_title_whose_only_rare_word_is_misspelled_is_found_by_its_frequent_words_together()
    {
        var crowd = Enumerable.Range(0, 2 * CatalogueSearch.FrequentWorksMin).Select(n => Goats with
        {
            Doi = $"10.1/{n}", Title = n % 2 == 0 ? $"Mountain {n}" : $"Goats {n}", Authors = [],
        });
        folder.Put([.. crowd, Goats with { Title = "Mountain goats and their terrain", Authors = [] }]);

        var found = await folder.SearchAsync(new() { Title = "Mountain goats and their terain", EntryType = "misc" });

        Assert.Equal("10.1000/goats", Assert.Single(found).Doi);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\" OR title:* NEAR( AND )")]
    [InlineData("the of and")]
    [InlineData("NOT")]
    public async Task A_title_that_is_no_question_finds_nothing_and_breaks_nothing(string title)
    {
        folder.Put(Goats);

        Assert.Empty(await folder.SearchAsync(new() { Title = title, EntryType = "misc" }));
    }

    [Fact]
    public async Task A_repeated_work_updates_and_keeps_what_is_not_said_again()
    {
        folder.Put(Goats with { Abstract = "They walk." });
        folder.Put(Goats with { CitationCount = 7, Title = "A new title" });

        var id = new WorkId(WorkIdScheme.Doi, "10.1000/goats");
        var work = (await folder.FetchAsync(id))[id];

        Assert.Equal(("They walk.", 7), (work.Abstract, work.CitationCount));
        Assert.Equal(1, await folder.CountAsync());
        Assert.Empty(await folder.SearchAsync(new() { Title = "difficult terrain", EntryType = "misc" }));
        Assert.Single(await folder.SearchAsync(new() { Title = "a new title", EntryType = "misc" }));
    }

    [Fact]
    public async Task A_preprint_and_its_article_stay_two_works()
    {
        folder.Put(
            Goats with { ArxivId = "2001.00001" },
            Goats with { Doi = "10.48550/arxiv.2001.00001", ArxivId = "2001.00001" });

        Assert.Equal(2, await folder.CountAsync());
    }

    [Fact]
    public async Task A_work_that_gains_its_DOI_stays_one_work()
    {
        folder.Put(Goats with { Doi = null, Pmid = "77" });
        folder.Put(Goats with { Pmid = "77" });

        Assert.Equal(1, await folder.CountAsync());
    }

    [Fact]
    public async Task What_was_not_committed_has_not_happened()
    {
        folder.Put(Goats);
        using (var writer = new CatalogueWriter(folder.Path))
            writer.Put(Goats with { Doi = "10.1/lost" });

        Assert.Equal(1, await folder.CountAsync());
    }

    [Fact]
    public async Task Readers_go_on_while_one_writes()
    {
        folder.Put(Goats);
        using var writer = new CatalogueWriter(folder.Path);
        writer.Put(Goats with { Doi = "10.1/second" });

        Assert.Equal(1, await folder.CountAsync());
        writer.Commit();
        Assert.Equal(2, await folder.CountAsync());
    }

    [Fact]
    public void A_file_that_is_no_catalogue_is_refused_with_the_way_out()
    {
        var error = Assert.Throws<CatalogueFileException>(
            () => WorkCatalogue.Open(folder.Write("works.db", new('x', 5000))));

        Assert.Contains("works.db cannot be opened", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("move it away to begin anew.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_went_away_makes_the_provider_unavailable()
    {
        folder.Put(Goats);
        folder.Catalogue.Dispose();
        File.Delete(folder.Path);

        var error = await Assert.ThrowsAsync<WorkProviderUnavailableException>(folder.CountAsync);
        Assert.Equal("catalogue", error.Provider);
    }
}
