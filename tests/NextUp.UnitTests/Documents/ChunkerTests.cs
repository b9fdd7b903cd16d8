using NextUp.Processors.Documents.Chunking;
using NextUp.Processors.Documents.Extraction;

namespace NextUp.UnitTests.Documents;

public sealed class ChunkerTests
{
    static readonly ChunkSizes Sizes = ChunkSizes.Default;

    /// <summary>Things that a chunk's end must not cut in two.</summary>
    static readonly string[] Whole =
    [
        "3.14", "1,234,567.89", "12.5%", "1 234 567", "Dr. Smith", "e.g. this", "Fig. 3", "No. 5", "U.S. law", "J. Doe", "p. 12",
        "2019-04-03", "v2.10.1", "http://a.example/b?c=d", "z.B. das", "i.e. that", "approx. 4",
    ];

    static readonly string[] Plain =
        ["alpha", "be", "gamma-ray", "delta", "a", "house", "understanding", "of", "naïve", "and", "don't", "Überraschung", "(so)"];

    [Fact]
    public void Random_documents_are_covered_in_order_and_nothing_that_belongs_together_is_cut()
    {
        for (var seed = 1; seed <= 400; seed++)
        {
            var (text, whole) = Document(new Random(seed));
            var chunks = Chunker.Split(text);
            AssertSound(text, chunks, $"seed {seed}");
            var cut = whole.Find(one => chunks.Any(chunk => Cuts(chunk.CharFrom, one) || Cuts(chunk.CharTo, one)));
            Assert.True(cut == default, $"seed {seed}: what stands at {cut} is cut");
        }

        static bool Cuts(int at, (int From, int To) whole) => at > whole.From && at < whole.To;
    }

    [Fact]
    public void Ordinary_chunks_are_of_the_length_that_is_aimed_at()
    {
        var sentence = "The quick brown fox jumps over the lazy dog near the river bank today.";
        var chunks = Chunker.Split(Of(Enumerable.Repeat(
            new TextBlock(BlockKind.Paragraph, string.Join(' ', Enumerable.Repeat(sentence, 7)), 1), 40)));

        Assert.All(chunks.SkipLast(1), chunk => Assert.InRange(chunk.Text.Length, Sizes.Enough, Sizes.Full + Sizes.OverlapMax + 1));
    }

    [Fact]
    public void A_chunk_begins_with_the_last_sentence_of_the_one_before_where_it_is_short()
    {
        var sentences = Enumerable.Range(0, 60).Select(i => $"This is the sentence of number {i} and it says little.").ToList();
        var chunks = Chunker.Split(Of([new(BlockKind.Paragraph, string.Join(' ', sentences), 1)]));

        Assert.True(chunks.Count > 2);
        foreach (var (before, chunk) in chunks.Zip(chunks.Skip(1)))
        {
            var repeated = chunk.Text[..(before.CharTo - chunk.CharFrom)];
            Assert.Contains(repeated, sentences);
        }
    }

    [Fact]
    public void A_long_last_sentence_is_not_said_again()
    {
        var sentence = string.Join(' ', Enumerable.Repeat("word", 50)) + ".";
        var text = string.Join(" ", Enumerable.Range(0, 20).Select(i => "S" + sentence));
        var chunks = Chunker.Split(Of([new(BlockKind.Paragraph, text, 1)]));

        Assert.All(chunks.Zip(chunks.Skip(1)), pair => Assert.True(pair.Second.CharFrom >= pair.First.CharTo));
    }

    [Fact]
    public void A_heading_stands_with_what_it_heads_and_its_path_is_told()
    {
        var body = string.Join(' ', Enumerable.Repeat("Words that fill a section of this text.", 25));
        var text = Of(
        [
            new(BlockKind.Heading, "Guide", 1) { HeadingLevel = 1 },
            new(BlockKind.Heading, "First", 1) { HeadingLevel = 2 }, new(BlockKind.Paragraph, body, 1),
            new(BlockKind.Heading, "Second", 2) { HeadingLevel = 2 }, new(BlockKind.Paragraph, body, 2),
            new(BlockKind.Heading, "Other", 3) { HeadingLevel = 1 }, new(BlockKind.Paragraph, body, 3),
        ]);
        var chunks = Chunker.Split(text);

        Assert.Equal(
            ["Guide › First", "Guide › Second", "Other"],
            chunks.Select(chunk => string.Join(" › ", chunk.HeadingPath)).Distinct());
        Assert.Contains(chunks, chunk => chunk.Text.StartsWith("Guide\nFirst\nWords", StringComparison.Ordinal));
        Assert.Contains(chunks, chunk => chunk.Text.StartsWith("Second\nWords", StringComparison.Ordinal) && chunk.PageFrom == 2);
        AssertSound(text, chunks, "headings");
    }

    [Fact]
    public void A_short_end_joins_the_chunk_before_it()
    {
        var row = new string('x', 90);
        var text = Of([.. Enumerable.Range(0, 10).Select(i => new TextBlock(BlockKind.TableRow, row, 1)),
            new(BlockKind.Heading, "End", 1) { HeadingLevel = 1 }, new(BlockKind.Paragraph, "Short.", 1)]);
        var chunk = Assert.Single(Chunker.Split(text));

        Assert.EndsWith("End\nShort.", chunk.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_chunk_is_at_its_limit_and_one_char_more_is_two()
    {
        Assert.Single(Chunker.Split(Of([new(BlockKind.TableRow, Row(Sizes.Max), 1)])));
        Assert.Equal(2, Chunker.Split(Of([new(BlockKind.TableRow, Row(Sizes.Max + 1), 1)])).Count);

        static string Row(int length) => string.Concat(Enumerable.Repeat("cell | ", length / 7 + 1))[..(length - 1)] + "x";
    }

    [Fact]
    public void Chinese_without_a_space_or_a_stop_is_cut_between_signs_and_never_inside_one()
    {
        var text = Of([new(BlockKind.Paragraph, string.Concat(Enumerable.Repeat("機械学習と𠮷野家は日本語で", 2_000)), 1)]);
        var chunks = Chunker.Split(text);

        AssertSound(text, chunks, "Chinese");
        Assert.All(chunks, chunk => Assert.False(char.IsLowSurrogate(chunk.Text[0]) || char.IsHighSurrogate(chunk.Text[^1])));
    }

    [Fact]
    public void Chinese_sentences_end_with_their_own_stop()
    {
        var text = Of([new(BlockKind.Paragraph, string.Concat(Enumerable.Repeat("これは日本語の文章です。", 300)), 1)]);

        Assert.All(Chunker.Split(text), chunk => Assert.EndsWith("。", chunk.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_word_longer_than_a_chunk_is_the_only_one_that_is_cut()
    {
        var text = Of([new(BlockKind.Paragraph, "before " + new string('A', 5_000) + " behind", 1)]);

        AssertSound(text, Chunker.Split(text), "long word");
    }

    [Fact]
    public void A_document_without_text_has_no_chunks() => Assert.Empty(Chunker.Split(Of([])));

    static DocumentText Of(IEnumerable<TextBlock> blocks) => new(DocumentFormat.Text, [new(1, [.. blocks])], []);

    static void AssertSound(DocumentText text, IReadOnlyList<Chunk> chunks, string which)
    {
        var all = text.Text;
        var behind = 0;
        foreach (var (chunk, i) in chunks.Select((chunk, i) => (chunk, i)))
        {
            Assert.Equal(i, chunk.Ordinal);
            Assert.True(chunk.Text == all[chunk.CharFrom..chunk.CharTo], $"{which}: chunk {i} is not what stands there");
            Assert.True(chunk.Text.Length is > 0 and var length && length <= Sizes.Max, $"{which}: chunk {i} has {chunk.Text.Length}");
            Assert.True(chunk.Text.Trim() == chunk.Text, $"{which}: chunk {i} has space around it");
            Assert.True(chunk.CharTo > behind, $"{which}: chunk {i} adds nothing");
            var between = chunk.CharFrom > behind ? all[behind..chunk.CharFrom] : "";
            Assert.True(string.IsNullOrWhiteSpace(between), $"{which}: lost before {i}: {between}");
            Assert.True(chunk.PageFrom <= chunk.PageTo);
            behind = chunk.CharTo;
        }

        Assert.True(string.IsNullOrWhiteSpace(all[behind..]), $"{which}: the end is lost: {all[behind..]}");
    }

    /// <summary>A document of random blocks, and where in its text the things are that must stay whole.</summary>
    static (DocumentText Text, List<(int From, int To)> Whole) Document(Random random)
    {
        List<TextBlock> blocks = [];
        List<(int, int)> whole = [];
        var (from, page) = (0, 1);
        for (var i = random.Next(1, 60); i > 0; i--)
        {
            var kind = (BlockKind)random.Next(5);
            var words = kind == BlockKind.Heading ? random.Next(1, 8) : random.Next(10) == 0 ? random.Next(400, 900) : random.Next(1, 150);
            var text = new System.Text.StringBuilder();
            for (; words > 0; words--)
            {
                var special = random.Next(6) == 0;
                var word = special ? Whole[random.Next(Whole.Length)] : Plain[random.Next(Plain.Length)];
                if (text.Length > 0) text.Append(kind == BlockKind.Code && !special && random.Next(10) == 0 ? '\n' : ' ');
                if (text.Length > 0 && char.IsAsciiDigit(word[0])) text.Append("so ");
                whole.Add((from + text.Length, from + text.Length + word.Length));
                text.Append(word);
                if (!special && random.Next(9) == 0 && kind != BlockKind.Heading) text.Append(random.Next(3) == 0 ? "?" : ".");
            }

            blocks.Add(new(kind, text.ToString(), page) { HeadingLevel = kind == BlockKind.Heading ? random.Next(1, 7) : 0 });
            from += text.Length + 1;
            page += random.Next(8) == 0 ? 1 : 0;
        }

        var pages = blocks.GroupBy(block => block.Page).Select(one => new DocumentPage(one.Key, [.. one]));
        return (new(DocumentFormat.Pdf, [.. pages], []), whole);
    }
}
