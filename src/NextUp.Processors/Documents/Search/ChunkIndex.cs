using System.Runtime.InteropServices;
using NextUp.Actors.Documents;
using NextUp.Processors.Documents.Embedding;
using NextUp.Processors.Documents.Words;

namespace NextUp.Processors.Documents.Search;

/// <summary>
/// Finds chunks by their words (BM25) and by their vectors, and fuses both. In memory, of one user, used by one thread at a
/// time; whoever owns it knows which slot is which chunk. Vectors of another space than the index's are not kept: those
/// chunks are found by their words only.
/// </summary>
/// <remarks>
/// A slot that is removed stays as a gap; what is told of words counts only what is left. BM25 is the usual one: a word's
/// rarity over the chunks, how often it comes, damped, and set against the chunk's length.
/// </remarks>
/// <param name="space">The space that queries come in.</param>
public sealed class ChunkIndex(EmbeddingSpace space)
{
    /// <summary>Damps how often a word comes in a chunk.</summary>
    const float Damping = 1.2f;

    /// <summary>How much a chunk's length counts against it.</summary>
    const float LengthShare = 0.75f;

    /// <summary>Best chunks of each side that are fused.</summary>
    const int Depth = 200;

    /// <summary>Vectors in a block; blocks grow the index without copying it.</summary>
    const int BlockVectors = 512;

    /// <summary>What a slot and a word cost in memory beside vectors and postings, in bytes.</summary>
    const int SlotBytes = 16, WordBytes = 96;

    readonly Dictionary<string, int> _words = [];
    readonly List<Postings> _postings = [];
    readonly List<sbyte[]> _blocks = [];
    readonly List<float> _scales = [];
    readonly List<int> _lengths = [];
    readonly Dictionary<int, int> _counts = [];
    long _postingBytes;
    long _lengthSum;
    float[] _scores = [];

    public EmbeddingSpace Space => space;

    /// <summary>Slots, the gaps among them.</summary>
    public int Slots => _lengths.Count;

    /// <summary>Chunks that can be found.</summary>
    public int Count { get; private set; }

    /// <summary>What it takes of memory, nearly.</summary>
    public long Bytes => _postingBytes + ((long)_blocks.Count * BlockVectors * space.Dimension)
        + ((long)_words.Count * WordBytes) + ((long)Slots * (SlotBytes + sizeof(float)));

    /// <summary>Adds a chunk and answers its slot: the next number.</summary>
    /// <param name="of">The space of the vector.</param>
    public int Add(string text, EmbeddingSpace of, PackedVector vector)
    {
        var slot = Slots;
        if (slot == Postings.SlotsMax)
            throw new InvalidOperationException($"An index has at most {Postings.SlotsMax} slots.");

        var length = CountWords(text);
        foreach (var (word, count) in _counts)
        {
            ref var postings = ref CollectionsMarshal.AsSpan(_postings)[word];
            var before = postings.Bytes;
            postings.Add(slot, count);
            _postingBytes += postings.Bytes - before;
        }

        _lengths.Add(length);
        _lengthSum += length;
        Count++;
        KeepVector(slot, of == space && vector.Values.Length == space.Dimension ? vector : default);
        return slot;
    }

    /// <summary>The chunk in the slot is found no more.</summary>
    public void Remove(int slot)
    {
        if (_lengths[slot] < 0)
            return;
        _lengthSum -= _lengths[slot];
        _lengths[slot] = -1;
        Count--;
    }

    /// <summary>The best slots for a query, best first.</summary>
    /// <param name="vector">The query's vector in <see cref="Space"/>; null searches by words alone.</param>
    public IReadOnlyList<RankedSlot> Search(string query, float[]? vector, int limit, VectorTerms terms)
    {
        var byWords = ByWords(query, Depth);
        var byVector = vector is null ? [] : ByVector(vector, Depth);
        return Fusion.Fuse(byWords, byVector, limit, terms);
    }

    /// <summary>The best slots by BM25 alone, best first.</summary>
    public IReadOnlyList<ScoredSlot> ByWords(string query, int limit)
    {
        if (Count == 0)
            return [];
        if (_scores.Length < Slots)
            _scores = new float[Slots + (Slots / 4)];
        var scores = _scores.AsSpan(0, Slots);
        scores.Clear();
        var meanLength = Math.Max(1f, (float)_lengthSum / Count);
        foreach (var (word, times) in QueryWords(query))
            Score(scores, _postings[word].Entries, times, meanLength);
        return Best(scores, limit, above: 0);
    }

    /// <summary>The nearest slots, nearest first; those that point away are left out.</summary>
    public IReadOnlyList<ScoredSlot> ByVector(float[] vector, int limit)
    {
        var packed = VectorMath.Pack(vector);
        var values = packed.Values.Span;
        if (_scores.Length < Slots)
            _scores = new float[Slots + (Slots / 4)];
        var scores = _scores.AsSpan(0, Slots);
        var lengths = CollectionsMarshal.AsSpan(_lengths);
        var scales = CollectionsMarshal.AsSpan(_scales);
        var dimension = space.Dimension;
        for (var slot = 0; slot < scores.Length; slot++)
        {
            scores[slot] = lengths[slot] < 0 || scales[slot] == 0 ? 0
                : VectorMath.Dot(values, _blocks[slot / BlockVectors].AsSpan(slot % BlockVectors * dimension, dimension))
                    * scales[slot] * packed.Scale;
        }

        return Best(scores, limit, above: 0);
    }

    void Score(Span<float> scores, ReadOnlySpan<uint> entries, float times, float meanLength)
    {
        var lengths = CollectionsMarshal.AsSpan(_lengths);
        var with = 0;
        foreach (var entry in entries)
            with += lengths[Postings.Slot(entry)] < 0 ? 0 : 1;
        var rarity = times * MathF.Log(1 + ((Count - with + 0.5f) / (with + 0.5f)));
        foreach (var entry in entries)
        {
            var slot = Postings.Slot(entry);
            if (lengths[slot] < 0)
                continue;
            float count = Postings.Count(entry);
            scores[slot] += rarity * count * (Damping + 1)
                / (count + (Damping * (1 - LengthShare + (LengthShare * lengths[slot] / meanLength))));
        }
    }

    /// <summary>The slots with the highest scores, in a heap of the size that is asked for; equal ones by slot.</summary>
    static List<ScoredSlot> Best(ReadOnlySpan<float> scores, int limit, float above)
    {
        PriorityQueue<int, (float Score, int Slot)> best = new(limit + 1);
        var least = above;
        for (var slot = 0; slot < scores.Length; slot++)
        {
            if (scores[slot] <= least)
                continue;
            if (best.Count < limit)
            {
                best.Enqueue(slot, (scores[slot], -slot));
                continue;
            }

            best.EnqueueDequeue(slot, (scores[slot], -slot));
            best.TryPeek(out _, out var last);
            least = last.Score;
        }

        List<ScoredSlot> list = new(best.Count);
        while (best.TryDequeue(out var slot, out var key))
            list.Add(new(slot, key.Score));
        list.Reverse();
        return list;
    }

    Dictionary<int, int> QueryWords(string query)
    {
        Dictionary<int, int> words = [];
        var lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
        var reader = new TermReader(query);
        while (reader.Next())
        {
            if (lookup.TryGetValue(reader.Term, out var word))
                words[word] = words.GetValueOrDefault(word) + 1;
        }

        return words;
    }

    int CountWords(string text)
    {
        _counts.Clear();
        var lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
        var length = 0;
        var reader = new TermReader(text);
        while (reader.Next())
        {
            length++;
            if (!lookup.TryGetValue(reader.Term, out var word))
            {
                word = _postings.Count;
                lookup[reader.Term] = word;
                _postings.Add(default);
            }

            CollectionsMarshal.GetValueRefOrAddDefault(_counts, word, out _)++;
        }

        return length;
    }

    void KeepVector(int slot, PackedVector vector)
    {
        _scales.Add(vector.Scale);
        if (slot / BlockVectors == _blocks.Count)
            _blocks.Add(new sbyte[BlockVectors * space.Dimension]);
        vector.Values.Span.CopyTo(_blocks[^1].AsSpan(slot % BlockVectors * space.Dimension));
    }
}

public readonly record struct ScoredSlot(int Slot, float Score);

/// <summary>A slot that was found.</summary>
/// <param name="Score">The fused score; comparable within one answer only.</param>
/// <param name="HasWords">It has words of the query.</param>
/// <param name="Nearness">The cosine to the query; null where it was not among the nearest.</param>
public readonly record struct RankedSlot(int Slot, float Score, bool HasWords, float? Nearness);
