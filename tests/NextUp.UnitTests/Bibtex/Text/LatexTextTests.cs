using System.Text;
using NextUp.Processors.Bibtex.Text;

namespace NextUp.UnitTests.Bibtex.Text;

public sealed class LatexTextTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData(@"G{\""o}del, \""{o} \""o {\""{O}} \'e{\`e}\^{\i} \c{c} \v Sk \H{o} \k a \r{a} \=a \.z \u{g} \b{b}",
        "Gödel, ö ö Ö éèî ç Šk ő ą å ā ż ğ ḇ")]
    [InlineData(@"Stra\ss{}e {\o}re \O re \L{}\'od\'z \ae\oe\AA \i", "Straße øre Øre Łódź æœÅı")]
    [InlineData(@"The {NASA} {\em best} \emph{of} \textbf{\textit{all}} {\bf x}", "The NASA best of all x")]
    [InlineData(@"A \& B, 5\% \$3 \#1 a\_b \{c\} d\\e", "A & B, 5% $3 #1 a_b {c} d e")]
    [InlineData("``quoted'' `single' 1--2 --- x~y", "“quoted” ‘single' 1–2 — x y")]
    [InlineData(@"$\alpha$-decay in H$_2$O at $10^{-3}$, $x \leq y$ and $\mathcal{O}(n \log n)$",
        "α-decay in H_2O at 10^-3, x ≤ y and O(n log n)")]
    [InlineData(@"\LaTeX\ and \TeX{} of \url{http://x.org/a_b} \href{http://y}{here}",
        "LaTeX and TeX of http://x.org/a_b here")]
    [InlineData("  many \n\t blanks\r\n here ", "many blanks here")]
    [InlineData(@"{\char""4E2D} \symbol{233}", "中 é")]
    [InlineData("e\u0301 u\u0308\u0304", "é ǖ")]
    [InlineData(@"\", "")]
    [InlineData(@"\'", "")]
    [InlineData("}}{{", "")]
    public void A_value_reads_as_people_would_read_it(string latex, string text) =>
        Assert.Equal(text, LatexText.ToUnicode(latex));

    [Theory]
    [InlineData("100% of R&D #1_x ~ ^ \\ {",
        @"100\% of R\&D \#1\_x \textasciitilde{} \textasciicircum{} \textbackslash{} \textbraceleft{}")]
    [InlineData("between $5 and $10", @"between \$5 and \$10")]
    [InlineData("in $O(n^2)$ steps, $x_{i}$", "in $O(n^2)$ steps, $x_{i}$")]
    [InlineData("an open $x^{2$ brace", @"an open \$x\textasciicircum{}\textbraceleft{}2\$ brace")]
    [InlineData("e\u0301", "é")]
    public void Plain_text_becomes_a_value_with_every_sign_escaped(string text, string latex) =>
        Assert.Equal(latex, LatexEscape.Value(text));

    [Fact]
    public void Breaks_control_characters_and_half_surrogates_do_not_get_into_a_value() =>
        Assert.Equal("a b c\uFFFD", LatexEscape.Value(" a\r\n\tb\u0000\u0007  c\uD800"));

    [Fact]
    public void Random_text_comes_back_from_its_value_as_it_was()
    {
        var signs = "abz ÄéłßØ中😀%&#_~^\\{}()[]<>|@,=\"+*/;:.!?1290αΩ≤\u0301".EnumerateRunes().ToArray();
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var text = new StringBuilder();
            for (var i = random.Next(80); i >= 0; i--) text.Append(signs[random.Next(signs.Length)].ToString());
            var plain = LatexEscape.Tidy(text.ToString());
            var value = LatexEscape.Value(plain);
            Assert.Equal(plain, LatexText.ToUnicode(value));
            var entry = BibSamples.Parse($"@article{{k, title = {{{value}}}, year = 1}}").Entries[0];
            Assert.Equal((plain.Length == 0 ? null : plain, "1"), (entry.Text("title"), entry.Text("year")));
        }
    }

    [Fact]
    public void Every_letter_with_an_accent_can_be_written_in_ASCII_and_read_again()
    {
        for (var code = 0xA1; code < 0x530; code++)
        {
            if (!Rune.IsValid(code) || Rune.IsControl(new(code)) || code is 0xAD or >= 0x300 and < 0x370) continue;
            var rune = new Rune(code);
            var ascii = LatexEscape.Ascii(rune);
            Assert.True(System.Text.Ascii.IsValid(ascii), ascii);
            Assert.Equal(rune.ToString(), LatexText.ToUnicode(ascii));
        }
    }

    [Fact]
    public void Addresses_and_identifiers_are_not_escaped_but_cannot_unbalance_an_entry() =>
        Assert.Equal("https://x.org/a_b%20c%7B?x=1&y=%20#z", LatexEscape.Verbatim("https://x.org/a_b c{?x=1&y=%20#z "));

    [Fact]
    public void Millions_of_nested_groups_are_read() =>
        Assert.Equal("x", LatexText.ToUnicode(string.Concat(Enumerable.Repeat("{\\emph{", 500_000)) + "x"));
}
