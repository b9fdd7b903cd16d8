using System.Text;
using NextUp.Processors.Bibtex.Text;

namespace NextUp.UnitTests.Bibtex.Text;

public sealed class BibCorpusTests
{
    [Fact]
    public void Every_file_of_the_corpora_goes_out_as_it_came_in_but_for_what_was_put_in()
    {
        var folder = BibSamples.Corpora();
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
        for (var seed = 0; seed < 5_000; seed++)
        {
            var text = BibSamples.RandomFile(seed);
            try
            {
                BibSamples.AssertLossless(text);
            }
            catch (Exception wrong)
            {
                var shown = Encoding.UTF8.GetString(text);
                throw new InvalidOperationException($"Seed {seed}: {wrong.Message}\n{shown}", wrong);
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
}
