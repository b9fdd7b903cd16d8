using NextUp.Processors.Bibtex.Matching;
using NextUp.Processors.Bibtex.Providers;
using NextUp.Processors.Bibtex.Works;
using NextUp.UnitTests.Bibtex.Catalogue;

namespace NextUp.UnitTests.Bibtex.Matching;

/// <summary>
/// Precision and recall over real references, with a catalogue of all works that the recorded answers hold or cite.
/// Precision is tried the hard way: the true work is taken out of the candidates, and nothing may be accepted.
/// </summary>
public sealed class MatchingCorpusTests(ITestOutputHelper output) : IDisposable
{
    const double RecallMin = 0.92;
    const double MessyRecallMin = 0.9;

    // One in eight references takes seconds; with 1 it is all of them.
    static readonly int Every = int.Parse(Environment.GetEnvironmentVariable("NEXTUP_MATCHING_EVERY") ?? "8");

    // Three articles whose citing papers give two DOIs for the very same title, author, journal, volume and page: one
    // was registered twice (10.1890/...), and in two cases somebody's reference bears the DOI of another article.
    static readonly string[] SameWorkTwice =
    [
        "circos an information aesthetic for comparative genomics",
        "a niche for isotopic ecology",
        "kegg kyoto encyclopedia of genes and genomes",
    ];

    readonly CatalogueFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task References_of_real_bibliographies_find_their_work_and_no_other()
    {
        var corpora = MatchingCorpus.Folder;
        Assert.SkipUnless(corpora is not null, "No ../shared/corpora beside the project; nothing was matched.");
        var items = MatchingCorpus.Items(corpora);
        var works = Works(items);
        var references = MatchingCorpus.References(corpora, items);
        var described = references.GroupBy(reference => reference.Doi).Select(same => same.First()).ToList();
        folder.Put([.. works, .. described.Select(MatchingCorpus.Described)]);

        // Whoever describes a work that somebody else described first, or that Crossref answered in full.
        var known = works.Select(work => work.Doi).ToHashSet();
        var independent = references.Except(described).ToHashSet();
        independent.UnionWith(described.Where(reference => known.Contains(reference.Doi)));

        var asked = references.Where((reference, at) => at % Every == 0 || independent.Contains(reference)).ToList();
        List<string> wrong = [];
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var reference in asked)
        {
            var candidates = await folder.SearchAsync(reference.Query);
            if (StrangerAccepted(reference, candidates) is { } stranger)
                wrong.Add(stranger);
            if (!independent.Contains(reference))
                continue;
            var outcome = Outcome(reference, TitleMatcher.Judge(reference.Query, candidates));
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        output.WriteLine($"{works.Count + described.Count} works, {asked.Count} references asked without their work: "
            + $"{wrong.Count} wrong");
        output.WriteLine($"{independent.Count} asked with it: " + string.Join(", ", outcomes));
        Assert.Empty(wrong);
        Assert.True(outcomes["found"] >= RecallMin * independent.Count, string.Join(", ", outcomes));
    }

    [Fact]
    public async Task Entries_that_people_wrote_carelessly_find_their_work_and_no_other()
    {
        var corpora = MatchingCorpus.Folder;
        Assert.SkipUnless(corpora is not null, "No ../shared/corpora beside the project; nothing was matched.");
        var works = Works(MatchingCorpus.Items(corpora)).ToList();
        folder.Put([.. works]);
        var careless = new CarelessEntries(new Random(20261122));

        List<string> wrong = [];
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var work in works.Where(CarelessEntries.CanCite))
        {
            var reference = new Reference(work.Doi!, careless.Cite(work));
            var candidates = await folder.SearchAsync(reference.Query);
            if (StrangerAccepted(reference, candidates) is { } stranger)
                wrong.Add(stranger);
            var outcome = Outcome(reference, TitleMatcher.Judge(reference.Query, candidates));
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        output.WriteLine(string.Join(", ", outcomes));
        Assert.Empty(wrong);
        Assert.True(outcomes["found"] >= MessyRecallMin * outcomes.Values.Sum(), string.Join(", ", outcomes));
    }

    [Fact]
    public void The_siblings_of_real_works_are_never_taken_for_them()
    {
        var corpora = MatchingCorpus.Folder;
        Assert.SkipUnless(corpora is not null, "No ../shared/corpora beside the project; nothing was matched.");
        var works = Works(MatchingCorpus.Items(corpora)).Where(CarelessEntries.CanCite)
            .Where(work => work is { Year: not null, Volume: not null, Pages: not null, Type: "journal-article" })
            .ToList();
        var words = works.SelectMany(work => work.Title!.Split(' '))
            .Where(word => word.Length > 4 && word.All(char.IsLetter));
        var siblings = new SiblingWorks(new Random(7), [.. words.Distinct()]);

        List<string> wrong = [];
        var judged = 0;
        foreach (var work in works)
        {
            var query = Exactly(work);
            Assert.IsType<Verdict.Accepted>(TitleMatcher.Judge(query, [work]));
            foreach (var (how, sibling) in siblings.Of(work))
            {
                // Only the sibling of another place is told from the work by its volume and page.
                var asked = how == "place" ? query : query with { Volume = null, Pages = null };
                judged++;
                if (TitleMatcher.Judge(asked, [sibling]) is Verdict.Accepted accepted)
                    wrong.Add($"{how}: {work.Title} -> {sibling.Title} {accepted.Reason}");
            }
        }

        output.WriteLine($"{judged} siblings of {works.Count} works: {wrong.Count} wrong");
        Assert.Empty(wrong);
    }

    static WorkQuery Exactly(Work work) => new()
    {
        Title = work.Title!,
        Authors = work.Authors,
        Year = work.Year,
        Container = work.Container,
        Volume = work.Volume,
        Pages = work.Pages,
        EntryType = "article",
    };

    static List<Work> Works(IEnumerable<System.Text.Json.JsonElement> items) =>
        [.. items.Select(CrossrefAnswer.Read).OfType<Work>().Where(work => work.Title is not null)];

    static string? StrangerAccepted(Reference reference, IReadOnlyList<Work> candidates)
    {
        var others = candidates.Where(work => work.Doi != reference.Doi).ToList();
        return TitleMatcher.Judge(reference.Query, others) is Verdict.Accepted stranger
            && !SameWorkTwice.Contains(string.Join(' ', FoldedText.Words(reference.Query.Title)))
            ? $"{reference} -> {stranger}"
            : null;
    }

    static string Outcome(Reference reference, Verdict verdict) => verdict switch
    {
        Verdict.Accepted { Work.Doi: var doi } when doi == reference.Doi => "found",
        Verdict.Accepted => "found under its other DOI",
        Verdict.Ambiguous { Reason: var reason } => reason.Split(':')[0],
        Verdict.None { Reason: var reason } => reason.Split(':')[0],
        _ => throw new System.Diagnostics.UnreachableException(verdict.ToString()),
    };
}
