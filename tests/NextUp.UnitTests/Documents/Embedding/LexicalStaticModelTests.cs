using NextUp.Processors.Documents.Embedding;

namespace NextUp.UnitTests.Documents.Embedding;

public sealed class LexicalStaticModelTests
{
    [Fact]
    public void A_vector_has_length_one_and_is_the_same_every_time()
    {
        var vector = LexicalStaticModel.Embed("The reactor cooling pump failed.");

        Assert.Equal(1224, vector.Length);
        Assert.Equal(1, VectorMath.Dot(vector, vector), 4);
        Assert.Equal(vector, LexicalStaticModel.Embed("The reactor cooling pump failed."));
    }

    /// <summary>Whoever changes a vector has to give the model another name.</summary>
    [Fact]
    public void The_vectors_of_v1_are_those_of_v1()
    {
        var packed = VectorMath.Pack(LexicalStaticModel.Embed("libraries")).Values.Span;
        var hash = 17L;
        foreach (var value in packed)
            hash = unchecked((hash * 31) + value);

        Assert.Equal(LibrariesFingerprint, hash);
    }

    const long LibrariesFingerprint = 453661435632760338;

    [Theory]
    [InlineData("A doctor treated the patient.", "The physician saw a sick person.", "The stock market fell sharply.")]
    [InlineData("library catalogues", "the catalogue of a library", "engines of aeroplanes")]
    public void Texts_that_mean_alike_are_nearer_than_texts_that_do_not(string text, string like, string unlike) =>
        Assert.True(Nearness(text, like) > Nearness(text, unlike));

    [Theory]
    [InlineData("")]
    [InlineData("...")]
    [InlineData("the of and")]
    public void A_text_without_words_that_tell_anything_is_near_to_nothing(string text) =>
        Assert.Equal(0, VectorMath.Dot(LexicalStaticModel.Embed(text), LexicalStaticModel.Embed("pump")));

    [Fact]
    public void Packing_changes_a_product_by_less_than_a_hundredth()
    {
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var (left, right) = (Drawn(random), Drawn(random));
            var (first, second) = (VectorMath.Pack(left), VectorMath.Pack(right));
            var packed = VectorMath.Dot(first.Values.Span, second.Values.Span) * first.Scale * second.Scale;
            Assert.Equal(VectorMath.Dot(left, right), packed, 0.01f);
        }
    }

    [Fact]
    public void A_product_of_bytes_is_exact_at_the_bounds_and_for_every_length()
    {
        for (var length = 0; length < 200; length++)
        {
            var all = Enumerable.Repeat((sbyte)127, length).ToArray();
            var opposite = Enumerable.Repeat((sbyte)-127, length).ToArray();
            Assert.Equal(length * 127 * 127, VectorMath.Dot(all, all));
            Assert.Equal(-length * 127 * 127, VectorMath.Dot(all, opposite));
        }
    }

    static float Nearness(string left, string right) => VectorMath.Dot(LexicalStaticModel.Embed(left), LexicalStaticModel.Embed(right));

    static float[] Drawn(Random random)
    {
        var vector = Enumerable.Range(0, 300).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        VectorMath.Normalize(vector);
        return vector;
    }
}
