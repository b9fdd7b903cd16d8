using System.Text;
using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Processors.Bibtex.Enrichment;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.UnitTests.Bibtex.Enrichment;

/// <summary>A job over the result of an earlier one: what its owner chose, and nothing else.</summary>
public sealed class RepeatTests
{
    const string Two =
        "@article{a,\n  title = {A Study of Queues in the Wild},\n  author = {One, A.}\n}\n" +
        "@article{b,\n  title = {Another Thing},\n  doi = {10.1000/wrong}\n}\n";

    static readonly CancellationToken Never = CancellationToken.None;
    static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    static readonly Work First = new()
    {
        Source = "", Doi = "10.1000/first", Title = "A Study of Queues in the Wild", Authors = [new("A.", "One")], Year = 2001,
        Type = "journal-article", Abstract = "The first.",
    };

    static readonly Work Second = First with { Doi = "10.1000/second", Abstract = "The second." };
    static readonly Work Wrong = First with { Doi = "10.1000/wrong", Title = "A Wrong Work Altogether" };

    readonly KnownWorks _works = new("crossref", First, Second, Wrong);

    async Task<FinishedJob> EnrichedAsync(string bib, string? options) =>
        new(await new BibtexProcessor([_works], new(), TimeProvider.System).RunAsync(
            new ScriptedRun(bib, options), Never));

    [Fact]
    public async Task The_candidate_that_a_person_chose_is_the_entrys_work()
    {
        var before = await EnrichedAsync(Two, null);
        Assert.Equal(("ambiguous", "wrong-doi"), (before.Outcome(0), before.Outcome(1)));
        Assert.Contains("10.1000/second", before.Entry(0).GetProperty("candidates").GetRawText(), StringComparison.Ordinal);

        var after = await EnrichedAsync(before.Bib, """{"accept":{"a":"https://doi.org/10.1000/SECOND"},"only":[]}""");

        Assert.Equal(("found", "skipped"), (after.Outcome(0), after.Outcome(1)));
        Assert.Equal("chosen by user", after.Entry(0).GetProperty("foundBy").GetString());
        Assert.Contains("doi = {10.1000/second},\n  doi_source = {crossref:chosen by user}", after.Bib,
            StringComparison.Ordinal);
        Assert.Contains("abstract = {The second.}", after.Bib, StringComparison.Ordinal);
        Assert.Equal(1, after.Summary.GetProperty("skipped").GetInt32());
    }

    [Fact]
    public async Task A_choice_overrules_the_entrys_own_DOI_and_its_title_but_says_that_the_title_differs()
    {
        var after = await EnrichedAsync(Two, """{"accept":{"b":"10.1000/first"},"only":[],"fields":["year"]}""");

        Assert.Equal("found", after.Outcome(1));
        Assert.Contains("doi = {10.1000/first}", after.Bib, StringComparison.Ordinal);
        Assert.DoesNotContain("10.1000/wrong", after.Bib, StringComparison.Ordinal);
        Assert.Contains("year = {2001}", after.Bib, StringComparison.Ordinal);
        Assert.Contains("another title", after.Entry(1).GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
        Assert.Empty(_works.Searches);
    }

    [Fact]
    public async Task A_chosen_work_that_nobody_knows_changes_nothing()
    {
        var after = await EnrichedAsync(Two, """{"accept":{"a":"10.1000/nowhere"},"only":[]}""");

        Assert.Equal(Two, after.Bib);
        Assert.Equal("not-found", after.Outcome(0));
        Assert.Contains("10.1000/nowhere", after.Entry(0).GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_named_entries_are_looked_up()
    {
        var after = await EnrichedAsync(Two, """{"only":["b"]}""");

        Assert.Equal(("skipped", "wrong-doi"), (after.Outcome(0), after.Outcome(1)));
        Assert.DoesNotContain(First.Title!, _works.Searches);
    }

    [Theory]
    [InlineData("""{"accept":{"a":"no work"}}""", "no work")]
    [InlineData("""{"accept":["a"]}""", "accept")]
    [InlineData("""{"only":"a"}""", "only")]
    [InlineData("""{"only":[1]}""", "only")]
    [InlineData("""{"only":["c"]}""", "\"c\"")]
    [InlineData("""{"accept":{"c":"10.1000/first"}}""", "\"c\"")]
    public async Task A_choice_that_cannot_be_fails_the_job_and_is_named(string options, string named)
    {
        var outcome = await new BibtexProcessor([_works], new(), TimeProvider.System).RunAsync(
            new ScriptedRun(Two, options), Never);

        Assert.Contains(named, Assert.IsType<JobOutcome.GiveUp>(outcome).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_entries_are_those_that_were_not_found_or_could_not_be_asked_for()
    {
        var report = await ReportAsync();

        Assert.Equal("""{"fields":["doi"],"only":["a","b"]}""",
            Options(RepeatChoice.Of("""{"fields":["doi"],"only":["x"]}""", report, new(None, [], Failed: true))));
        Assert.Equal("""{"accept":{"a":"10.1000/first"},"only":["b"]}""",
            Options(RepeatChoice.Of(null, report, new(Accept("a"), [], Failed: true))));
        Assert.Equal("""{"accept":{"a":"10.1000/first"},"only":[]}""",
            Options(RepeatChoice.Of(null, report, new(Accept("a"), [], Failed: false))));
        Assert.Null(Options(RepeatChoice.Of(null, report, new(None, [], Failed: false))));
        Assert.Null(Options(RepeatChoice.Of(null, null, new(None, [], Failed: true))));
    }

    [Fact]
    public async Task An_entry_that_the_job_does_not_have_is_refused_by_name()
    {
        var report = await ReportAsync();

        Assert.Contains("\"c\"", Reason(RepeatChoice.Of(null, report, new(Accept("c"), [], Failed: false))),
            StringComparison.Ordinal);
        Assert.Contains("\"d\"", Reason(RepeatChoice.Of(null, report, new(None, ["d"], Failed: false))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_entries_can_be_named_as_the_limit_says_and_no_more()
    {
        var keys = Enumerable.Range(0, EnrichmentChoice.EntriesNamedMax + 1).Select(i => $"k{i}").ToList();

        Assert.IsType<RepeatReading.Chosen>(RepeatChoice.Of(null, null, new(None, keys[1..], Failed: false)));
        Assert.IsType<RepeatReading.Refused>(RepeatChoice.Of(null, null, new(None, keys, Failed: false)));
        var report = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
        {
            entries = keys.Select(key => new { key, outcome = "not-found", notCheckedBy = Array.Empty<string>() }),
        }));
        Assert.Null(Options(RepeatChoice.Of(null, report, new(None, [], Failed: true))));
    }

    [Fact]
    public void Where_nothing_failed_nothing_is_looked_up_again()
    {
        var report = """{"entries":[{"key":"a","outcome":"found","notCheckedBy":[]}]}"""u8.ToArray();

        Assert.Contains("No entry", Reason(RepeatChoice.Of(null, report, new(None, [], Failed: true))), StringComparison.Ordinal);
    }

    async Task<byte[]> ReportAsync() =>
        (await EnrichedAsync(Two, null)).Files.Single(file => file.Role == FileRole.Report).Content!;

    static Dictionary<string, string> Accept(string key) => new() { [key] = "10.1000/first" };

    static string? Options(RepeatReading reading) => Assert.IsType<RepeatReading.Chosen>(reading).Options;

    static string Reason(RepeatReading reading) => Assert.IsType<RepeatReading.Refused>(reading).Reason;
}
