using System.Text;
using NextUp.Processors.Bibtex.Text;

namespace NextUp.UnitTests.Bibtex.Text;

public sealed class BibCorpusTests
{
    [Fact]
    public void Every_file_of_the_corpora_goes_out_as_it_came_in_but_for_what_was_put_in()
    {
        var folder = Corpora();
        Assert.SkipUnless(folder is not null, "No ../shared/corpora/bib beside the project; nothing was read.");
        var files = Directory.GetFiles(folder!, "*.bib", SearchOption.AllDirectories);
        foreach (var file in files)
        {
            try
            {
                BibSamples.AssertLossless(File.ReadAllBytes(file));
            }
            catch (Exception wrong)
            {
                throw new InvalidOperationException($"{Path.GetFileName(file)}: {wrong.Message}", wrong);
            }
        }

        Assert.NotEmpty(files);
    }

    [Fact]
    public void Files_made_of_random_pieces_go_out_as_they_came_in()
    {
        string[] pieces =
        [
            "@article{", "@book(", "@string{", "@comment{", "@preamble{", "@", "{", "}", "(", ")", "\"", ",", "=", "#",
            "%", "\\",
            "key", "title", "year", " = ", "2000", "jan", "\n", "\r\n", "  ", "\t", "{A Title}", "\"A {\"}uoted\"",
            "ü", "中", "\0",
            "title = {x},\n", "author = \"A and B\"", "@misc{k, title={t}}\n",
            "\n@article{a,\n  title = {T},\n  year = 2000\n}\n",
        ];
        for (var seed = 0; seed < 5_000; seed++)
        {
            var random = new Random(seed);
            var text = new StringBuilder();
            for (var i = random.Next(60); i >= 0; i--) text.Append(pieces[random.Next(pieces.Length)]);
            var encoding = random.Next(4) == 0 ? Encoding.Unicode : Encoding.UTF8;
            byte[] mark = encoding == Encoding.Unicode || random.Next(3) == 0 ? encoding.GetPreamble() : [];
            try
            {
                BibSamples.AssertLossless([.. mark, .. encoding.GetBytes(text.ToString())]);
            }
            catch (Exception wrong)
            {
                throw new InvalidOperationException($"Seed {seed}: {wrong.Message}\n{text}", wrong);
            }
        }
    }

    [Fact]
    public void Random_bytes_are_read_and_written_unchanged()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(400)];
            random.NextBytes(bytes);
            Assert.Equal(bytes, new BibRevision(BibFile.Parse(bytes)).Write().Bytes);
        }
    }

    static string? Corpora()
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
