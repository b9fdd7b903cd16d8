using NextUp.Processors.Bibtex.Text;
using static NextUp.UnitTests.Bibtex.Text.BibSamples;

namespace NextUp.UnitTests.Bibtex.Text;

public sealed class BibParserTests
{
    [Fact]
    public void Macros_months_and_concatenation_make_one_value()
    {
        var file = Parse("""
            @string { lncs = "Lecture Notes" # { in } # {CS} }
            @STRING(who = {Springer})
            @article{k, series = LNCS # " {"} " # {12}, publisher = who, month = 10 # "~" # jan, note = nobody}
            """);
        var entry = file.Entries[0];
        Assert.Equal("Lecture Notes in CS {\"} 12", entry.Value("series"));
        Assert.Equal("Springer", entry.Text("publisher"));
        Assert.Equal("10 January", entry.Text("month"));
        Assert.Equal("nobody", entry.Text("note"));
    }

    [Theory]
    [InlineData("@ARTICLE(k, Title = {A (b) c}, year=2000)", "k", "A (b) c")]
    [InlineData("@article { k , title = \"A {\"}q{\"} b\" , year = 2000 , }", "k", "A \"q\" b")]
    [InlineData("@article{, title={x}}", "", "x")]
    [InlineData("@article{title={x}}", "", "x")]
    [InlineData("@article{Müller 2000+a:b/c, title={x}}", "Müller 2000+a:b/c", "x")]
    [InlineData("@article{DBLP:a=b, title={x}}", "DBLP:a=b", "x")]
    [InlineData("@article{k title={x}}", "k", "x")]
    [InlineData("@article{k, title={a @article{b} c}}", "k", "a @articleb c")]
    [InlineData("@article{k, % a } comment\n title={50\\% of it}, % {{{\n}", "k", "50% of it")]
    [InlineData("@article{k,, title={x},,}", "k", "x")]
    [InlineData("me@example.org {x} @article{k,title={x}}", "k", "x")]
    [InlineData("@article{k, title={x}, title={y}}", "k", "x")]
    public void Every_way_of_writing_an_entry_is_read(string text, string key, string title)
    {
        var file = Parse(text);
        var entry = Assert.Single(file.Entries);
        Assert.Equal((key, title, BibEntryCondition.Sound), (entry.Key, entry.Text("title"), entry.Condition));
        Assert.Equal("article", entry.Type);
    }

    [Fact]
    public void Comments_preambles_and_free_text_hold_no_entries()
    {
        var file = Parse("""
            Free text, me@example.org.
            @comment{ @article{inside, title={x}} }
            @Comment{jabref-meta: grouping:
            0 AllEntriesGroup:;
            }
            @preamble( "\newcommand{\x}{y}" # {z} )
            % @article{commented, title={x}}
            @comment an old one @article{behind, title={y}}
            """);
        Assert.Equal("behind", Assert.Single(file.Entries).Key);
        Assert.Empty(file.Problems);
    }

    [Fact]
    public void An_entry_that_does_not_close_ends_where_the_next_one_starts_and_is_told_with_its_line()
    {
        var file =
            Parse("% x\n@article{a,\n  title = {Open {brace},\n  year = 2000\n}\n\n@book{b,\n  title = {Fine}\n}\n");
        Assert.Equal(["a", "b"], file.Entries.Select(e => e.Key));
        Assert.Equal([BibEntryCondition.Unclosed, BibEntryCondition.Sound], file.Entries.Select(e => e.Condition));
        Assert.Equal("Fine", file.Entries[1].Text("title"));
        var problem = Assert.Single(file.Problems);
        Assert.Equal((2, "a"), (problem.Line, problem.Key));
        Assert.Contains("line 7", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@article{a,\n  title = {x}\n\n@book{b, title={y}}")]
    [InlineData("@article{a,\n  title = {{{x},\n\n@book{b, title={y}}\n@book{c}")]
    [InlineData("@article{a,\n  title = \"x,\n\n@book{b, title={y}}")]
    [InlineData("@article{a\n@book{b, title={y}}")]
    [InlineData("@article{a,\n  title = {x}, ye\n@book{b, title={y}}")]
    public void The_entry_behind_one_that_does_not_close_is_found(string text)
    {
        var entries = Parse(text).Entries;
        Assert.Equal("a", entries[0].Key);
        Assert.Equal(BibEntryCondition.Unclosed, entries[0].Condition);
        Assert.Equal(("b", "y"), (entries[1].Key, entries[1].Text("title")));
    }

    [Theory]
    [InlineData("@article{a, title = {x}, what is this, year = 2000}")]
    [InlineData("@article{a, title = \"x, year = 2000}")]
    [InlineData("@article{a, title = {x} {y}, year = 2000}")]
    [InlineData("@article{{a}, year = 2000}")]
    public void An_entry_with_something_else_inside_is_kept_and_told_and_nothing_is_put_in(string text)
    {
        var file = Parse(text + "\n@book{b, title={y}}");
        Assert.Equal([BibEntryCondition.Damaged, BibEntryCondition.Sound], file.Entries.Select(e => e.Condition));
        Assert.Single(file.Problems);
        Assert.Throws<ArgumentException>(() => new BibRevision(file).Add(file.Entries[0], "doi", "x"));
    }

    [Fact]
    public void A_missing_comma_is_told_and_the_fields_are_read()
    {
        var file = Parse("@article{a,\n title = {x}\n year = 2000\n}");
        Assert.Equal("2000", file.Entries[0].Text("year"));
        Assert.Contains("before \"year\"", Assert.Single(file.Problems).Message, StringComparison.Ordinal);
        Assert.Equal(3, file.Problems[0].Line);
    }

    [Fact]
    public void A_key_used_twice_is_told_and_both_entries_are_there()
    {
        var file = Parse("@article{Same, year=1}\n\n@book{same, year=2}\n@misc{, year=3}\n@misc{, year=4}");
        Assert.Equal(4, file.Entries.Count);
        var problem = Assert.Single(file.Problems);
        Assert.Equal((3, "same"), (problem.Line, problem.Key));
    }

    [Fact]
    public void Zero_bytes_between_the_signs_are_blanks()
    {
        var entry = Assert.Single(Parse("@article{k,\0 title\0=\0{x}\0}").Entries);
        Assert.Equal("x", entry.Text("title"));
    }

    [Fact]
    public void A_macro_of_macros_does_not_grow_over_its_limit()
    {
        var lines = Enumerable.Range(1, 40).Select(i => $"@string{{m{i} = m{i - 1} # m{i - 1}}}");
        var file =
            Parse("@string{m0 = {0123456789}}\n" + string.Join('\n', lines) + "\n@article{k, title = m40 # m7 # m7}");
        Assert.Contains(file.Problems, p => p.Message.Contains("2,000", StringComparison.Ordinal));
        Assert.True(file.Entries[0].Value("title")!.Length <= BibMacros.MacrosPerValueLengthMax + 20);
        Assert.Equal(BibMacros.MacrosPerValueLengthMax,
            Parse("@string{m = {0123456789}}@article{k, title=" + string.Join('#', Enumerable.Repeat("m", 2_000)) + "}")
                .Entries[0].Value("title")!.Length);
    }

    public static TheoryData<string> Hostile =>
    [
        "{", "}", "@a{", "\n@a{", "\"", "@a{b,c=\"\n", "@a(b,c=\"{\n", "@a{b,c={\n", "\n@a{b,c=\"{\n",
        "\n@string{a={\n", "\n@preamble{\"{\n",
        "@comment{\n", "@", "%@a{", "\n@a{b,c={x}\n", "@a{k,}\n", "a = {", "@a{b,c=#", "@a{b, {\n", "\n@a(b, c=\"}\n",
        "@ a {",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Megabytes_of_anything_are_read_in_linear_time(string piece)
    {
        var length = piece is "{" or "@a{" or "\"" ? BibUpload.BytesMax : BibUpload.BytesMax / 10;
        var text = string.Concat(Enumerable.Repeat(piece, length / piece.Length));
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.True(Parse(text).Entries.Count <= BibFile.EntriesMax);
        Assert.True(Parse(text
            + new string('}', length / piece.Length)).Problems.Count <= BibFile.ProblemsMax + 1);
        Assert.True(Parse("@a{b,c={" + text).Entries.Count <= BibFile.EntriesMax);
        Assert.True(Parse("@a{b,c=\"" + text).Entries.Count <= BibFile.EntriesMax);
        // Linear is well under a second; a quadratic reader would need hours.
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30));
    }
}
