using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Processors.Bibtex.Text;

namespace NextUp.UnitTests.Bibtex.Text;

public sealed class BibUploadTests
{
    public static TheoryData<byte[], string> Refused => new()
    {
        { [], "\"a.bib\" is empty." },
        { " \n\0\0 "u8.ToArray(), "\"a.bib\" has nothing but blanks." },
        { "Dear all, here is my list."u8.ToArray(), "has no BibTeX entry" },
        { "@string{a = {b}} @comment{@article{x}}"u8.ToArray(), "has no BibTeX entry" },
        { "<!DOCTYPE html><html><body>Sign in</body></html>"u8.ToArray(), "is an HTML page" },
        { "TY  - JOUR\nTI  - x\n"u8.ToArray(), "RIS" },
        { "%PDF-1.7\n@article{k, year=1}"u8.ToArray(), "is a PDF" },
        { [0x50, 0x4B, 3, 4, .. "@article{k, year=1}"u8], "is a ZIP archive" },
        { [1, 2, 3, 0, 4, 5, .. "@a{k,year=1}"u8], "is a binary file" },
        { "@article{a, title = {x\n\n@book{b, title = {y"u8.ToArray(), "None of the entries" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_can_never_succeed_is_refused_with_what_it_is_and_the_way_out(byte[] content, string why)
    {
        var verdict = Assert.IsType<UploadVerdict.Unfit>(BibUpload.Check("a.bib", content));
        Assert.Contains(why, verdict.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', verdict.Reason);
    }

    [Theory]
    [InlineData("@article{k, year=1}\n@article{k, year=1}\n@book{open, title={x", 3)]
    [InlineData("<html><pre>@article{k, year=1}</pre></html>", 1)]
    [InlineData("@article{k, title={a\0b and some more text than control characters here}}", 1)]
    public void Anything_with_an_entry_that_can_be_read_is_accepted(string text, int entries) =>
        Assert.Equal(entries,
            Assert.IsType<UploadVerdict.Fit>(BibUpload.Check("a.bib", Encoding.UTF8.GetBytes(text))).Units);

    [Fact]
    public void The_limits_hold_at_their_edges()
    {
        var three = Encoding.UTF8.GetBytes("@a{a,}@a{b,}@a{c,}");
        Assert.IsType<UploadVerdict.Fit>(BibUpload.Check("a.bib", three, bytesMax: 18, entriesMax: 3));
        Assert.Contains("the limit is 2.", Reason(BibUpload.Check("a.bib", three, entriesMax: 2)),
            StringComparison.Ordinal);
        Assert.Contains("the limit is 17.", Reason(BibUpload.Check("a.bib", three, bytesMax: 17)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Five_thousand_entries_are_fit()
    {
        var text =
            string.Concat(Enumerable.Range(0, BibUpload.EntriesMax).Select(i =>
            $"@article{{k{i}, title = {{T {i}}}}}\n"));
        Assert.Equal(5_000,
            Assert.IsType<UploadVerdict.Fit>(BibUpload.Check("a.bib", Encoding.UTF8.GetBytes(text))).Units);
    }

    [Fact]
    public void The_preview_shows_the_first_fifty_entries_and_counts_them_all()
    {
        var text =
            string.Concat(Enumerable.Range(0, 51).Select(i => $"@article{{k{i}, title = {{T {i}}}, year = 2000}}\n"))
            + "@book{open";
        var preview = BibPreview.Of(Encoding.UTF8.GetBytes(text));
        Assert.Equal((52, 1, BibPreview.EntriesMax),
            (preview.TotalEntries, preview.DamagedEntries, preview.Entries.Count));
        Assert.Equal(52, preview.Lacking["doi"]);
        Assert.Equal(51, preview.Lacking["journal"]);
        Assert.Equal(1, preview.Lacking["title"]);
        Assert.Equal(["doi", "author", "abstract", "url", "citation_count", "journal", "volume", "number", "pages"],
            preview.Entries[0].Lacks);
        Assert.Single(preview.Problems);
    }

    [Fact]
    public void The_list_of_papers_says_what_each_has()
    {
        var papers = BibPaper.ListOf("""
            @article{a, title = {G{\"o}del}, author = {Knuth, Donald and A. B. and others}, date = {2001-03},
              journaltitle = {J}, url = {https://x.org/~a\_b},
              doi = {https://doi.org/10.1000/X}, citation_count = 12, abstract = {Text}}
            @misc{b, url = {}}
            """u8.ToArray());
        Assert.Equal(new BibPaper("a", "article", "Gödel", "Donald Knuth; A. B.", "2001", "J", "Text",
            "https://x.org/~a_b", "10.1000/x", 12), papers[0]);
        Assert.Equal((true, true, true), (papers[0].HasAbstract, papers[0].HasUrl, papers[0].HasCitations));
        Assert.Equal(new BibPaper("b", "misc", null, null, null, null, null, null, null, null), papers[1]);
    }

    static string Reason(UploadVerdict verdict) => Assert.IsType<UploadVerdict.Unfit>(verdict).Reason;
}
