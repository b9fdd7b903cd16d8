using NextUp.Actors.Documents;
using NextUp.Processors.Documents.Words;

namespace NextUp.Processors.Documents.Embedding;

/// <summary>
/// The model that comes with the program, <c>lexical-static-v1</c>: half a fingerprint of the words and their parts, half a
/// light sense of what they mean. It needs no network, gives the same vector for the same text everywhere and for ever, and
/// finds other forms, misspellings and near synonyms of what is asked for. For real understanding configure a real model.
/// </summary>
/// <remarks>
/// <para>1,024 dimensions are hashed: each stem, and with less weight each run of 3 to 5 letters of a word, is added with a
/// sign at two places, by the logarithm of how often it comes and by how rare it is in English at large. 200 are the mean of
/// the words' vectors (<see cref="WordVectors"/>) with the weight a / (a + share), less what all texts have in common.
/// Both halves have length 1 before the second is taken half; so has the whole.</para>
/// <para>Anything that changes a vector is another model and needs another name.</para>
/// </remarks>
public sealed class LexicalStaticModel : IEmbedder
{
    public const string Name = "lexical-static-v1";

    /// <summary>
    /// What its ranking counts in the fusion with that by words, which by itself is better: measured on CISI (the benchmark
    /// "retrieval"), words alone 0.43, both alike 0.39, half 0.41. It adds what words miss.
    /// </summary>
    public const float FusionWeight = 0.5f;

    const int Hashed = 1024;
    const int GramMin = 3, GramMax = 5;

    /// <summary>What a part of a word weighs beside the word.</summary>
    const float GramWeight = 0.35f;

    const float StaticWeight = 0.5f;

    /// <summary>Texts between two looks at whether to go on.</summary>
    const int TextsAtOnce = 16;

    public static readonly EmbeddingSpace OwnSpace = new(Name, Hashed + WordVectors.Dimension);

    public string Model => Name;

    public EmbeddingSpace? Space => OwnSpace;

    public Task<IReadOnlyList<float[]>> EmbedAsync(
        IReadOnlyList<string> texts, EmbeddingUse use, CancellationToken cancellationToken)
    {
        var vectors = new float[texts.Count][];
        for (var i = 0; i < texts.Count; i++)
        {
            if (i % TextsAtOnce == 0)
                cancellationToken.ThrowIfCancellationRequested();
            vectors[i] = Embed(texts[i]);
        }

        return Task.FromResult<IReadOnlyList<float[]>>(vectors);
    }

    public static float[] Embed(string text)
    {
        var vector = new float[OwnSpace.Dimension];
        var hashed = vector.AsSpan(0, Hashed);
        var meaning = vector.AsSpan(Hashed);
        var words = WordVectors.Shipped;
        Dictionary<ulong, (int Count, float Weight)> features = [];
        Span<char> padded = stackalloc char[WordReader.LengthMax + 2];
        var reader = new WordReader(text);
        while (reader.Next())
        {
            var word = reader.Word;
            if (StopWords.Contains(word))
                continue;

            words.AddTo(meaning, word);
            padded[0] = '<';
            word.CopyTo(padded[1..]);
            padded[word.Length + 1] = '>';
            AddGrams(features, padded[..(word.Length + 2)]);
            var stem = word[..Stemmer.Stem(word)];
            Add(features, Hash(stem, 0), words.RarityOf(stem));
        }

        foreach (var (hash, (count, weight)) in features)
            Spread(hashed, hash, weight * (1 + MathF.Log(count)));
        VectorMath.Normalize(hashed);
        WithoutCommon(meaning, words.Common);
        VectorMath.Normalize(meaning);
        for (var i = 0; i < meaning.Length; i++)
            meaning[i] *= StaticWeight;
        VectorMath.Normalize(vector);
        return vector;
    }

    static void AddGrams(Dictionary<ulong, (int Count, float Weight)> features, ReadOnlySpan<char> padded)
    {
        for (var length = GramMin; length <= GramMax; length++)
        {
            for (var at = 0; at + length <= padded.Length; at++)
                Add(features, Hash(padded.Slice(at, length), (ulong)length), GramWeight);
        }
    }

    static void Add(Dictionary<ulong, (int Count, float Weight)> features, ulong hash, float weight) =>
        features[hash] = (features.GetValueOrDefault(hash).Count + 1, weight);

    /// <summary>Two places with a sign each: where one of them collides the other mostly does not.</summary>
    static void Spread(Span<float> hashed, ulong hash, float weight)
    {
        hashed[(int)(hash % Hashed)] += (hash & (1UL << 20)) == 0 ? weight : -weight;
        hashed[(int)((hash >> 32) % Hashed)] += (hash & (1UL << 60)) == 0 ? weight : -weight;
    }

    static void WithoutCommon(Span<float> meaning, float[] common)
    {
        var share = VectorMath.Dot(meaning, common);
        for (var i = 0; i < meaning.Length; i++)
            meaning[i] -= share * common[i];
    }

    /// <summary>FNV-1a over the letters, then mixed so that every bit depends on all of them.</summary>
    static ulong Hash(ReadOnlySpan<char> letters, ulong seed)
    {
        var hash = 14695981039346656037UL ^ (seed * 0x9E3779B97F4A7C15UL);
        foreach (var letter in letters)
            hash = (hash ^ letter) * 1099511628211UL;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return hash ^ (hash >> 33);
    }
}
