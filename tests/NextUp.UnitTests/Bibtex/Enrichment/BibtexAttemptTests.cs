using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Processors.Bibtex.Enrichment;
using NextUp.Processors.Bibtex.Text;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.UnitTests.Bibtex.Enrichment;

/// <summary>Attempts that end in the middle, providers that are away, and what the next attempt makes of it.</summary>
public sealed class BibtexAttemptTests
{
    const int BatchEntries = 5;

    static readonly CancellationToken Never = CancellationToken.None;

    static Work Nth(int n) => new()
    {
        Source = "", Doi = $"10.1000/{n}", Title = $"Observations of comet number {n}",
            Authors = [new("Maria", "Mitchell")], Year = 1847,
        Type = "journal-article",
    };

    static string Bib(int count) => string.Concat(Enumerable.Range(1, count).Select(n =>
        $"@article{{k{n},\n  title = {{Observations of comet number {n}}},\n  author = {{Mitchell, Maria}}\n}}\n"));

    static string BibWithDois(int count) => string.Concat(Enumerable.Range(1, count).Select(n =>
        $"@article{{k{n},\n  title = {{Observations of comet number {n}}},\n  doi = {{10.1000/{n}}}\n}}\n"));

    static KnownWorks Provider(string name, int count) => new(name, Enumerable.Range(1, count).Select(Nth).ToArray());

    static BibtexProcessor Processor(params IWorkProvider[] providers) =>
        new(providers, new() { BatchEntries = BatchEntries }, TimeProvider.System);

    [Fact]
    public async Task An_attempt_goes_on_behind_the_last_batch_that_was_stored()
    {
        var provider = Provider("crossref", 20);
        var first = new ScriptedRun(BibWithDois(20)) { FailingSave = 3 };
        await Assert.ThrowsAsync<IOException>(() => Processor(provider).RunAsync(first, Never));
        Assert.Equal(2, first.Checkpoints.Count);
        Assert.Equal(10, first.Lines.Count);

        provider.Fetches.Clear();
        var second = new ScriptedRun(BibWithDois(20), before: first);
        var job = new FinishedJob(await Processor(provider).RunAsync(second, Never));
        Assert.Equal(Enumerable.Range(11, 10).Select(n => $"10.1000/{n}"),
            provider.Fetches.SelectMany(ids => ids).Select(id => id.Value));
        Assert.Equal("Going on behind entry 10 of 20, where the last attempt ended", second.Lines[0]);
        Assert.Equal("[11/20] ✓ Observations of comet number 11", second.Lines[1]);

        var whole = new FinishedJob(await Processor(provider).RunAsync(new ScriptedRun(BibWithDois(20)), Never));
        Assert.Equal(whole.Bib, job.Bib);
        Assert.Equal(whole.Report.GetRawText(), job.Report.GetRawText());
    }

    [Fact]
    public async Task An_attempt_lost_at_any_batch_ends_in_the_same_files()
    {
        var provider = Provider("crossref", 12);
        var whole = new FinishedJob(await Processor(provider).RunAsync(new ScriptedRun(Bib(12)), Never));
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            ScriptedRun? last = null;
            JobOutcome? outcome = null;
            for (var attempt = 0; outcome is null; attempt++)
            {
                last = new(Bib(12), before: last) { FailingSave = attempt < 5 ? random.Next(1, 4) : 0 };
                try
                {
                    outcome = await Processor(provider).RunAsync(last, Never);
                }
                catch (IOException)
                {
                    // The scripted loss of this attempt.
                }
            }

            Assert.Equal(whole.Bib, new FinishedJob(outcome).Bib);
        }
    }

    [Fact]
    public async Task Progress_never_goes_back_and_counts_entries()
    {
        var run = new ScriptedRun(Bib(12));
        await Processor(Provider("crossref", 9)).RunAsync(run, Never);
        Assert.Equal(run.Reported.Select(p => p.Percent).Order(), run.Reported.Select(p => p.Percent));
        Assert.Equal(run.Reported.Select(p => p.Done).Order(), run.Reported.Select(p => p.Done));
        Assert.Equal((12, 12, 3, 100),
            (run.Reported[^1].Done, run.Reported[^1].Total, run.Reported[^1].Failed, run.Reported[^1].Percent));
        Assert.Contains(run.Reported, p => p.Percent is > 0 and < 95 && p.Done is 0);
    }

    [Fact]
    public async Task Where_nobody_beyond_this_machine_can_be_asked_the_attempt_is_to_be_made_again()
    {
        var crossref =
            new KnownWorks("crossref") { Away = "answered 503 five times", RetryAfter = TimeSpan.FromSeconds(40) };
        var openalex =
            new KnownWorks("openalex") { Away = "could not be reached", RetryAfter = TimeSpan.FromSeconds(20) };
        var run = new ScriptedRun(Bib(12));
        var outcome = await Processor(Provider("catalogue", 6), crossref, openalex).RunAsync(run, Never);
        Assert.Equal(
            new JobOutcome.Retry(
                "No provider could be asked for 4 entries: " +
                "crossref answered 503 five times; openalex could not be reached",
                TimeSpan.FromSeconds(20)),
            outcome);
        Assert.Single(run.Checkpoints);
    }

    [Fact]
    public async Task Where_one_provider_is_away_the_others_go_on_and_the_report_says_so()
    {
        var crossref = new KnownWorks("crossref") { Away = "answered 503 five times" };
        // One search at a time: searches that are under way together each learn for themselves that it is away.
        var processor = new BibtexProcessor(
            [crossref, Provider("openalex", 2)], new() { SearchesAtOnce = 1 }, TimeProvider.System);
        var outcome = await processor.RunAsync(new ScriptedRun(Bib(3)), Never);
        var job = new FinishedJob(outcome);
        Assert.Equal(["found", "found", "not-found"], Enumerable.Range(0, 3).Select(job.Outcome));
        Assert.Equal("crossref", job.Entry(2).GetProperty("notCheckedBy")[0].GetString());
        Assert.Equal("answered 503 five times",
            job.Report.GetProperty("providersAway").GetProperty("crossref").GetString());
        Assert.Single(crossref.Searches.Concat(crossref.Fetches.Select(_ => "")));
    }

    [Fact]
    public async Task Where_every_entry_is_known_here_it_does_not_matter_who_is_away()
    {
        var crossref = new KnownWorks("crossref") { Away = "could not be reached" };
        var outcome = await Processor(Provider("catalogue", 3), crossref).RunAsync(new ScriptedRun(Bib(3)), Never);
        var job = new FinishedJob(outcome);
        Assert.Equal(3, job.Summary.GetProperty("enrichedEntries").GetInt32());
        Assert.Equal("crossref", job.Entry(0).GetProperty("notCheckedBy")[0].GetString());
    }

    [Fact]
    public async Task With_the_catalogue_alone_the_job_completes_and_tells_what_was_not_found()
    {
        var job = new FinishedJob(await Processor(Provider("catalogue", 1)).RunAsync(new ScriptedRun(Bib(3)), Never));
        Assert.Equal(2, job.Summary.GetProperty("notFound").GetInt32());
    }

    [Fact]
    public async Task Cancellation_ends_a_search_that_is_waited_for()
    {
        using var cancel = new CancellationTokenSource();
        var asked = new TaskCompletionSource();
        var provider = Provider("crossref", 3);
        provider.Before = async stop =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
        };
        var running = Processor(provider).RunAsync(new ScriptedRun(Bib(3)), cancel.Token);
        await asked.Task;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Five_thousand_entries_are_enriched_and_every_one_reads_again()
    {
        var works = Enumerable.Range(1, BibUpload.EntriesMax)
            .ToDictionary(n => new WorkId(WorkIdScheme.Doi, $"10.1000/{n}"), Nth);
        var processor = new BibtexProcessor([new Dictionaried(works)], new(), TimeProvider.System);
        var job = new FinishedJob(await processor.RunAsync(new ScriptedRun(BibWithDois(BibUpload.EntriesMax)), Never));
        var entries = BibFile.Parse(Encoding.UTF8.GetBytes(job.Bib)).Entries;
        Assert.Equal(BibUpload.EntriesMax, entries.Count);
        Assert.All(entries, entry => Assert.Equal("1847", entry.Text("year")));
    }

    [Fact]
    public async Task A_file_over_the_limits_is_not_fit()
    {
        var processor = new BibtexProcessor([], new() { EntriesMax = 2, UploadBytesMax = 300 }, TimeProvider.System);
        async Task<UploadVerdict> Check(string bib) =>
            await processor.CheckAsync("a.bib", new MemoryStream(Encoding.UTF8.GetBytes(bib)), Never);
        Assert.Equal(2, Assert.IsType<UploadVerdict.Fit>(await Check(Bib(2))).Units);
        Assert.IsType<UploadVerdict.Unfit>(await Check(Bib(3)));
        Assert.IsType<UploadVerdict.Unfit>(await Check(Bib(1) + new string(' ', 300)));
        Assert.Throws<ArgumentException>(() =>
            new BibtexProcessor([], new() { BatchEntries = 0 }, TimeProvider.System));
    }

    sealed class Dictionaried(Dictionary<WorkId, Work> works) : IWorkProvider
    {
        public string Name => "catalogue";

        public IReadOnlySet<WorkIdScheme> Schemes { get; } = new HashSet<WorkIdScheme> { WorkIdScheme.Doi };

        public bool CanSearch => false;

        public Task<IReadOnlyDictionary<WorkId, Work>> FetchAsync(
            IReadOnlyList<WorkId> ids, NextUp.Actors.Users.UserId user, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<WorkId, Work>>(
                ids.Where(works.ContainsKey).ToDictionary(id => id, id => works[id] with { Source = Name }));

        public Task<IReadOnlyList<Work>> SearchAsync(
            WorkQuery query, NextUp.Actors.Users.UserId user, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<Work>>([]);
    }
}
