using NextUp.Processors.Bibtex.Text;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.UnitTests.Bibtex.Text;

public sealed class BibNamesTests
{
    [Theory]
    [InlineData("Donald E. Knuth", "Donald E.|Knuth")]
    [InlineData("Knuth, Donald E.", "Donald E.|Knuth")]
    [InlineData("Ludwig van Beethoven and de la Vall{\\'e}e Poussin, Charles",
        "Ludwig|van Beethoven;Charles|de la Vallée Poussin")]
    [InlineData("King, Jr., Martin Luther", "Martin Luther|King")]
    [InlineData("{World Health Organization} and {Barnes and Noble, Inc.}",
        "|World Health Organization;|Barnes and Noble, Inc.")]
    [InlineData("Plato", "|Plato")]
    [InlineData("A. Author AND B. Author\n  and others", "A.|Author;B.|Author")]
    [InlineData("{\\'E}. Galois and {\\\"U}nl{\\\"u}, Ay{\\c s}e", "É.|Galois;Ayşe|Ünlü")]
    [InlineData("family=Berg, given=Anna, prefix=van den", "Anna|van den Berg")]
    [InlineData("J.~R. {von Neumann}", "J. R.|von Neumann")]
    [InlineData("A and and B and ", "|A;|B")]
    [InlineData("Sander, Andrew", "Andrew|Sander")]
    [InlineData(",", "")]
    [InlineData("", "")]
    public void Names_are_read_in_every_form(string value, string expected) =>
        Assert.Equal(expected, string.Join(';', BibNames.Parse(value).Select(n => $"{n.Given}|{n.Family}")));

    [Fact]
    public void Names_that_are_written_are_read_as_the_same_people()
    {
        WorkAuthor[] authors =
        [
            new("Donald E.", "Knuth"), new(null, "World Health Organization"), new("Ludwig", "van Beethoven"),
            new(null, "Plato"),
            new("A.", "Barnes and Noble"), new(null, "R&D, Inc."), new("Martin Luther, Jr.", "King"),
        ];
        Assert.Equal(authors, BibNames.Parse(BibNames.Write(authors)));
        Assert.Equal("Knuth, Donald E. and {World Health Organization}", BibNames.Write(authors[..2]));
    }
}
