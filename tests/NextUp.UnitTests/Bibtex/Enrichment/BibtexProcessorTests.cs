using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Processors.Bibtex.Enrichment;
using NextUp.Processors.Bibtex.Text;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.UnitTests.Bibtex.Enrichment;

public sealed class BibtexProcessorTests
{
    static readonly Work Shannon = new()
    {
        Source = "", Doi = "10.1002/j.1538-7305.1948.tb01338.x", Title = "A Mathematical Theory of Communication",
        Authors = [new("C. E.", "Shannon")], Year = 1948, Type = "journal-article",
        Container = "Bell System Technical Journal",
        Volume = "27", Issue = "3", Pages = "379-423", Publisher = "Wiley & Sons", Issns = ["0005-8580"],
        CitationCount = 40_000,
        Url = "https://doi.org/10.1002/j.1538-7305.1948.tb01338.x",
    };

    static readonly Work Turing = new()
    {
        Source = "", Doi = "10.1093/mind/lix.236.433", Title = "Computing Machinery and Intelligence",
        Authors = [new("A. M.", "Turing")], Year = 1950, Type = "journal-article", Container = "Mind", Volume = "LIX",
        Issue = "236",
        Pages = "433-460", Abstract = "I propose to consider the question, 50 % of it: “Can machines think?”",
        CitationCount = 17,
        JournalMeanCitedness = 2.5, Pmid = "12345",
    };

    const string ShannonEntry =
        "@article{s,\n  title = {A Mathematical Theory of Communication},\n  author = {Shannon, C. E.},\n" +
        "  year = 1948\n}\n";

    const string TuringTitle = "title={Computing Machinery and Intelligence}";

    static readonly CancellationToken Never = CancellationToken.None;

    static BibtexProcessor Processor(params IWorkProvider[] providers) =>
        new(providers, new() { BatchEntries = 2 }, new Day());

    static async Task<FinishedJob> Enriched(string bib, string? options, params IWorkProvider[] providers) =>
        new(await Processor(providers).RunAsync(new ScriptedRun(bib, options), Never));

    [Fact]
    public async Task An_entry_found_by_its_title_gets_what_it_lacks_and_says_where_that_is_from()
    {
        var job = await Enriched("% free text\n" + ShannonEntry, null, new KnownWorks("crossref", Shannon));
        Assert.Equal("""
            % free text
            @article{s,
              title = {A Mathematical Theory of Communication},
              author = {Shannon, C. E.},
              year = 1948,
              doi = {10.1002/j.1538-7305.1948.tb01338.x},
              doi_source = {crossref:title 1.00},
              url = {https://doi.org/10.1002/j.1538-7305.1948.tb01338.x},
              citation_count = {40000},
              citation_count_source = {crossref},
              citation_count_date = {2026-11-22},
              journal = {Bell System Technical Journal},
              volume = {27},
              number = {3},
              pages = {379--423},
              publisher = {Wiley \& Sons},
              issn = {0005-8580}
            }

            """, job.Bib);
        Assert.Equal("found", job.Outcome(0));
        Assert.Equal(("title", "crossref"),
            (job.Entry(0).GetProperty("foundBy").GetString(), job.Entry(0).GetProperty("provider").GetString()));
        Assert.Equal(["refs-enriched.bib", "refs-report.json", "refs-diff.json"], job.Files.Select(file => file.Name));
        Assert.Equal((1, 1, 12),
            (Count(job, "totalEntries"), Count(job, "enrichedEntries"), Count(job, "fieldsAdded")));
        Assert.Equal(1, job.Summary.GetProperty("byField").GetProperty("doi").GetInt32());
        var change = job.Difference.GetProperty("entries")[0].GetProperty("changes")[0];
        Assert.Equal(
            "{\"field\":\"doi\",\"kind\":\"added\",\"before\":null,\"after\":\"10.1002/j.1538-7305.1948.tb01338.x\"}",
            change.GetRawText());
        var abstracts = job.Report.GetProperty("fields").GetProperty("abstract");
        Assert.Equal((0, 1),
            (abstracts.GetProperty("acquired").GetInt32(), abstracts.GetProperty("missing").GetInt32()));
    }

    [Fact]
    public async Task What_nobody_knows_leaves_the_file_as_it_was_byte_for_byte()
    {
        var bib =
            "\uFEFF% x\r\n@article{a, title={No such work at all}}\r\n@book(b, author=\"X\")\r\n@article{c, title={o";
        var run = new ScriptedRun(bib);
        var job = new FinishedJob(await Processor(new KnownWorks("catalogue")).RunAsync(run, Never));
        Assert.Equal(Encoding.UTF8.GetBytes(bib), job.Files[0].Content);
        Assert.Equal(["not-found", "not-found", "unreadable"], Enumerable.Range(0, 3).Select(job.Outcome));
        Assert.Equal(2, Count(job, "notFound"));
        Assert.Equal("[1/3] ✗ No such work at all (nothing was found)", run.Lines[0]);
        Assert.Equal("[2/3] ✗ b (the entry has neither a title nor an identifier)", run.Lines[1]);
        Assert.Equal("[3/3] ✗ c (the entry could not be read whole)", run.Lines[2]);
    }

    [Fact]
    public async Task Later_providers_fill_what_earlier_ones_do_not_say()
    {
        var catalogue =
            new KnownWorks("catalogue",
            Turing with { Abstract = null, CitationCount = 1, JournalMeanCitedness = null });
        var openalex = new KnownWorks("openalex", Turing) { CanSearch = false };
        var job =
            await Enriched(
            "@article{t, title={Computing machinery and intelligence}, author={Alan M. Turing}, year=1950}", null,
            catalogue, openalex);
        var entry = BibFile.Parse(Encoding.UTF8.GetBytes(job.Bib)).Entries[0];
        Assert.Equal(Turing.Abstract, entry.Text("abstract"));
        Assert.Equal(("17", "openalex"), (entry.Text("citation_count"), entry.Text("citation_count_source")));
        Assert.Equal("2.5", entry.Text("journal_2yr_mean_citedness"));
        Assert.Null(entry.Text("journal_impact_factor"));
        Assert.Equal("catalogue:title 1.00", entry.Text("doi_source"));
        Assert.Equal(new WorkId(WorkIdScheme.Doi, Turing.Doi!), openalex.Fetches.Single()[0]);
    }

    [Fact]
    public async Task A_whole_batch_of_identifiers_is_one_question()
    {
        var provider = new KnownWorks("crossref", Shannon, Turing);
        await Enriched($"@article{{a, doi={{{Shannon.Doi}}}}}\n@article{{b, doi={{https://doi.org/{Turing.Doi}}}}}",
            null, provider);
        Assert.Equal([Shannon.Doi, Turing.Doi], provider.Fetches[0].Select(id => id.Value));
        Assert.Empty(provider.Searches);
    }

    [Fact]
    public async Task A_DOI_of_another_work_is_told_and_nothing_is_put_in()
    {
        var bib =
            $"@article{{t, {TuringTitle}, author={{Turing, A. M.}}, doi={{{Shannon.Doi}}}}}";
        var job = await Enriched(bib, "{\"policy\":\"overwrite\"}", new KnownWorks("crossref", Shannon, Turing));
        Assert.Equal(bib, job.Bib);
        Assert.Equal("wrong-doi", job.Outcome(0));
        Assert.Contains("is of another work", job.Entry(0).GetProperty("warnings")[0].GetString(),
            StringComparison.Ordinal);
        Assert.Equal(Turing.Doi, job.Entry(0).GetProperty("candidates")[0].GetProperty("doi").GetString());
    }

    [Fact]
    public async Task A_DOI_that_nobody_knows_is_told_and_left_while_the_title_finds_the_rest()
    {
        var job = await Enriched(
            $"@article{{t, {TuringTitle}, author={{Turing, A. M.}}, year=1950, doi={{10.9999/dead}}}}", null,
            new KnownWorks("crossref", Turing));
        var entry = BibFile.Parse(Encoding.UTF8.GetBytes(job.Bib)).Entries[0];
        Assert.Equal(("10.9999/dead", "Mind"), (entry.Text("doi"), entry.Text("journal")));
        Assert.Equal("The DOI 10.9999/dead in the entry is not known to crossref; it was left as it is.",
            job.Entry(0).GetProperty("warnings")[0].GetString());
    }

    [Fact]
    public async Task Two_works_that_fit_are_listed_and_nothing_is_put_in()
    {
        var twin = Turing with { Doi = "10.1000/twin", Pmid = null };
        var bib = $"@article{{t, {TuringTitle}, author={{Turing, A. M.}}, year=1950}}";
        var job = await Enriched(bib, null, new KnownWorks("crossref", Turing, twin));
        Assert.Equal(bib, job.Bib);
        Assert.Equal("ambiguous", job.Outcome(0));
        Assert.Equal([Turing.Doi, twin.Doi],
            job.Entry(0).GetProperty("candidates").EnumerateArray().Select(candidate =>
            candidate.GetProperty("doi").GetString()));
        Assert.Equal(1, Count(job, "ambiguous"));
    }

    [Fact]
    public async Task Facts_of_another_place_than_the_entry_names_are_not_put_in()
    {
        var job = await Enriched(
            $"@article{{t, {TuringTitle}, journal={{CoRR}}, doi={{{Turing.Doi}}}}}",
            null,
            new KnownWorks("crossref", Turing));
        var entry = BibFile.Parse(Encoding.UTF8.GetBytes(job.Bib)).Entries[0];
        Assert.Equal(("1950", null, null),
            (entry.Text("year"), entry.Text("volume"), entry.Text("journal_2yr_mean_citedness")));
    }

    [Theory]
    [InlineData(null, "3", "Old abstract")]
    [InlineData("{\"policy\":\"refresh-metrics\"}", "17", "Old abstract")]
    [InlineData("{\"policy\":\"overwrite\"}", "17",
        "I propose to consider the question, 50 % of it: “Can machines think?”")]
    [InlineData("{\"policy\":\"overwrite\",\"fields\":[\"citation_count\"]}", "17", "Old abstract")]
    public async Task The_policy_decides_what_gives_way(string? options, string count, string text)
    {
        var job = await Enriched(
            $"@article{{t, {TuringTitle}, doi={{{Turing.Doi}}}, citation_count=3, abstract={{Old abstract}}}}",
            options, new KnownWorks("crossref", Turing));
        var entry = BibFile.Parse(Encoding.UTF8.GetBytes(job.Bib)).Entries[0];
        Assert.Equal((count, text), (entry.Text("citation_count"), entry.Text("abstract")));
        if (count != "3")
            Assert.Contains("{\"field\":\"citation_count\",\"kind\":\"changed\",\"before\":\"3\",\"after\":\"17\"}",
            job.Difference.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_chosen_fields_are_put_in()
    {
        var job =
            await Enriched(ShannonEntry, "{\"fields\":[\"doi\",\"journal\"]}", new KnownWorks("crossref", Shannon));
        Assert.Equal(["title", "author", "year", "doi", "doi_source", "journal"],
            BibFile.Parse(Encoding.UTF8.GetBytes(job.Bib)).Entries[0].FieldNames);
    }

    [Theory]
    [InlineData("[]", "no JSON object")]
    [InlineData("{", "no JSON")]
    [InlineData("{\"fields\":\"doi\"}", "fields is no list")]
    [InlineData("{\"fields\":[]}", "names no field")]
    [InlineData("{\"fields\":[\"dio\"]}", "\"dio\", which is not known; known are doi,")]
    [InlineData("{\"policy\":\"all\"}", "it can be missing-only, refresh-metrics, overwrite")]
    [InlineData("{\"polcy\":\"overwrite\"}", "no option \"polcy\"")]
    public async Task Options_that_are_wrong_end_the_job_with_what_is_wrong(string options, string why)
    {
        var outcome =
            await Processor(new KnownWorks("crossref")).RunAsync(new ScriptedRun(ShannonEntry, options), Never);
        Assert.Contains(why, Assert.IsType<JobOutcome.GiveUp>(outcome).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preprint_gets_its_archive_and_an_empty_field_is_filled()
    {
        var work =
            Turing with { ArxivId = "1234.56789", Type = "posted-content", Container = null,
            Doi = "10.48550/arxiv.1234.56789" };
        var job =
        await Enriched(
        "@misc{t, title={Computing Machinery and Intelligence}, url={http://arxiv.org/abs/1234.56789}, doi={}}",
            "{\"fields\":[\"eprint\",\"doi\"]}", new KnownWorks("arxiv", work));
        Assert.Equal("@misc{t, title={Computing Machinery and Intelligence}, url={http://arxiv.org/abs/1234.56789}, " +
                     "doi={10.48550/arxiv.1234.56789}, doi_source={arxiv:arxiv}, " +
                     "eprint={1234.56789}, archivePrefix={arXiv}}", job.Bib);
    }

    [Fact]
    public async Task A_retracted_work_is_told()
    {
        var job = await Enriched(ShannonEntry, null, new KnownWorks("crossref", Shannon with { IsRetracted = true }));
        Assert.Equal("This work has been retracted, says crossref.",
            job.Entry(0).GetProperty("warnings")[0].GetString());
    }

    [Theory]
    [InlineData("refs.bib", "refs-enriched.bib")]
    [InlineData("../../etc/pass\"wd\r\n.BIB", "passwd-enriched.bib")]
    [InlineData("C:\\x\\Bücher 📚.bib", "Bücher 📚-enriched.bib")]
    [InlineData(".bib", "references-enriched.bib")]
    [InlineData("a.txt", "a.txt-enriched.bib")]
    public void The_result_is_named_after_the_upload(string fileName, string name) =>
        Assert.Equal(name, EnrichedFile.NameFor(fileName));

    static int Count(FinishedJob job, string name) => job.Summary.GetProperty(name).GetInt32();

    sealed class Day : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 22, 23, 59, 0, TimeSpan.Zero);
    }
}
