using System.Text.Json;
using NextUp.Processors.Bibtex.Letters;
using NextUp.Processors.Bibtex.Providers;

namespace NextUp.UnitTests.Bibtex.Providers;

public sealed class ProviderTextTests
{
    [Theory]
    [InlineData("<jats:p>Plain text.</jats:p>", "Plain text.")]
    [InlineData("<p>One.</p><p>Two.</p>", "One. Two.")]
    [InlineData("5,7-Dimethyl-1<i>H</i>-indole-2,3-dione", "5,7-Dimethyl-1H-indole-2,3-dione")]
    [InlineData("[Ru(bpy)<sub>3</sub>]<sup>2+</sup> luminophore", "[Ru(bpy)3]2+ luminophore")]
    [InlineData("clams (\n      <i>Tridacna maxima</i>\n      ) distractible?",
        "clams (Tridacna maxima) distractible?")]
    [InlineData("panel of\n  <i>KRAS</i>\n  /\n  <i>NRAS</i>\n  .", "panel of KRAS / NRAS.")]
    [InlineData("ecology &amp; evolution", "ecology & evolution")]
    [InlineData("caf&eacute; &#8211; &#x4e2d;", "café – 中")]
    [InlineData("&lt;p&gt;Escaped twice&lt;/p&gt;", "Escaped twice")]
    [InlineData("R&amp;amp;D", "R&D")]
    [InlineData("a<b and c>d", "a<b and c>d")]
    [InlineData("where a <b and c> d", "where a <b and c> d")]
    [InlineData("p &lt; 0.05, n &gt; 3", "p < 0.05, n > 3")]
    [InlineData("p < 0.05", "p < 0.05")]
    [InlineData("<jats:sec><jats:title>Methods</jats:title><jats:p>We did.</jats:p></jats:sec>", "Methods: We did.")]
    [InlineData("<sec><title>Why?</title><p>So.</p></sec>", "Why? So.")]
    [InlineData("x<jats:break/>y", "x y")]
    [InlineData("<jats:ext-link xlink:href=\"http://a.example/?x=1&amp;y\" ext-link-type='uri'>here</jats:ext-link>",
        "here")]
    [InlineData("a<script>alert(1)</script>b", "ab")]
    [InlineData("a<script>never closed", "anever closed")]
    [InlineData("two  spaces\u00a0and\ttabs\r\n", "two spaces and tabs")]
    [InlineData("zero\u200bwidth\u0007bell", "zerowidthbell")]
    [InlineData("<p> </p>", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Markup_becomes_text(string? markup, string? text) =>
        Assert.Equal(text, ProviderText.FromMarkup(markup));

    [Fact]
    public void A_formula_that_comes_twice_is_read_once()
    {
        const string Markup = "of <jats:inline-formula><jats:alternatives><jats:tex-math>\\documentclass{minimal}"
            + "\\begin{document}$$x^2$$\\end{document}</jats:tex-math><mml:math><mml:msup><mml:mi>x</mml:mi>"
            + "<mml:mn>2</mml:mn></mml:msup></mml:math></jats:alternatives></jats:inline-formula> meters";

        Assert.Equal("of x2 meters", ProviderText.FromMarkup(Markup));
    }

    [Fact]
    public void A_formula_that_comes_only_as_TeX_stays_without_its_preamble()
    {
        Assert.Equal("of $$x^2$$ meters", ProviderText.FromMarkup(
            "of <tex-math>\\documentclass[12pt]{minimal}\n\\usepackage{amsmath}"
            + "\\begin{document}$$x^2$$\\end{document}</tex-math> meters"));
        Assert.Equal("of $x^2$ meters", ProviderText.FromMarkup("of <jats:tex-math>$x^2$</jats:tex-math> meters"));
    }

    [Theory]
    [InlineData("<jats:title>Abstract</jats:title><jats:p>The cat.</jats:p>", "The cat.")]
    [InlineData("Abstract: The cat.", "The cat.")]
    [InlineData("ABSTRACT The cat.", "The cat.")]
    [InlineData("Abstract The cat.", "The cat.")]
    [InlineData("Abstract. A cat.", "A cat.")]
    [InlineData("<p>Abstract—We cat.</p>", "We cat.")]
    [InlineData("Abstract interpretation is a theory.", "Abstract interpretation is a theory.")]
    [InlineData("Abstract State Machines are machines.", "Abstract State Machines are machines.")]
    [InlineData("Abstracts of the meeting", "Abstracts of the meeting")]
    [InlineData("Abstract", null)]
    public void The_heading_of_an_abstract_goes_and_its_words_stay(string markup, string? text) =>
        Assert.Equal(text, ProviderText.Abstract(markup));

    [Fact]
    public void A_lone_surrogate_is_replaced_and_not_thrown_over()
    {
        Assert.Equal("a\ufffdb", ProviderText.FromPlain("a\ud800b"));
    }

    [Fact]
    public void Text_of_the_longest_length_is_taken_and_one_character_more_is_dropped()
    {
        Assert.Equal(ProviderText.LengthMax, ProviderText.FromMarkup(new string('x', ProviderText.LengthMax))?.Length);
        Assert.Null(ProviderText.FromMarkup(new string('x', ProviderText.LengthMax + 1)));
    }

    [Theory]
    [InlineData("<tex-math>")]
    [InlineData("<script><p>")]
    [InlineData("<jats:title>")]
    [InlineData("&lt;i&gt;")]
    [InlineData("<i a=\"")]
    [InlineData("<")]
    public void Hostile_markup_costs_time_in_proportion_to_its_length(string piece)
    {
        var markup = string.Concat(Enumerable.Repeat(piece, ProviderText.LengthMax / piece.Length));

        var text = ProviderText.FromMarkup(markup);

        Assert.True(text is null || text.Length <= ProviderText.LengthMax);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whatever_comes_the_text_is_composed_single_spaced_and_cleaning_it_again_changes_no_plain_text(int seed)
    {
        var random = new Random(seed);
        string[] pieces = ["<i>", "</i>", "<p>", "&amp;", "&lt;", "&#0;", "&#xD800;", "<jats:title>", "</jats:title>",
            "a", "ä", " ", "\n",
            "(", ")", "<", ">", "\ud83d", "\ude00", "𝛼", "\u0301", "Abstract", ":", "<tex-math>", "</tex-math>", "\0"];
        for (var run = 0; run < 3_000; run++)
        {
            var markup = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ =>
                pieces[random.Next(pieces.Length)]));
            var text = ProviderText.FromMarkup(markup);
            if (text is null)
                continue;

            Assert.Equal(text, ComposedText.Of(text));
            Assert.DoesNotContain("  ", text, StringComparison.Ordinal);
            Assert.Equal(text, ProviderText.FromPlain(text));
        }
    }

    [Theory]
    [InlineData("""{"Hello":[0,2],"world":[1]}""", "Hello world Hello")]
    [InlineData("""{"b":[5],"a":[-1,2000000000],"c":["x",null],"d":7}""", "b")]
    [InlineData("""{}""", null)]
    [InlineData("""[]""", null)]
    [InlineData("""{"\ud800":[0],"a":[1]}""", "a")]
    public void An_inverted_index_becomes_text(string index, string? text)
    {
        Assert.Equal(text, OpenAlexAnswer.FromInvertedIndex(JsonElement.Parse(index)));
    }

    [Fact]
    public void An_inverted_index_is_read_up_to_its_last_allowed_position()
    {
        var last = OpenAlexAnswer.AbstractWordsMax - 1;

        Assert.Equal("in", OpenAlexAnswer.FromInvertedIndex(
            JsonElement.Parse($$"""{"in":[{{last}}],"out":[{{last + 1}}]}""")));
    }
}
