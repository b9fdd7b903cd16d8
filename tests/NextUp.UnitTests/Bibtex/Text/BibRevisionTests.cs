using NextUp.Processors.Bibtex.Text;
using static NextUp.UnitTests.Bibtex.Text.BibSamples;

namespace NextUp.UnitTests.Bibtex.Text;

public sealed class BibRevisionTests
{
    public static TheoryData<string, string> Styles => new()
    {
        { "@article{k,\n  title = {x},\n  year = 2000\n}",
            "@article{k,\n  title = {x},\n  year = 2000,\n  doi = {D},\n  url = {U}\n}" },
        { "@article{k,\n  title = {x},\n}", "@article{k,\n  title = {x},\n  doi = {D},\n  url = {U},\n}" },
        { "@article{k,\r\n\ttitle={x}\r\n}", "@article{k,\r\n\ttitle={x},\r\n\tdoi={D},\r\n\turl={U}\r\n}" },
        { "@article{k, title={x}, year=2000}", "@article{k, title={x}, year=2000, doi={D}, url={U}}" },
        { "@article{k,title={x},year=2000}", "@article{k,title={x},year=2000,doi={D},url={U}}" },
        { "@article{k,\n  author    = {A},\n  year      = 1,\n}",
        "@article{k,\n  author    = {A},\n  year      = 1,\n  doi       = {D},\n  url       = {U},\n}" },
        { "@article{k\n  , author = {A}\n  , year = 1\n  }",
        "@article{k\n  , author = {A}\n  , year = 1\n  , doi = {D}\n  , url = {U}\n  }" },
        { "@article{k,\n  year = 1 % one\n}", "@article{k,\n  year = 1, % one\n  doi = {D},\n  url = {U}\n}" },
        { "@article{k,\n  year = 1, % one,\n}", "@article{k,\n  year = 1, % one,\n  doi = {D},\n  url = {U},\n}" },
        { "@article(k,\n year = 1)", "@article(k,\n year = 1,\n doi = {D},\n url = {U})" },
        { "@article{k}", "@article{k,\n  doi = {D},\n  url = {U}}" },
        { "@article{k,\n}", "@article{k,\n  doi = {D},\n  url = {U}\n}" },
        { "@article{}", "@article{,\n  doi = {D},\n  url = {U}}" },
        { "@misc{a,\n\tyear = 1,\n}\n@article{k,\n}",
        "@misc{a,\n\tyear = 1,\n}\n@article{k,\n\tdoi = {D},\n\turl = {U},\n}" },
        { "@article{k,\n  year = 1 }", "@article{k,\n  year = 1,\n  doi = {D},\n  url = {U} }" },
        { "@article{k,\n  title = {x},\n\n    year = 1\n}",
        "@article{k,\n  title = {x},\n\n    year = 1,\n    doi = {D},\n    url = {U}\n}" },
    };

    [Theory]
    [MemberData(nameof(Styles))]
    public void A_new_field_looks_like_the_entrys_own_fields(string before, string after)
    {
        var file = Parse(before);
        Assert.Equal(after, Written(file, revision =>
        {
            revision.Add(file.Entries[^1], "doi", "D");
            revision.Add(file.Entries[^1], "url", "U");
        }));
    }

    [Theory]
    [InlineData("@article{k, doi = {}, year = 1}", "@article{k, doi = {D}, year = 1}")]
    [InlineData("@article{k, doi = \" \", year = 1}", "@article{k, doi = \"{D} \", year = 1}")]
    public void A_field_with_nothing_in_it_is_filled(string before, string after)
    {
        var file = Parse(before);
        Assert.Equal(after, Written(file, revision => revision.Add(file.Entries[0], "doi", "D")));
        Assert.Equal("D", Parse(after).Entries[0].Text("doi"));
    }

    [Fact]
    public void A_field_that_says_something_is_never_added_to()
    {
        var file = Parse("@article{k, DOI = {10.1/x}}");
        Assert.Throws<ArgumentException>(() => new BibRevision(file).Add(file.Entries[0], "doi", "D"));
    }

    [Fact]
    public void A_value_that_would_unbalance_the_entry_is_not_taken()
    {
        var file = Parse("@article{k, year = 1}");
        Assert.Throws<ArgumentException>(() => new BibRevision(file).Add(file.Entries[0], "title", "a } b { c"));
        Assert.Throws<ArgumentException>(() => new BibRevision(file).Replace(file.Entries[0], "year", "}"));
    }

    [Fact]
    public void A_replaced_value_changes_nothing_around_it()
    {
        var file = Parse("@article{k,\n  citation_count = \"3\" # {4} , year=jan }\n@book{b, year=2}");
        Assert.Equal("@article{k,\n  citation_count = {12} , year={1} , doi={D} }\n@book{b, year=2}",
            Written(file, revision =>
            {
                revision.Add(file.Entries[0], "doi", "D");
                revision.Replace(file.Entries[0], "year", "1");
                revision.Replace(file.Entries[0], "citation_count", "12");
            }));
    }

    [Fact]
    public void Both_entries_with_the_same_key_get_their_own_fields()
    {
        var file = Parse("@article{k, year=1}\n@article{k, year=2}");
        Assert.Equal("@article{k, year=1, doi={A}}\n@article{k, year=2, doi={B}}", Written(file, revision =>
        {
            revision.Add(file.Entries[1], "doi", "B");
            revision.Add(file.Entries[0], "doi", "A");
        }));
    }

    [Fact]
    public void An_abstract_of_a_hundred_kilobytes_goes_in_and_comes_out()
    {
        var text = string.Join(' ', Enumerable.Range(0, 20_000).Select(i => $"w{i}ü"));
        var file = Parse("@article{k, title = {x}}");
        var again =
            Parse(Written(file, revision => revision.Add(file.Entries[0], "abstract", LatexEscape.Value(text))));
        Assert.Equal(text, again.Entries[0].Text("abstract"));
    }
}
