using System.Text;
using NextUp.Processors.Bibtex.Enrichment;
using NextUp.Processors.Bibtex.Metrics;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.UnitTests.Bibtex.Enrichment;

public sealed class ImpactFactorTests
{
    const string Options = "{\"fields\":[\"journal_impact_factor\",\"journal_2yr_mean_citedness\"]}";
    const string Refresh = "{\"policy\":\"refresh-metrics\",\"fields\":[\"journal_impact_factor\"]}";

    static readonly Work Turing = new()
    {
        Source = "", Doi = "10.1093/mind/lix.236.433", Title = "Computing Machinery and Intelligence",
        Authors = [new("A. M.", "Turing")], Year = 1950, Type = "journal-article", Container = "Mind",
        Issns = ["0026-4423"], JournalMeanCitedness = 2.5,
    };

    [Theory]
    [InlineData("0026-4423,1.9,2024")]
    [InlineData("Mind,1.9,2024\nMind,1.8,2023")]
    public async Task The_operators_figure_is_put_in_with_its_source_and_the_open_one_under_its_own_name(string table)
    {
        var job = await EnrichedAsync("@article{t,\n  doi = {10.1093/mind/lix.236.433},\n}\n", Options, table);

        Assert.Equal("""
            @article{t,
              doi = {10.1093/mind/lix.236.433},
              journal_2yr_mean_citedness = {2.5},
              journal_impact_factor = {1.9},
              journal_impact_factor_source = {JCR 2024},
            }

            """, job.Bib);
        Assert.Equal(["openalex", "JCR 2024", "JCR 2024"],
            job.Entry(0).GetProperty("added").EnumerateArray().Select(field => field.GetProperty("source").GetString()));
    }

    [Fact]
    public async Task Without_a_table_no_entry_gets_an_impact_factor()
    {
        var job = await EnrichedAsync("@article{t, doi={10.1093/mind/lix.236.433}}", Options, null);

        Assert.Contains("journal_2yr_mean_citedness", job.Bib, StringComparison.Ordinal);
        Assert.DoesNotContain("impact", job.Bib, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_that_the_table_lacks_gets_no_impact_factor_of_another()
    {
        var job = await EnrichedAsync("@article{t, doi={10.1093/mind/lix.236.433}}", Options, "Mind & Language,1.9,2024");

        Assert.DoesNotContain("impact", job.Bib, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_lacks_nothing_else_gets_the_figure_of_the_journal_it_names_and_nobody_is_asked()
    {
        var provider = new KnownWorks("openalex", Turing) { Away = "is away" };
        var job = await EnrichedAsync("@article{t, journal={Mind}}",
            "{\"fields\":[\"journal_impact_factor\"]}", "Mind,1.9,2024", provider);

        Assert.Contains("journal_impact_factor={1.9}", job.Bib, StringComparison.Ordinal);
        Assert.Equal(("found", "journal", "JCR 2024"), (job.Outcome(0), job.Entry(0).GetProperty("foundBy").GetString(),
            job.Entry(0).GetProperty("provider").GetString()));
        Assert.Empty(provider.Fetches);
        Assert.Empty(provider.Searches);
    }

    [Fact]
    public async Task A_figure_that_is_there_stays_unless_it_is_to_be_brought_up_to_date()
    {
        const string entry =
            "@article{t, journal={Mind}, journal_impact_factor={1.8}, journal_impact_factor_source={JCR 2023}}";

        Assert.Equal(entry, (await EnrichedAsync(entry, Options, "Mind,1.9,2024")).Bib);
        Assert.Equal(
            "@article{t, journal={Mind}, journal_impact_factor={1.9}, journal_impact_factor_source={JCR 2024}}",
            (await EnrichedAsync(entry, Refresh, "Mind,1.9,2024")).Bib);
    }

    [Fact]
    public async Task A_source_without_a_figure_is_not_touched_and_gets_none_of_another_source()
    {
        const string entry = "@article{t, journal={Mind}, journal_impact_factor_source={my own}}";

        Assert.Equal(entry, (await EnrichedAsync(entry, "{\"fields\":[\"journal_impact_factor\"]}", "Mind,1.9,2024")).Bib);
    }

    [Fact]
    public async Task What_is_no_article_has_no_journal()
    {
        const string entry = "@book{t, journal={Mind}}";

        Assert.Equal(entry, (await EnrichedAsync(entry, "{\"fields\":[\"journal_impact_factor\"]}", "Mind,1.9,2024")).Bib);
    }

    static async Task<FinishedJob> EnrichedAsync(string bib, string options, string? table, KnownWorks? provider = null)
    {
        var metrics = table is null ? JournalMetrics.None : Assert.IsType<JournalMetricsReading.Usable>(
            JournalMetricsFile.Read(Encoding.UTF8.GetBytes(table), JournalMetrics.DefaultName)).Metrics;
        var processor = new BibtexProcessor(
            [provider ?? new KnownWorks("openalex", Turing)], new() { JournalMetrics = metrics }, TimeProvider.System);
        return new(await processor.RunAsync(new ScriptedRun(bib, options), CancellationToken.None));
    }
}
