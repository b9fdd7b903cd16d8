using System.Text;
using NextUp.Processors.Bibtex.Letters;

namespace NextUp.UnitTests.Bibtex.Letters;

public sealed class ComposedTextTests
{
    const int PileLength = 200_000;

    [Theory]
    [InlineData("e\u0301", "\u00e9")]
    [InlineData("Franc\u0327ois", "Fran\u00e7ois")]
    [InlineData("u\u0308\u0304", "\u01d6")]
    [InlineData("\u00e9\u0323", "\u1eb9\u0301")] // The dot below is written first: the accent comes off and on again.
    [InlineData("\u0438\u0306", "\u0439")]
    [InlineData("\u1112\u1161\u11ab", "\ud55c")]
    [InlineData("\u212b", "\u00c5")]
    [InlineData("plain", "plain")]
    public void Letters_and_their_marks_are_composed(string text, string composed) =>
        Assert.Equal(composed, ComposedText.Of(text));

    [Fact]
    public void A_hostile_pile_of_marks_costs_time_in_proportion_to_its_length()
    {
        var pile = string.Concat(Enumerable.Repeat("\u0301\u0323", PileLength / 2));

        Assert.Equal(pile.Length, ComposedText.Of(pile).Length);
    }

    [Fact]
    public void A_letter_that_comes_apart_is_put_together_again_as_itself()
    {
        var count = 0;
        for (var value = 0x80; value < 0xD800; value++)
        {
            if (ComposedText.Part(new Rune(value)) is not { } parts)
                continue;

            // U+212B, the sign for the angstrom, is by Unicode's own rule the letter that it looks like.
            var composed = value == 0x212B ? "\u00C5" : ((char)value).ToString();
            Assert.Equal(composed, ComposedText.Of($"{parts.Letter}{parts.Mark}"));
            count++;
        }

        Assert.InRange(count, 800, 2_000);
    }
}
