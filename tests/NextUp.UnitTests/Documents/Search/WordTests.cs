using NextUp.Processors.Documents.Words;

namespace NextUp.UnitTests.Documents.Search;

/// <summary>What counts as a word, and which words are the same.</summary>
public sealed class WordTests
{
    [Theory]
    [InlineData("The Reader's café, 3.5 naïve!", "the reader cafe 3 5 naive")]
    [InlineData("don't stop-words it’s", "dont stop words it")]
    [InlineData("東京都 に行く", "東京 京都 に行 行く")]
    [InlineData("大", "大")]
    [InlineData("", "")]
    [InlineData("\0\u0001 -- …", "")]
    public void Text_is_cut_into_folded_words(string text, string words) => Assert.Equal(words, string.Join(' ', WordsOf(text)));

    [Fact]
    public void A_run_without_an_end_is_cut_into_bounded_words_that_cover_it()
    {
        var words = WordsOf(new string('x', 1_000));

        Assert.All(words, word => Assert.InRange(word.Length, 1, WordReader.LengthMax));
        Assert.Equal(1_000, words.Sum(word => word.Length));
    }

    [Theory]
    [InlineData("index indexes indexed indexing")]
    [InlineData("retrieve retrieved retrieves retrieving")]
    [InlineData("library libraries")]
    [InlineData("automate automated automates automation")]
    [InlineData("running run runs")]
    [InlineData("process processes processed")]
    [InlineData("usefulness useful")]
    public void Forms_of_a_word_have_one_stem(string forms) => Assert.Single(forms.Split(' ').Select(Stem).Distinct());

    [Theory]
    [InlineData("universe", "university")]
    [InlineData("bus", "but")]
    [InlineData("sing", "s")]
    public void Other_words_do_not(string one, string other) => Assert.NotEqual(Stem(one), Stem(other));

    [Fact]
    public void A_stem_is_never_longer_than_its_word_and_never_empty()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var word = new string([.. Enumerable.Range(0, random.Next(1, 15)).Select(_ => (char)('a' + random.Next(26)))])
                + ((string[])["", "s", "es", "ies", "ed", "ing", "ation", "ly", "ness", "ement"])[random.Next(10)];
            Assert.InRange(Stem(word).Length, 1, word.Length);
        }
    }

    [Theory]
    [InlineData("The cat sat on the mat and it was not the dog that did this to her.", "en")]
    [InlineData("Der Hund und die Katze sind nicht in dem Haus, aber es ist auch ein Garten da.", "de")]
    [InlineData("東京は日本の首都です。とても大きいです。", "ja")]
    [InlineData("北京是中国的首都人口众多", "zh")]
    [InlineData("x1 y2 z3", null)]
    public void A_language_is_named_where_it_is_plain(string text, string? code) => Assert.Equal(code, Languages.Of([text]));

    static List<string> WordsOf(string text)
    {
        List<string> words = [];
        var reader = new WordReader(text);
        while (reader.Next())
            words.Add(reader.Word.ToString());
        return words;
    }

    static string Stem(string word)
    {
        var letters = word.ToCharArray();
        return new(letters, 0, Stemmer.Stem(letters));
    }
}
