using System.Text;
using NextUp.Processors.Bibtex.Metrics;

namespace NextUp.UnitTests.Bibtex.Metrics;

public sealed class JournalMetricsTests
{
    [Theory]
    [InlineData("journal,value,year\n0028-0836,50.5,2024\n")]
    [InlineData("ISSN;JIF;Edition\r\n00280836;50.5;2024\r\n\r\n")]
    [InlineData("\uFEFF0028-0836\t50.5\t2024")]
    [InlineData("\"0028-0836\", \"50.5\" ,2024")]
    public void A_table_is_read_however_it_is_written(string table)
    {
        var metrics = Usable(table);

        Assert.Equal(new JournalMetric("50.5", 2024), metrics.Find(["0028-0836, 1476-4687"], null));
        Assert.Null(metrics.Find(["1476-4687"], "Nature"));
    }

    [Fact]
    public void The_newest_year_counts_whatever_the_order_of_the_rows()
    {
        var metrics = Usable("Nature,48.5,2023\nNature,50.5,2024\nNature,64.8,2022");

        Assert.Equal(new JournalMetric("50.5", 2024), metrics.Find([], "NATURE"));
        Assert.Equal(1, metrics.Count);
    }

    [Theory]
    [InlineData("Proceedings of the Royal Society, Series B", true)]
    [InlineData("The Proceedings of the Royal Society, Series {B}", true)]
    [InlineData("Proc. R. Soc. B", false)]
    [InlineData("Proceedings of the Royal Society, Series A", false)]
    public void A_title_is_the_same_but_for_case_accents_and_punctuation_or_another(string title, bool isFound)
    {
        var metrics = Usable("\"Proceedings of the Royal Society, Series B\",3.8,2024");

        Assert.Equal(isFound, metrics.Find([], title) is not null);
    }

    [Fact]
    public void A_journal_without_a_figure_is_passed_over()
    {
        Assert.Equal(0, Usable("Nature,N/A,2024\nMind,,2024").Count);
        Assert.Equal("<0.1", Usable("Nature,<0.1,2024").Find([], "Nature")?.Value);
    }

    [Theory]
    [InlineData("Nature,50.5", "line 1: there are 2 fields, not 3")]
    [InlineData("j,v,y\nNature,50,5,2024", "line 2: there are 4 fields, not 3")]
    [InlineData("j,v,y\n\n0028-0837,50.5,2024", "line 3: 0028-0837 is no ISSN: its last digit does not fit the others")]
    [InlineData("--,50.5,2024", "line 1: the journal is \"--\"")]
    [InlineData("Nature,-1,2024", "line 1: the value is \"-1\"")]
    [InlineData("Nature,50.5,1974", "line 1: the year is \"1974\"; write one from 1975 to 2100")]
    [InlineData("Nature,50.5,2101", "line 1: the year is \"2101\"")]
    [InlineData("\"two\nlines\",1,2024\nMind,?,2024", "line 3: the value is \"?\"")]
    [InlineData("Nature,1.0,2024\nnature,2.0,2024", "line 2: nature has 2.0 for 2024, and in line 1 1.0. Keep one.")]
    [InlineData("Mind,1.0,2024\n\"Nature,1.0,2024\nX,1,2024", "line 2: a quote is opened and not closed")]
    [InlineData(" \n", "line 1: the file is empty")]
    public void A_faulty_row_is_named_by_its_line_with_the_way_out(string table, string fault)
    {
        var faulty = Assert.IsType<JournalMetricsReading.Faulty>(Read(table));

        Assert.StartsWith(fault, Assert.Single(faulty.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_are_told_up_to_a_number_and_then_counted()
    {
        var rows = Enumerable.Range(1, JournalMetricsFile.FaultsMax + 3).Select(row => $"Journal {row},?,2024");

        var faulty = Assert.IsType<JournalMetricsReading.Faulty>(Read(string.Join('\n', rows)));

        Assert.Equal(JournalMetricsFile.FaultsMax + 1, faulty.Faults.Count);
        Assert.Equal("and 3 more rows like these.", faulty.Faults[^1]);
    }

    [Fact]
    public void A_file_that_is_no_text_or_not_there_is_refused()
    {
        var latin = JournalMetricsFile.Read([(byte)'N', 0xE9, (byte)','], "JCR");
        var missing = JournalMetricsFile.Read(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N")), "JCR");

        Assert.Contains("not UTF-8", OnlyFault(latin), StringComparison.Ordinal);
        Assert.Contains("cannot be read", OnlyFault(missing), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_may_have_so_many_rows_and_no_more()
    {
        var row = "Nature,1,2024\n";

        Assert.IsType<JournalMetricsReading.Usable>(Read(Repeat(row, JournalMetricsFile.RowsMax)));
        var faulty = Assert.IsType<JournalMetricsReading.Faulty>(Read(Repeat(row, JournalMetricsFile.RowsMax + 1)));
        Assert.StartsWith("line 500001: there are more than 500,000 rows", Assert.Single(faulty.Faults), StringComparison.Ordinal);
    }

    static string OnlyFault(JournalMetricsReading reading) =>
        Assert.Single(Assert.IsType<JournalMetricsReading.Faulty>(reading).Faults);

    static string Repeat(string row, int times) => new StringBuilder().Insert(0, row, times).ToString();

    static JournalMetricsReading Read(string table) => JournalMetricsFile.Read(Encoding.UTF8.GetBytes(table), "JCR");

    static JournalMetrics Usable(string table) => Assert.IsType<JournalMetricsReading.Usable>(Read(table)).Metrics;
}
