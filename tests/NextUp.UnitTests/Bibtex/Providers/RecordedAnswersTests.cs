using System.IO.Compression;
using System.Text;
using System.Text.Json;
using NextUp.Processors.Bibtex.Providers;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.UnitTests.Bibtex.Providers;

/// <summary>The parsers over answers that the true services gave, where the recordings are present.</summary>
public sealed class RecordedAnswersTests
{
    static readonly string? Corpus = FindCorpus();

    [Fact]
    public void Every_recorded_work_of_Crossref_is_read()
    {
        Assert.SkipUnless(Corpus is not null, "No recorded answers beside the project (../shared/corpora/http).");
        var works = new List<Work>();
        foreach (var body in Bodies("crossref").Concat(Files("crossref-search", "*.json")))
        {
            if (AnswerJson.Parse(body) is not { } root || root.Text("status") != "ok")
                continue;
            switch (root.Text("message-type"))
            {
                case "work":
                    works.Add(Assert.IsType<Work>(CrossrefAnswer.One(body)));
                    break;
                case "work-list":
                    var list = CrossrefAnswer.Many(body);
                    Assert.Equal(root.Field("message").Items("items").Count(item => item.Field("DOI") is not null),
                        list!.Count);
                    works.AddRange(list);
                    break;
            }
        }

        Assert.True(works.Count > 600, $"{works.Count} works");
        CheckAll(works);
        Assert.Contains(works, work => work.Year is null);
        Assert.Contains(works, work => work.Title is null);
        Assert.Contains(works, work => work.Authors.Any(author => author is (null, "Concrete Technology Associates")));
        Assert.True(works.Count(work => work.Abstract is not null) > 150);
    }

    [Fact]
    public void Every_recorded_paper_of_Semantic_Scholar_is_read()
    {
        Assert.SkipUnless(Corpus is not null, "No recorded answers beside the project (../shared/corpora/http).");
        var works = new List<Work>();
        foreach (var body in Bodies("semantic-scholar").Concat(Files("semantic-scholar", "Paper*.json")))
        {
            if (AnswerJson.Parse(body) is not { } root)
                continue;
            if (root.ValueKind == JsonValueKind.Array)
                works.AddRange(SemanticScholarAnswer.Aligned(body, root.GetArrayLength())!.OfType<Work>());
            else if (root.Field("data") is not null)
                works.AddRange(SemanticScholarAnswer.Match(body)!);
            else if (SemanticScholarAnswer.Read(root) is { } work)
                works.Add(work);
        }

        Assert.True(works.Count > 1_000, $"{works.Count} works");
        CheckAll(works);
        Assert.Contains(works, work =>
            work is { Doi: "10.1093/mind/lix.236.433", Container: "Mind", Pages: "433-460" });
    }

    [Fact]
    public void Every_recorded_work_of_DataCite_is_read()
    {
        Assert.SkipUnless(Corpus is not null, "No recorded answers beside the project (../shared/corpora/http).");
        var works = new List<Work>();
        foreach (var line in File.ReadLines(Path.Combine(Corpus!, "datacite", "dc_dois.yml")))
        {
            var text = line.Trim();
            if (!text.StartsWith("string: ey", StringComparison.Ordinal))
                continue;
            var items = AnswerJson.Parse(Convert.FromBase64String(text["string: ".Length..]))!.Value.Items("data");
            works.AddRange(items.Select(item => Assert.IsType<Work>(DataCiteAnswer.Read(item))));
        }

        Assert.Equal(5, works.Count);
        CheckAll(works);
        Assert.Equal(new("Francis", "Gómez"), works[0].Authors[0]);
        Assert.Equal(new(null, "Occdownload Gbif.Org"), works[3].Authors[0]);
    }

    static void CheckAll(IReadOnlyList<Work> works)
    {
        foreach (var work in works)
        {
            foreach (var text in new[] { work.Title, work.Subtitle, work.Abstract, work.Container, work.Publisher,
                work.Volume, work.Pages })
            {
                Assert.Equal(ProviderText.FromPlain(text), text);
                Assert.False(text is not null && (text.Contains("jats:", StringComparison.Ordinal)
                    || text.Contains("<i>", StringComparison.Ordinal)
                        || text.Contains("&amp;", StringComparison.Ordinal)), text);
            }

            Assert.All(work.Authors, author => Assert.False(string.IsNullOrWhiteSpace(author.Family)));
            Assert.Equal(work.Doi, WorkFields.Doi(work.Doi));
            Assert.True(work.Year is null or (>= 1_000 and <= 2_100), $"{work.Year}");
            Assert.StartsWith("https://", work.Url, StringComparison.Ordinal);
        }
    }

    static IEnumerable<ReadOnlyMemory<byte>> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Corpus!, folder), pattern).Select(path =>
            (ReadOnlyMemory<byte>)File.ReadAllBytes(path));

    /// <summary>The bodies of recorded cassettes: base64 blocks of gzip, or quoted JSON over several lines.</summary>
    static IEnumerable<ReadOnlyMemory<byte>> Bodies(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Corpus!, folder), "*.yaml",
            SearchOption.AllDirectories))
        {
            var lines = File.ReadAllLines(path);
            for (var i = 0; i < lines.Length; i++)
            {
                if (lines[i].TrimStart() is not ['s', 't', 'r', 'i', 'n', 'g', ':', ' ', .. var start])
                    continue;
                var indent = lines[i].Length - lines[i].TrimStart().Length;
                var rest = lines.Skip(i + 1).TakeWhile(line =>
                    line.Length == 0 || line.TakeWhile(c => c == ' ').Count() > indent).ToList();
                if (start.StartsWith("!!binary", StringComparison.Ordinal))
                    yield return Inflate(Convert.FromBase64String(string.Concat(rest.Select(line => line.Trim()))));
                else if (start.StartsWith('\''))
                    yield return Encoding.UTF8.GetBytes(Unquote(start, rest));
            }
        }
    }

    // YAML folds lines: a line end is a space, an empty line is a line end; a quote is doubled.
    static string Unquote(string start, List<string> rest)
    {
        var whole = string.Join(' ', rest.Prepend(start).Select(line => line.Trim()).Where(line => line.Length > 0));
        return whole.Trim().Trim('\'').Replace("''", "'", StringComparison.Ordinal);
    }

    static byte[] Inflate(byte[] bytes)
    {
        if (bytes is not [0x1f, 0x8b, ..])
            return bytes;
        using var whole = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        gzip.CopyTo(whole);
        return whole.ToArray();
    }

    static string? FindCorpus()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Actors.sln")))
                continue;
            var corpus = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "corpora", "http"));
            return Directory.Exists(corpus) ? corpus : null;
        }

        return null;
    }
}
