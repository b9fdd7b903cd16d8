using NextUp.Actors.Documents;
using NextUp.Processors.Documents.Embedding;
using NextUp.Processors.Documents.Search;

namespace NextUp.UnitTests.Documents.Search;

public sealed class ChunkIndexTests
{
    static readonly EmbeddingSpace Space = LexicalStaticModel.OwnSpace;
    static readonly VectorTerms Terms = new(0.5f, 0.12f);

    static readonly string[] Texts =
    [
        "The reactor cooling pump failed on Tuesday.", "Lunch was pasta with tomatoes.", "A pump moves water; pumps move more water.",
        "東京都の天気は晴れです。", "The committee approved the budget for libraries.",
    ];

    [Fact]
    public void Words_find_what_has_them_best_first()
    {
        var index = IndexOf(Texts);

        Assert.Equal([2, 0], index.ByWords("pumps", 10).Select(found => found.Slot));
        Assert.Equal(0, index.ByWords("cooling pump", 10)[0].Slot);
        Assert.Empty(index.ByWords("the of and", 10));
        Assert.Empty(index.ByWords("xylophone", 10));
        Assert.Equal([3], index.ByWords("天気", 10).Select(found => found.Slot));
    }

    [Fact]
    public void Vectors_find_misspellings_that_words_do_not()
    {
        var index = IndexOf(Texts);

        Assert.Empty(index.ByWords("committtee", 10));
        Assert.Equal(4, index.ByVector(LexicalStaticModel.Embed("committtee"), 10)[0].Slot);
        Assert.Equal(4, index.Search("committtee", LexicalStaticModel.Embed("committtee"), 10, Terms)[0].Slot);
    }

    [Fact]
    public void Nonsense_finds_nothing() =>
        Assert.Empty(IndexOf(Texts).Search("qqqq zzzz", LexicalStaticModel.Embed("qqqq zzzz"), 10, Terms));

    [Fact]
    public void A_removed_slot_is_found_no_more_and_counts_for_nothing()
    {
        var index = IndexOf(Texts);
        var fresh = IndexOf([.. Texts.Where((_, i) => i != 2)]);
        index.Remove(2);
        index.Remove(2);

        Assert.Equal((5, 4), (index.Slots, index.Count));
        Assert.Equal(fresh.ByWords("pump", 10)[0].Score, index.ByWords("pump", 10)[0].Score);
        Assert.Equal([0], index.ByWords("pump", 10).Select(found => found.Slot));
        Assert.DoesNotContain(2, index.ByVector(LexicalStaticModel.Embed("pump"), 10).Select(found => found.Slot));
    }

    [Fact]
    public void A_vector_of_another_space_is_never_compared()
    {
        var index = new ChunkIndex(Space);
        index.Add("pump", new("other", Space.Dimension), VectorMath.Pack(LexicalStaticModel.Embed("pump")));
        index.Add("pump", Space with { Dimension = 3 }, new(new sbyte[3], 1));

        Assert.Empty(index.ByVector(LexicalStaticModel.Embed("pump"), 10));
        Assert.Equal(2, index.ByWords("pump", 10).Count);
    }

    [Fact]
    public void The_best_are_the_best_of_all_whatever_the_limit()
    {
        var random = new Random(1);
        var index = IndexOf([.. Enumerable.Range(0, 500).Select(_ =>
            string.Join(' ', Enumerable.Range(0, random.Next(1, 30)).Select(_ => "word" + (char)('a' + random.Next(8)))))]);
        var all = index.ByWords("worda wordc", 1_000);

        Assert.Equal(all.OrderByDescending(found => found.Score).ThenBy(found => found.Slot), all);
        for (var limit = 1; limit < 40; limit++)
            Assert.Equal(all.Take(limit), index.ByWords("worda wordc", limit));
    }

    [Fact]
    public void Fusion_ranks_what_both_sides_know_before_what_one_does()
    {
        var fused = Fusion.Fuse(
            [new(1, 9), new(2, 8)], [new(3, 0.9f), new(2, 0.8f), new(4, 0.1f)], 10, new VectorTerms(1, 0.2f));

        Assert.Equal([2, 1, 3], fused.Select(found => found.Slot));
        Assert.Equal([(true, 0.8f), (true, (float?)null), (false, 0.9f)], fused.Select(found => (found.HasWords, found.Nearness)));
    }

    static ChunkIndex IndexOf(IReadOnlyList<string> texts)
    {
        var index = new ChunkIndex(Space);
        foreach (var text in texts)
            index.Add(text, Space, VectorMath.Pack(LexicalStaticModel.Embed(text)));
        return index;
    }
}
