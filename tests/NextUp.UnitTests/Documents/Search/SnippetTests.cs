using NextUp.Processors.Documents.Search;

namespace NextUp.UnitTests.Documents.Search;

public sealed class SnippetTests
{
    [Fact]
    public void A_short_text_is_shown_whole_with_every_form_of_the_words_marked()
    {
        var snippet = Snippet.Of("Pumps pump; the pumping stopped.", "pump");

        Assert.Equal("Pumps pump; the pumping stopped.", snippet.Text);
        Assert.Equal(["Pumps", "pump", "pumping"], Marked(snippet));
    }

    [Fact]
    public void Of_a_long_text_the_part_with_most_of_the_words_is_shown()
    {
        var filler = string.Concat(Enumerable.Repeat("Nothing to see in this sentence. ", 40));
        var snippet = Snippet.Of($"A pump first. {filler}The cooling pump failed. {filler}", "cooling pump");

        Assert.Equal(["cooling", "pump"], Marked(snippet));
        Assert.StartsWith("… ", snippet.Text, StringComparison.Ordinal);
        Assert.EndsWith(" …", snippet.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_of_the_words_the_beginning_is_shown()
    {
        var snippet = Snippet.Of(new string('a', 2_000), "zebra");

        Assert.Empty(snippet.Marks);
        Assert.StartsWith("aaa", snippet.Text, StringComparison.Ordinal);
        Assert.InRange(snippet.Text.Length, 200, Snippet.LengthMax + 4);
    }

    [Fact]
    public void Pairs_of_letters_that_overlap_are_one_mark() =>
        Assert.Equal(["東京都"], Marked(Snippet.Of("私は東京都に住む", "東京都")));

    [Fact]
    public void Marks_always_lie_within_the_text_in_order_and_apart()
    {
        var random = new Random(1);
        string[] words = ["pump", "cooling", "東京", "😀", "a", "bearing's", "\n", "the", "naïve"];
        for (var i = 0; i < 3_000; i++)
        {
            var drawn = Enumerable.Range(0, random.Next(1, 200)).Select(_ => words[random.Next(words.Length)]);
            var text = string.Join(random.Next(2) == 0 ? " " : "", drawn);
            var snippet = Snippet.Of(text, "pump cooling 東京 naive");
            var end = 0;
            foreach (var (from, to) in snippet.Marks)
            {
                Assert.True(from >= end && to > from && to <= snippet.Text.Length, $"{from} to {to} of {snippet.Text.Length}, round {i}");
                end = to;
            }

            Assert.False(snippet.Text.Length > 0 && char.IsLowSurrogate(snippet.Text[0]), $"round {i}");
        }
    }

    static IEnumerable<string> Marked(Snippet snippet) => snippet.Marks.Select(mark => snippet.Text[mark.From..mark.To]);
}
