using NextUp.Actors.Statistics;

namespace NextUp.UnitTests.Statistics;

public sealed class FailureCauseTests
{
    [Theory]
    [InlineData("Crossref answered 503 (attempt 2 of 3)", "Crossref answered N (attempt N of N)")]
    [InlineData("Entry \"Smith's thesis\" has no title.", "Entry \"…\" has no title.")]
    [InlineData("The work «Über 3 Wege» is unknown", "The work «…» is unknown")]
    [InlineData("my refs.bib is not BibTeX: line 3, column 14", "… is not BibTeX: line N, column N")]
    [InlineData("IOException: /var/data/refs/ann.bib is gone", "IOException: N is gone")]
    [InlineData("https://api.crossref.org/works?query=secret+title was away", "https://api.crossref.org was away")]
    [InlineData("http://10.0.0.7:8080/works/Anna timed out", "http://10.0.0.7 timed out")]
    [InlineData("Ask ann.lee@example.org about 10.1000/xyz", "Ask N about N")]
    [InlineData("It  broke,\n\tagain", "It broke, again")]
    [InlineData("Can't be read", "Can't be read")]
    [InlineData("'refs' isn't a file", "'…' isn't a file")]
    [InlineData("An open \"quote", "An open \"quote")]
    [InlineData("", "(no reason was given)")]
    [InlineData(null, "(no reason was given)")]
    public void What_differs_from_job_to_job_is_taken_out(string? error, string cause) =>
        Assert.Equal(cause, FailureCause.Of(error, "my refs.bib"));

    [Fact]
    public void A_long_error_is_cut_at_the_limit()
    {
        Assert.Equal(FailureCause.LengthMax, FailureCause.Of(new string('x', 100_000), "").Length);
        Assert.InRange(FailureCause.Of(string.Concat(Enumerable.Repeat("ab ", 1_000)), "").Length, 158, FailureCause.LengthMax);
    }

    [Fact]
    public void Any_text_has_a_cause_without_the_jobs_own_file_name()
    {
        var random = new Random(11);
        const string letters = "ab1 '\"“”«»`.,:/@\\\n…é漢";
        for (var i = 0; i < 5_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => letters[random.Next(letters.Length)]));
            var cause = FailureCause.Of(text.Insert(random.Next(text.Length), "ann's refs.bib"), "ann's refs.bib");
            Assert.DoesNotContain("refs", cause, StringComparison.Ordinal);
            Assert.InRange(cause.Length, 1, FailureCause.LengthMax);
        }
    }
}
