using System.Runtime.InteropServices;
using NextUp.Processors.Documents.Words;

namespace NextUp.Processors.Documents.Embedding;

/// <summary>The words that come with the program: how often each is in English text at large, and its vector.</summary>
sealed class WordVectors
{
    public const int Dimension = 200;

    /// <summary>Words rarer than this share say no less for it.</summary>
    const float WeightAt = 1e-4f;

    /// <summary>The length of the text, in words, that the share of texts with a word is reckoned for.</summary>
    const double TextWords = 150;

    /// <summary>The share of a word that is in no list.</summary>
    const double ShareOfUnknown = 3e-7;

    static readonly Lazy<WordVectors> s_shipped = new(Load);

    readonly Dictionary<string, int> _rows;
    readonly Dictionary<string, float> _rarity;
    readonly sbyte[] _vectors;
    readonly float[] _weights;

    WordVectors(Dictionary<string, int> rows, Dictionary<string, float> rarity, sbyte[] vectors, float[] weights)
    {
        (_rows, _rarity, _vectors, _weights) = (rows, rarity, vectors, weights);
        Common = CommonDirection();
    }

    /// <summary>Read at first use.</summary>
    public static WordVectors Shipped => s_shipped.Value;

    static float RarityOfUnknown { get; } = Rarity(ShareOfUnknown);

    /// <summary>What all texts have in common, which says nothing of any of them; a unit vector.</summary>
    public float[] Common { get; }

    /// <summary>How much a stem tells, from some tenths to three.</summary>
    public float RarityOf(ReadOnlySpan<char> stem) =>
        _rarity.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(stem, out var rarity) ? rarity : RarityOfUnknown;

    /// <summary>Adds the word's vector by the word's weight; does nothing for a word that has none.</summary>
    /// <param name="word">Folded, not stemmed.</param>
    public void AddTo(Span<float> sum, ReadOnlySpan<char> word)
    {
        if (!_rows.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out var row))
            return;
        var vector = _vectors.AsSpan(row * Dimension, Dimension);
        var weight = _weights[row] / 127f;
        for (var i = 0; i < Dimension; i++)
            sum[i] += vector[i] * weight;
    }

    static WordVectors Load()
    {
        using var vectors = Resource("vectors.i8");
        using var words = new StreamReader(Resource("words.tsv"));
        var bytes = new byte[vectors.Length];
        vectors.ReadExactly(bytes);
        Dictionary<string, int> rows = [];
        Dictionary<string, double> shares = [];
        List<float> weights = [];
        var stem = new char[WordReader.LengthMax * 2];
        while (words.ReadLine() is { } line)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var (word, share) = (line[..tab], double.Parse(line.AsSpan(tab + 1)));
            rows.TryAdd(word, weights.Count);
            weights.Add((float)(WeightAt / (WeightAt + share)));
            if (word.Length > stem.Length)
                continue;
            word.CopyTo(stem);
            var stemmed = new string(stem, 0, Stemmer.Stem(stem.AsSpan(0, word.Length)));
            shares[stemmed] = shares.GetValueOrDefault(stemmed) + share;
        }

        var rarity = shares.ToDictionary(pair => pair.Key, pair => Rarity(pair.Value));
        return new(rows, rarity, MemoryMarshal.Cast<byte, sbyte>(bytes).ToArray(), [.. weights]);
    }

    /// <summary>
    /// The root of the inverse document frequency: question and document both carry it, so their product has it once.
    /// </summary>
    static float Rarity(double share) => (float)Math.Sqrt(-Math.Log(1 - Math.Exp(-TextWords * share)));

    /// <summary>
    /// The mean of the words as they come in text, each with its weight: what the first principal component of texts is
    /// nearly, without any texts.
    /// </summary>
    float[] CommonDirection()
    {
        var sum = new float[Dimension];
        for (var row = 0; row < _weights.Length; row++)
        {
            // weight times share, by way of the weight: share = a / weight - a.
            var times = (WeightAt / _weights[row]) - WeightAt;
            for (var i = 0; i < Dimension; i++)
                sum[i] += _vectors[(row * Dimension) + i] * _weights[row] * times;
        }

        VectorMath.Normalize(sum);
        return sum;
    }

    static Stream Resource(string name) => typeof(WordVectors).Assembly.GetManifestResourceStream("words-200." + name)
        ?? throw new InvalidOperationException($"The resource words-200.{name} is not built into this assembly.");
}
