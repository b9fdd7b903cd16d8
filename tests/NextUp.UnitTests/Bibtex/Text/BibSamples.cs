using System.Text;
using NextUp.Processors.Bibtex.Text;

namespace NextUp.UnitTests.Bibtex.Text;

static class BibSamples
{
    static readonly string[] Pieces =
    [
        "@article{", "@book(", "@string{", "@comment{", "@preamble{", "@", "{", "}", "(", ")", "\"", ",", "=", "#",
        "%", "\\",
        "key", "title", "year", " = ", "2000", "jan", "\n", "\r\n", "  ", "\t", "{A Title}", "\"A {\"}uoted\"",
        "ü", "中", "\0",
        "title = {x},\n", "author = \"A and B\"", "@misc{k, title={t}}\n",
        "\n@article{a,\n  title = {T},\n  year = 2000\n}\n",
    ];

    public static BibFile Parse(string text) => BibFile.Parse(Encoding.UTF8.GetBytes(text));

    public static string Written(BibFile file, Action<BibRevision> change)
    {
        var revision = new BibRevision(file);
        change(revision);
        return Encoding.UTF8.GetString(revision.Write().Bytes);
    }

    /// <summary>The output without what the writer says it put in.</summary>
    public static byte[] WithoutInserted(BibOutput output)
    {
        var rest = new List<byte>(output.Bytes.Length);
        var at = 0;
        foreach (var place in output.Inserted)
        {
            rest.AddRange(output.Bytes[at..place.Start]);
            at = place.End.Value;
        }

        rest.AddRange(output.Bytes[at..]);
        return [.. rest];
    }

    /// <summary>The three promises of the writer, for any file.</summary>
    public static void AssertLossless(byte[] bytes)
    {
        var file = BibFile.Parse(bytes);
        Assert.Equal(bytes, new BibRevision(file).Write().Bytes);

        var revision = new BibRevision(file);
        foreach (var entry in file.Entries)
        {
            if (entry.Condition != BibEntryCondition.Sound) continue;
            revision.Add(entry, "zz_first", LatexEscape.Value("Größe & Maß, 50 % — 中 {x"));
            revision.Add(entry, "zz_second", "2");
        }

        var output = revision.Write();
        Assert.Equal(bytes, WithoutInserted(output));

        var again = BibFile.Parse(output.Bytes);
        Assert.Equal(file.Entries.Count, again.Entries.Count);
        for (var i = 0; i < file.Entries.Count; i++)
        {
            var (before, after) = (file.Entries[i], again.Entries[i]);
            Assert.Equal((before.Key, before.Type, before.Condition), (after.Key, after.Type, after.Condition));
            if (before.Condition != BibEntryCondition.Sound) continue;
            Assert.Equal("Größe & Maß, 50 % — 中 {x", after.Text("zz_first"));
            Assert.Equal([.. before.FieldNames, "zz_first", "zz_second"], after.FieldNames);
            foreach (var name in before.FieldNames) Assert.Equal(before.Value(name), after.Value(name));
        }
    }

    /// <summary>Random pieces of BibTeX, whole and broken, in UTF-8 or UTF-16, with a mark or without.</summary>
    public static byte[] RandomFile(int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var i = random.Next(60); i >= 0; i--) text.Append(Pieces[random.Next(Pieces.Length)]);
        var encoding = random.Next(4) == 0 ? Encoding.Unicode : Encoding.UTF8;
        byte[] mark = encoding == Encoding.Unicode || random.Next(3) == 0 ? encoding.GetPreamble() : [];
        return [.. mark, .. encoding.GetBytes(text.ToString())];
    }

    /// <summary>The folder of real files beside the project; null where there is none.</summary>
    public static string? Corpora()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (!File.Exists(Path.Combine(at.FullName, "Actors.sln"))) continue;
            var folder = Path.Combine(at.FullName, "..", "shared", "corpora", "bib");
            return Directory.Exists(folder) ? folder : null;
        }

        return null;
    }
}
