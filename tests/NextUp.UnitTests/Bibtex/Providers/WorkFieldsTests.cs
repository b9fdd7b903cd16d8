using NextUp.Processors.Bibtex.Providers;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.UnitTests.Bibtex.Providers;

public sealed class WorkFieldsTests
{
    [Theory]
    [InlineData("10.1093/MIND/LIX.236.433", "10.1093/mind/lix.236.433")]
    [InlineData("https://doi.org/10.7717/peerj.4375", "10.7717/peerj.4375")]
    [InlineData("http://dx.doi.org/10.1000/a", "10.1000/a")]
    [InlineData("doi:10.1000/a", "10.1000/a")]
    [InlineData(" 10.1002/(sici)1097:6<391::aid>3.0.co;2-9 ", "10.1002/(sici)1097:6<391::aid>3.0.co;2-9")]
    [InlineData("10.1000.10/123", "10.1000.10/123")]
    [InlineData("10.1000/", null)]
    [InlineData("10.1000/a b", null)]
    [InlineData("https://elsewhere.example/10.1000/a", null)]
    [InlineData("11.1000/a", null)]
    [InlineData(null, null)]
    public void A_doi_is_bare_and_in_lower_case(string? text, string? doi) => Assert.Equal(doi, WorkFields.Doi(text));

    [Theory]
    [InlineData("1706.03762", "1706.03762")]
    [InlineData("http://arxiv.org/abs/1706.03762v7", "1706.03762")]
    [InlineData("arXiv:math.GT/0309136v1", "math.GT/0309136")]
    [InlineData("http://arxiv.org/api/errors#incorrect_id_format", null)]
    [InlineData("17.03762", null)]
    [InlineData(null, null)]
    public void An_arxiv_id_has_no_version(string? text, string? id) => Assert.Equal(id, WorkFields.Arxiv(text));

    [Theory]
    [InlineData("Esther Duflo", "Esther", "Duflo")]
    [InlineData("E. Duflo", "E.", "Duflo")]
    [InlineData("Ludwig van der Rohe", "Ludwig", "van der Rohe")]
    [InlineData("Martin Luther King Jr.", "Martin Luther", "King Jr.")]
    [InlineData("Gómez, Francis", "Francis", "Gómez")]
    [InlineData("van der Rohe, Ludwig", "Ludwig", "van der Rohe")]
    [InlineData("Aristotle", null, "Aristotle")]
    [InlineData("Aristotle,", null, "Aristotle")]
    [InlineData("Van Morrison", "Van", "Morrison")]
    [InlineData("李明", null, "李明")]
    public void A_whole_name_is_split_into_given_and_family(string name, string? given, string family) =>
        Assert.Equal(new WorkAuthor(given, family), WorkFields.Person(name));

    [Fact]
    public void A_name_without_family_is_an_organisation_or_the_one_name_there_is()
    {
        Assert.Equal(new(null, "Concrete Technology Associates"),
            WorkFields.Author(null, null, "Concrete Technology Associates"));
        Assert.Equal(new(null, "Sudesiqin"), WorkFields.Author("Sudesiqin", " ", null));
        Assert.Null(WorkFields.Author(null, null, null));
    }

    [Theory]
    [InlineData(999, null)]
    [InlineData(1000, 1000)]
    [InlineData(2999, 2999)]
    [InlineData(3000, null)]
    [InlineData(0, null)]
    public void A_year_outside_of_print_is_not_said(int year, int? said) => Assert.Equal(said, WorkFields.Year(year));

    [Fact]
    public void Authors_are_kept_up_to_their_limit()
    {
        WorkAuthor?[] Many(int count) => [.. Enumerable.Repeat<WorkAuthor?>(new(null, "A"), count), null];

        Assert.Equal(WorkFields.AuthorsMax, WorkFields.Authors(Many(WorkFields.AuthorsMax)).Count);
        Assert.Equal(WorkFields.AuthorsMax, WorkFields.Authors(Many(WorkFields.AuthorsMax + 1)).Count);
    }

    [Fact]
    public void Issns_are_those_that_look_so_once_each()
    {
        Assert.Equal(["1234-567X", "2377-3766"],
            WorkFields.Issns(["1234-567x", "1234-567X", null, "12345678", "2377-3766"]));
    }

    [Theory]
    [InlineData("RETRACTED: Long term toxicity", true)]
    [InlineData("Retracted Article: On mice", true)]
    [InlineData("Retracted papers and their citations", false)]
    [InlineData(null, false)]
    public void A_publishers_mark_in_the_title_says_retracted(string? title, bool isRetracted) =>
        Assert.Equal(isRetracted, WorkFields.SaysRetracted(title));
}
