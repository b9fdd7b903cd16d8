using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Actors.Users;
using NextUp.Processors.Bibtex.Enrichment;
using NextUp.Processors.Bibtex.Text;
using NextUp.Processors.Bibtex.Works;
using NextUp.UnitTests.Bibtex.Text;

namespace NextUp.UnitTests.Bibtex.Enrichment;

/// <summary>Whole jobs over real and random files, with a provider that has an answer for every entry.</summary>
public sealed class BibtexCorpusTests
{
    [Fact]
    public async Task Every_file_of_the_corpora_that_is_fit_is_enriched_to_an_end()
    {
        var folder = BibSamples.Corpora();
        Assert.SkipUnless(folder is not null, "No ../shared/corpora/bib beside the project; nothing was enriched.");
        foreach (var file in Directory.GetFiles(folder!, "*.bib", SearchOption.AllDirectories))
            await EnrichAsync(Path.GetFileName(file), File.ReadAllBytes(file));
    }

    [Fact]
    public async Task Files_made_of_random_pieces_are_enriched_to_an_end()
    {
        for (var seed = 0; seed < 1_000; seed++) await EnrichAsync($"seed {seed}", BibSamples.RandomFile(seed));
    }

    static async Task EnrichAsync(string name, byte[] bib)
    {
        if (BibUpload.Check(name, bib) is not UploadVerdict.Fit) return;
        foreach (var options in new[] { null, "{\"policy\":\"overwrite\"}" })
        {
            var run = new ScriptedRun(bib, options);
            var outcome = await new BibtexProcessor([new KnowsAll()], new(), TimeProvider.System)
                .RunAsync(run, CancellationToken.None);
            var done = Assert.IsType<JobOutcome.Done>(outcome);
            Assert.Equal(BibFile.Parse(bib).Entries.Count, BibFile.Parse(done.Files[0].Content!).Entries.Count);
            Assert.Equal(BibFile.Parse(bib).Entries.Count, run.Lines.Count);
        }
    }

    /// <summary>Answers every question with a work that has something, often hostile, in each field.</summary>
    sealed class KnowsAll : IWorkProvider
    {
        public string Name => "knows-all";

        public IReadOnlySet<WorkIdScheme> Schemes { get; } = Enum.GetValues<WorkIdScheme>().ToHashSet();

        public bool CanSearch => true;

        public Task<IReadOnlyDictionary<WorkId, Work>> FetchAsync(
            IReadOnlyList<WorkId> ids, UserId user, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<WorkId, Work>>(ids.ToDictionary(id => id, id => Some(null, [], null)));

        public Task<IReadOnlyList<Work>> SearchAsync(
            WorkQuery query, UserId user, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<Work>>(
                [Some(query.Title, query.Authors, query.Year) with { Container = query.Container }]);

        Work Some(string? title, IReadOnlyList<WorkAuthor> authors, int? year) => new()
        {
            Source = Name, Title = title,
            Authors = authors.Count > 0 ? authors : [new("Zoë", "de Müller & Sons, Inc.")],
            Year = year ?? 2001, Doi = "10.1000/a_b{c}%20<d>", Container = "Annals of {Braces} & 100 %", Volume = "1}{",
            Issue = "#2", Pages = "3–4", Publisher = "中文 \\ \"Press\"", Issns = ["1234-5678"], Pmid = "42",
            ArxivId = "2001.00001", Abstract = "Half $x^{2$ and \uD800 } of it\n{ at 5 $ ~ ^ _", CitationCount = 0,
            JournalMeanCitedness = 0.25, Url = "https://example.org/?a=b&c={d}\\e f",
        };
    }
}
