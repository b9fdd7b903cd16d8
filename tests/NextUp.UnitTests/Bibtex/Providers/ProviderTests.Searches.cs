using NextUp.Processors.Bibtex.Providers;
using NextUp.Processors.Bibtex.Works;
using NextUp.ScholarStubs;

namespace NextUp.UnitTests.Bibtex.Providers;

/// <summary>What all that can be searched have in common.</summary>
public sealed partial class ProviderTests
{
    [Theory]
    [InlineData("crossref")]
    [InlineData("openalex")]
    [InlineData("semantic-scholar")]
    public async Task A_search_gives_the_best_candidate_first(string provider)
    {
        var works = await SearchAsync(provider, "CERMINE: {automatic} extraction, of | structured \"metadata\"");

        Assert.Equal(ScholarWorks.Cermine.Title, works[0].Title);
        Assert.Equal("10.1007/s10032-015-0249-8", works[0].Doi);
        Assert.Equal("Tkaczyk", works[0].Authors[0].Family);
    }

    [Theory]
    [InlineData("crossref")]
    [InlineData("openalex")]
    [InlineData("semantic-scholar")]
    public async Task A_search_without_candidates_is_empty_and_is_not_asked_again_that_day(string provider)
    {
        Assert.Empty(await SearchAsync(provider, "zzzz"));
        Assert.Empty(await SearchAsync(provider, "Zzzz!"));

        Assert.Single(_stub.RequestsTo(provider));
    }

    [Theory]
    [InlineData("crossref")]
    [InlineData("openalex")]
    [InlineData("semantic-scholar")]
    public async Task A_search_that_is_refused_is_unavailability_and_not_remembered_as_no_candidates(string provider)
    {
        _stub.Next(provider, new StubFault.Status(400, "select-not-available"));

        var error = await Assert.ThrowsAsync<WorkProviderUnavailableException>(() => SearchAsync(provider, "CERMINE"));

        Assert.Equal($"{provider}: refused the question: select-not-available", error.Message);
        Assert.NotEmpty(await SearchAsync(provider, "CERMINE"));
    }

    [Theory]
    [InlineData("crossref")]
    [InlineData("openalex")]
    [InlineData("semantic-scholar")]
    [InlineData("arxiv")]
    public async Task A_list_that_is_not_there_is_a_wrong_address_and_not_unknown_works(string provider)
    {
        _stub.Next(provider, new StubFault.Status(404, "{}", "application/json"));
        WorkId[] ids = provider == "arxiv" ? [AttentionId] : [TuringId, UnknownId];

        var error = await Assert.ThrowsAsync<WorkProviderUnavailableException>(() => FetchAsync(provider, ids));

        Assert.Equal("has no such list; is its base address right?", error.Reason);
        Assert.Single(await FetchAsync(provider, ids));
    }
}
