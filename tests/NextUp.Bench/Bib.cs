using System.Diagnostics;
using System.Text;
using NextUp.Processors.Bibtex.Text;

namespace NextUp.Bench;

/// <summary>Reading and writing .bib files: 5,000 entries without and with abstracts.</summary>
static class Bib
{
    const int Entries = 5_000;

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var rounds = Arguments.Int(arguments, "rounds", 10);
        foreach (var words in new[] { 0, 150 })
        {
            var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Entries).Select(i => Entry(i, words))));
            var file = BibFile.Parse(bytes);
            var parse = Best(rounds, () => BibFile.Parse(bytes));
            var write = Best(rounds, () => Revise(file));
            await output.WriteLineAsync(
                $"bib, {file.Entries.Count:N0} entries, {bytes.Length / 1e6:N1} MB: parse {bytes.Length / 1e6 / parse:N0} MB/s, "
                + $"write with a field added to each {bytes.Length / 1e6 / write:N0} MB/s");
        }
    }

    static string Entry(int number, int words) =>
        $"@article{{key{number},\n  author = {{M{{\\\"u}}ller, Anna and Other, B.}},\n  title = {{A work about the number {number}}},\n"
        + (words == 0 ? "" : $"  abstract = {{{string.Join(' ', Enumerable.Repeat("word", words))}}},\n") + "  year = {2020}\n}\n";

    static byte[] Revise(BibFile file)
    {
        var revision = new BibRevision(file);
        foreach (var entry in file.Entries)
            revision.Add(entry, "doi", $"10.1000/{entry.Key}");
        return revision.Write().Bytes;
    }

    static double Best<T>(int rounds, Func<T> work)
    {
        var best = double.MaxValue;
        for (var round = 0; round < rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            work();
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
        }

        return best;
    }
}
