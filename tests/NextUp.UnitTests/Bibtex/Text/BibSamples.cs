using System.Text;
using NextUp.Processors.Bibtex.Text;

namespace NextUp.UnitTests.Bibtex.Text;

static class BibSamples
{
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
}
