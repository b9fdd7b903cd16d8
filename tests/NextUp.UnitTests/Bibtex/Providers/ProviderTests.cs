using NextUp.Actors.Users;
using NextUp.Processors.Bibtex.Providers;
using NextUp.Processors.Bibtex.Works;
using NextUp.ScholarStubs;

namespace NextUp.UnitTests.Bibtex.Providers;

/// <summary>The five providers end to end: through the client and the cache to the stub and back.</summary>
public sealed partial class ProviderTests : IAsyncLifetime
{
    static readonly UserId Ada = UserId.Account("ada");
    static readonly WorkId TuringId = Doi(ScholarWorks.Turing);
    static readonly WorkId AttentionId = new(WorkIdScheme.Arxiv, "1706.03762");
    static readonly WorkId UnknownId = new(WorkIdScheme.Doi, "10.1000/unknown");

    readonly string _folder = Directory.CreateTempSubdirectory("nextup-providers-").FullName;
    readonly HandClock _clock = new(TimeSpan.FromMinutes(2));
    ScholarStub _stub = null!;
    WorkProviders _providers = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stub = await ScholarStub.StartAsync(ScholarWorks.All);
        _providers = WorkProviders.Create(
            _stub.Options() with { CachePath = Path.Combine(_folder, "works.db") }, [], _clock, new Random(1));
    }

    public async ValueTask DisposeAsync()
    {
        _providers.Dispose();
        await _stub.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Crossref_gives_all_that_is_said_of_a_work()
    {
        var work = (await FetchAsync("crossref", TuringId))[TuringId];

        Assert.Equivalent(
            new Work
            {
                Source = "crossref", Doi = "10.1093/mind/lix.236.433", Title = "Computing Machinery and Intelligence",
                Authors = [new("A. M.", "Turing")], Year = 1950, Type = "journal-article", Container = "Mind",
                Volume = "LIX", Issue = "236", Pages = "433-460", Publisher = "Oxford University Press (OUP)",
                Issns = ["0026-4423"], Abstract = "I propose to consider the question, “Can machines think?”",
                    CitationCount = 10059,
                Url = "https://doi.org/10.1093/mind/lix.236.433",
            },
            work, strict: true);
    }

    [Fact]
    public async Task Crossref_is_asked_for_many_at_once_and_by_path_for_what_a_filter_cannot_carry()
    {
        var works = await FetchAsync("crossref", TuringId, Doi(ScholarWorks.Cermine), UnknownId,
            Doi(ScholarWorks.Deerwester));

        Assert.Equal(3, works.Count);
        Assert.Equal("Indexing by latent semantic analysis", works[Doi(ScholarWorks.Deerwester)].Title);
        Assert.Equal(2, _stub.RequestsTo("crossref").Count);
    }

    [Fact]
    public async Task Crossref_refusing_a_filter_is_asked_one_by_one_and_only_the_bad_one_is_lost()
    {
        var bad = new WorkId(WorkIdScheme.Doi, "11.1000/not-a-doi");

        var works = await FetchAsync("crossref", TuringId, bad, Doi(ScholarWorks.Cermine));

        Assert.Equal([TuringId, Doi(ScholarWorks.Cermine)], works.Keys);
        Assert.Equal(4, _stub.RequestsTo("crossref").Count);
    }

    [Fact]
    public async Task Crossref_is_asked_in_batches_of_fifty()
    {
        await FetchAsync("crossref",
            [.. Enumerable.Range(0, 51).Select(i => new WorkId(WorkIdScheme.Doi, $"10.1000/{i}"))]);

        var requests = _stub.RequestsTo("crossref");
        Assert.Equal(2, requests.Count);
        Assert.Contains("rows=50", requests[0].Target, StringComparison.Ordinal);
        Assert.Contains("/works/10.1000%2F50", requests[1].Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAlex_gives_abstract_counts_and_the_journals_mean_citedness()
    {
        var work = (await FetchAsync("openalex", TuringId))[TuringId];

        Assert.Equal(ScholarWorks.Turing.Abstract, work.Abstract);
        Assert.Equal(10059, work.CitationCount);
        Assert.Equal(1.9, work.JournalMeanCitedness);
        Assert.Equal("433-460", work.Pages);
        Assert.Equal("journal-article", work.Type);
    }

    [Fact]
    public async Task OpenAlex_is_asked_for_dois_and_arxiv_ids_together_and_for_pubmed_ids_apart()
    {
        var pmid = new WorkId(WorkIdScheme.Pmid, "25505402");

        var works = await FetchAsync("openalex", TuringId, AttentionId, pmid, UnknownId);

        Assert.Equal(3, works.Count);
        Assert.Equal("1706.03762", works[AttentionId].ArxivId);
        Assert.Equal(ScholarWorks.Cermine.Title, works[pmid].Title);
        Assert.Equal(3, _stub.RequestsTo("openalex").Count); // Two of works, one of sources.
    }

    [Fact]
    public async Task OpenAlex_is_asked_by_path_for_what_a_filter_cannot_carry()
    {
        var comma = new WorkId(WorkIdScheme.Doi, "10.1000/a,b");

        var works = await FetchAsync("openalex", TuringId, comma, Doi(ScholarWorks.Cermine));

        Assert.Equal(2, works.Count);
        Assert.Equal(3, _stub.RequestsTo("openalex").Count); // A batch, a single one, the journals.
    }

    [Fact]
    public async Task OpenAlex_journals_are_asked_for_once()
    {
        await FetchAsync("openalex", TuringId);
        await FetchAsync("openalex", Doi(ScholarWorks.Cermine), TuringId);

        Assert.Equal(["issn:0026-4423", "issn:1433-2833"], _stub.RequestsTo("openalex")
            .Where(request => request.Target.Contains("/sources", StringComparison.Ordinal))
            .Select(request => Uri.UnescapeDataString(request.Target.Split("filter=")[1].Split('&')[0])));
    }

    [Fact]
    public async Task OpenAlex_works_are_given_also_where_its_journals_cannot_be_asked_for()
    {
        await FetchAsync("openalex", UnknownId);
        _stub.Next("openalex", new StubFault.Slow(Task.CompletedTask), new StubFault.Status(401));

        var work = (await FetchAsync("openalex", TuringId))[TuringId];

        Assert.Equal("Mind", work.Container);
        Assert.Null(work.JournalMeanCitedness);
    }

    [Fact]
    public async Task OpenAlex_gets_the_key_in_its_query_and_nobody_else_gets_it()
    {
        await FetchAsync("openalex", TuringId);
        await FetchAsync("crossref", TuringId);
        await FetchAsync("semantic-scholar", TuringId);

        Assert.All(_stub.RequestsTo("openalex"),
            request => Assert.Contains("api_key=openalex-key", request.Target, StringComparison.Ordinal));
        Assert.Equal("s2-key", _stub.RequestsTo("semantic-scholar")[0].Headers["x-api-key"]);
        Assert.DoesNotContain(_stub.RequestsTo("crossref"), request =>
            request.Target.Contains("key", StringComparison.Ordinal) || request.Headers.ContainsKey("x-api-key"));
    }

    [Fact]
    public async Task Semantic_Scholar_answers_many_ids_of_any_scheme_in_one_request()
    {
        WorkId[] ids = [UnknownId, AttentionId, TuringId, new(WorkIdScheme.CorpusId, "14636783"),
            new(WorkIdScheme.Pmid, "25505402")];

        var works = await FetchAsync("semantic-scholar", ids);

        Assert.Equal(ids[1..], works.Keys);
        Assert.Equal("10.1093/mind/lix.236.433", works[TuringId].Doi);
        Assert.Equal(works[TuringId].Title, works[ids[3]].Title);
        Assert.Single(_stub.RequestsTo("semantic-scholar"));
    }

    [Fact]
    public async Task Semantic_Scholar_knowing_none_of_a_batch_is_no_failure()
    {
        Assert.Empty(await FetchAsync("semantic-scholar", UnknownId, new(WorkIdScheme.CorpusId, "1")));
        Assert.Single(_stub.RequestsTo("semantic-scholar"));
    }

    [Fact]
    public async Task Semantic_Scholar_refusing_a_batch_is_asked_for_its_halves()
    {
        _stub.Next("semantic-scholar", new StubFault.Status(400, """{"error":"Response would exceed maximum size"}"""));

        var works = await FetchAsync("semantic-scholar", TuringId, AttentionId, Doi(ScholarWorks.Cermine));

        Assert.Equal(3, works.Count);
        Assert.Equal(3, _stub.RequestsTo("semantic-scholar").Count);
    }

    [Fact]
    public async Task Semantic_Scholar_answering_with_too_few_places_is_not_believed()
    {
        _stub.Next("semantic-scholar", new StubFault.Body("[{\"paperId\":\"x\",\"title\":\"Wrong\"}]"u8.ToArray()));

        var works = await FetchAsync("semantic-scholar", UnknownId, TuringId);

        Assert.Equal(ScholarWorks.Turing.Title, works[TuringId].Title);
        Assert.False(works.ContainsKey(UnknownId));
    }

    [Fact]
    public async Task DataCite_is_asked_for_its_own_dois_and_once_for_a_prefix_that_may_not_be_its_own()
    {
        var framework = Doi(ScholarWorks.Framework);
        var thesis = Doi(ScholarWorks.Thesis);
        WorkId[] elsewhere = [.. Enumerable.Range(0, 9).Select(i => new WorkId(WorkIdScheme.Doi, $"10.1016/{i}"))];

        var works = await FetchAsync("datacite", [framework, thesis, .. elsewhere]);

        Assert.Equal([framework, thesis], works.Keys);
        Assert.Equal(new("Francis", "Gómez"), works[framework].Authors[0]);
        Assert.Equal(["dois/10.5281%2Fzenodo.3596961", "prefixes/10.12345", "dois/10.12345%2Fthesis.1",
            "prefixes/10.1016"],
            _stub.RequestsTo("datacite").Select(request => request.Target["/datacite/".Length..]));
    }

    [Fact]
    public async Task Arxiv_gives_the_preprint_under_its_own_doi()
    {
        var work = (await FetchAsync("arxiv", AttentionId, new(WorkIdScheme.Arxiv, "1234.56789")))[AttentionId];

        Assert.Equal("Attention Is All You Need", work.Title);
        Assert.Equal("10.48550/arxiv.1706.03762", work.Doi);
        Assert.Equal(2017, work.Year);
        Assert.Equal([new("Ashish", "Vaswani"), new("Noam", "Shazeer")], work.Authors);
    }

    [Fact]
    public async Task Arxiv_refusing_one_id_costs_only_that_one()
    {
        var works = await FetchAsync("arxiv", new(WorkIdScheme.Arxiv, "0000.00000"), AttentionId,
            new(WorkIdScheme.Arxiv, "nonsense"));

        Assert.Equal([AttentionId], works.Keys);
    }

    [Fact]
    public async Task Arxiv_counting_results_that_it_does_not_give_is_asked_again()
    {
        _stub.Next("arxiv", new StubFault.Body(System.Text.Encoding.UTF8.GetBytes(
            """
            <feed xmlns="http://www.w3.org/2005/Atom">
              <totalResults xmlns="http://a9.com/-/spec/opensearch/1.1/">1</totalResults>
            </feed>
            """), "application/atom+xml"));

        Assert.Single(await FetchAsync("arxiv", AttentionId));
    }

    [Theory]
    [InlineData("<!DOCTYPE feed [<!ENTITY a \"aaaa\">]><feed xmlns=\"http://www.w3.org/2005/Atom\">&a;</feed>")]
    [InlineData("<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry>")]
    [InlineData("<html/>")]
    [InlineData("")]
    public void What_is_no_whole_harmless_feed_is_not_read(string text) =>
        Assert.Null(ArxivAnswer.Many(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public async Task The_condition_of_every_service_is_told_with_the_pause_it_asked_for()
    {
        _stub.Next("crossref", new StubFault.TooMany("3600"));
        await Assert.ThrowsAsync<WorkProviderUnavailableException>(() => FetchAsync("crossref", TuringId));

        Assert.Equal(WorkProviders.Names, _providers.Conditions.Select(condition => condition.Name));
        Assert.Equal(TimeSpan.FromHours(1), _providers.Conditions[0].PauseLeft);
        Assert.All(_providers.Conditions.Skip(1), condition => Assert.Null(condition.PauseLeft));
        Assert.Equal(0, _providers.CacheFaultCount);
        Assert.Null(_providers.LastCacheFault);
    }

    [Fact]
    public async Task On_the_real_clock_it_works_the_same()
    {
        using var providers = WorkProviders.Create(_stub.Options(), [], TimeProvider.System, new Random(1));

        var works = await providers.Ordered[0].FetchAsync([TuringId, UnknownId], Ada, Cancel);

        Assert.Equal([TuringId], works.Keys);
    }

    [Fact]
    public async Task Arxiv_is_asked_once_in_three_seconds()
    {
        for (var i = 0; i < 4; i++)
            await FetchAsync("arxiv", new WorkId(WorkIdScheme.Arxiv, $"1706.0000{i}"));

        Assert.True(_clock.Jumped >= TimeSpan.FromSeconds(9), $"{_clock.Jumped}");
    }

    [Theory]
    [InlineData("crossref")]
    [InlineData("openalex")]
    [InlineData("semantic-scholar")]
    [InlineData("datacite")]
    [InlineData("arxiv")]
    public async Task What_was_found_and_what_was_not_is_asked_for_once_whoever_asks(string name)
    {
        WorkId[] ids = name switch
        {
            "datacite" => [Doi(ScholarWorks.Framework), new(WorkIdScheme.Doi, "10.5281/unknown")],
            "arxiv" => [AttentionId, new(WorkIdScheme.Arxiv, "1234.56789")],
            _ => [TuringId, UnknownId],
        };
        var first = await FetchAsync(name, ids);
        var before = _stub.RequestsTo(name).Count;

        var second = await Provider(name).FetchAsync(ids, UserId.Visitor("someone-else"), Cancel);

        Assert.Equal(before, _stub.RequestsTo(name).Count);
        Assert.Equivalent(first, second, strict: true);
    }

    [Fact]
    public async Task Aged_counts_are_asked_for_anew_and_given_up_where_the_service_is_away()
    {
        await FetchAsync("crossref", TuringId);
        _clock.Advance(WorkCache.CountsAge);
        Assert.Equal(10059, (await FetchAsync("crossref", TuringId))[TuringId].CitationCount);
        Assert.Equal(2, _stub.RequestsTo("crossref").Count);
        _clock.Advance(WorkCache.CountsAge);
        _stub.Next("crossref", new StubFault.Status(401), new StubFault.Status(401));

        var work = (await FetchAsync("crossref", TuringId))[TuringId];

        Assert.Equal("Mind", work.Container);
        Assert.Null(work.CitationCount);
        await Assert.ThrowsAsync<WorkProviderUnavailableException>(() => FetchAsync("crossref", UnknownId, TuringId));
    }

    [Fact]
    public async Task Ids_of_a_scheme_that_a_provider_does_not_know_are_absent_and_not_asked_for()
    {
        foreach (var provider in _providers.Ordered)
        {
            var others = Enum.GetValues<WorkIdScheme>().Except(provider.Schemes).Select(scheme =>
                new WorkId(scheme, "1")).ToList();
            Assert.Empty(await provider.FetchAsync(others, Ada, Cancel));
        }

        Assert.Empty(_stub.Requests);
    }

    static WorkId Doi(StubWork work) => new(WorkIdScheme.Doi, work.Doi!);

    IWorkProvider Provider(string name) => _providers.Ordered.Single(provider => provider.Name == name);

    Task<IReadOnlyDictionary<WorkId, Work>> FetchAsync(string name, params WorkId[] ids) =>
        Provider(name).FetchAsync(ids, Ada, Cancel);

    Task<IReadOnlyList<Work>> SearchAsync(string name, string title) =>
        Provider(name).SearchAsync(new() { Title = title, EntryType = "article" }, Ada, Cancel);
}
