using System.Text.RegularExpressions;
using NextUp.Processors.Documents.Embedding;
using NextUp.Processors.Documents.Search;

namespace NextUp.Bench.Documents;

/// <summary>
/// How good the search is: nDCG@10 on CISI (1,460 abstracts, 76 judged questions), by words, by vectors and by both, with
/// the embedding that comes with the program. <c>folder=</c> names the folder with CISI.ALL, CISI.QRY and CISI.REL.
/// </summary>
static partial class Retrieval
{
    const int Depth = 10;

    const string FolderHelp = "folder=PATH names the folder with CISI.ALL, CISI.QRY and CISI.REL.";

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var folder = Arguments.Text(arguments, "folder", FolderHelp);
        var documents = Read(Path.Combine(folder, "CISI.ALL"));
        var questions = Read(Path.Combine(folder, "CISI.QRY"));
        var judged = Judgements(Path.Combine(folder, "CISI.REL"));
        var index = new ChunkIndex(LexicalStaticModel.OwnSpace);
        foreach (var (_, text) in documents)
            index.Add(text, LexicalStaticModel.OwnSpace, VectorMath.Pack(LexicalStaticModel.Embed(text)));

        double words = 0, vectors = 0, both = 0;
        foreach (var (id, question) in questions.Where(question => judged.ContainsKey(question.Id)))
        {
            var vector = LexicalStaticModel.Embed(question);
            words += Gain(index.ByWords(question, Depth).Select(found => documents[found.Slot].Id), judged[id]);
            vectors += Gain(index.ByVector(vector, Depth).Select(found => documents[found.Slot].Id), judged[id]);
            var fused = index.Search(question, vector, Depth, new(LexicalStaticModel.FusionWeight, 0));
            both += Gain(fused.Select(found => documents[found.Slot].Id), judged[id]);
        }

        await output.WriteLineAsync(
            $"retrieval, CISI, {documents.Count} documents, {judged.Count} questions, nDCG@{Depth}: words {words / judged.Count:0.000}, "
            + $"vectors {vectors / judged.Count:0.000}, both {both / judged.Count:0.000}");
    }

    static double Gain(IEnumerable<int> found, HashSet<int> relevant)
    {
        var gain = found.Select((id, rank) => relevant.Contains(id) ? 1 / Math.Log2(rank + 2) : 0).Sum();
        return gain / Enumerable.Range(0, Math.Min(Depth, relevant.Count)).Sum(rank => 1 / Math.Log2(rank + 2));
    }

    static Dictionary<int, HashSet<int>> Judgements(string path) => File.ReadLines(path)
        .Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        .Where(parts => parts.Length >= 2)
        .GroupBy(parts => int.Parse(parts[0]), parts => int.Parse(parts[1]))
        .ToDictionary(group => group.Key, group => group.ToHashSet());

    /// <summary>Title and abstract of each record; authors and references are not what is asked about.</summary>
    static List<(int Id, string Text)> Read(string path)
    {
        List<(int, string)> records = [];
        foreach (Match record in Record().Matches(File.ReadAllText(path)))
        {
            var fields = Field().Matches(record.Groups[2].Value)
                .Where(field => field.Groups[1].Value is "T" or "W").Select(field => field.Groups[2].Value);
            records.Add((int.Parse(record.Groups[1].Value), string.Join('\n', fields)));
        }

        return records;
    }

    [GeneratedRegex(@"^\.I\s+(\d+)\s*$(.*?)(?=^\.I\s|\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Record();

    [GeneratedRegex(@"^\.([A-Z])\s*$(.*?)(?=^\.[A-Z]\s*$|\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Field();
}
