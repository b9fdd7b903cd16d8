using System.Diagnostics;
using NextUp.Processors.Documents.Embedding;
using NextUp.Processors.Documents.Search;

namespace NextUp.Bench.Documents;

/// <summary>
/// How long a search takes in one user's index of 50,000 chunks of 1,000 characters, and what that takes of memory. The
/// words are drawn with the frequencies of English (a few very often, most rarely), by a seed.
/// </summary>
static class Searching
{
    const int Words = 40_000;
    const int WordsOfChunk = 160;

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var chunks = Arguments.Int(arguments, "chunks", 50_000);
        var random = new Random(Arguments.Int(arguments, "seed", 1));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = new ChunkIndex(LexicalStaticModel.OwnSpace);
        var (embedding, adding) = (new Stopwatch(), new Stopwatch());
        for (var i = 0; i < chunks; i++)
        {
            var text = Text(random, WordsOfChunk);
            embedding.Start();
            var vector = VectorMath.Pack(LexicalStaticModel.Embed(text));
            embedding.Stop();
            adding.Start();
            index.Add(text, LexicalStaticModel.OwnSpace, vector);
            adding.Stop();
        }

        var memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        List<double> times = [];
        for (var i = 0; i < 220; i++)
        {
            var question = Text(random, 2 + random.Next(5));
            var since = Stopwatch.GetTimestamp();
            index.Search(question, LexicalStaticModel.Embed(question), 30, new(LexicalStaticModel.FusionWeight, 0.12f));
            if (i >= 20) // The first ones warm up.
                times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }

        times.Sort();
        await output.WriteLineAsync(
            $"search, {chunks:N0} chunks: median {times[times.Count / 2]:0.0} ms, p99 {times[times.Count * 99 / 100]:0.0} ms; "
            + $"memory {memory / 1e6:N0} MB ({index.Bytes / 1e6:N0} MB reckoned); "
            + $"embedding {chunks / embedding.Elapsed.TotalSeconds:N0} chunks/s, "
            + $"indexing {chunks / adding.Elapsed.TotalSeconds:N0} chunks/s");
    }

    static string Text(Random random, int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Word(random)));

    /// <summary>The k-th word comes with a share of 1/k (Zipf), by the inverse of its sum.</summary>
    static string Word(Random random)
    {
        var number = (int)Math.Exp(random.NextDouble() * Math.Log(Words));
        Span<char> letters = stackalloc char[8];
        var length = 0;
        for (var rest = (number * 7919) % 456_976; length < 4 || rest > 0; rest /= 26)
            letters[length++] = (char)('a' + (rest % 26));
        return new string(letters[..length]);
    }
}
