using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using NextUp.Processors.Bibtex.Matching;
using NextUp.Processors.Bibtex.Text;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Enrichment;

/// <summary>An entry while its work is looked for: what it says, what it lacks, and what was found so far.</summary>
sealed partial class EntryCase
{
    /// <summary>How an entry was found whose work a person chose.</summary>
    public const string ChosenByUser = "chosen by user";

    readonly HashSet<(string Provider, WorkId Id)> asked = [];
    readonly HashSet<WorkId> rejected = [];
    readonly HashSet<WorkId> own;
    readonly List<WorkId> ids;
    readonly List<Work> works = [];

    public EntryCase(int index, BibEntry entry, BibInheritance inheritance, EnrichmentChoice choice)
    {
        Index = index;
        Entry = entry;
        Wants = new(entry, inheritance, choice);
        Title = entry.Text(FieldNames.Title) is { } title
            ? entry.Text("subtitle") is { } subtitle ? $"{title}: {subtitle}" : title
            : null;
        if (choice.Accepted.TryGetValue(entry.Key, out var chosen))
        {
            // What else the entry says of its work is what led to the choice; it decides nothing any more.
            (Chosen, ids, own) = (chosen, [chosen], [chosen]);
            return;
        }

        ids = [.. BibIdentifiers.Find(entry)];
        own = [.. ids];
        Doi = entry.Value(FieldNames.Doi) is { } doi ? BibIdentifiers.Doi(doi) : null;
        Query = Title is null ? null : AskFor(entry, inheritance, Title);
    }

    public int Index { get; }

    public BibEntry Entry { get; }

    public FieldWants Wants { get; }

    /// <summary>The work that a person chose for the entry, or null.</summary>
    public WorkId? Chosen { get; }

    /// <summary>The DOI in the entry's own doi field; null where a person chose the work.</summary>
    public string? Doi { get; }

    public string? Title { get; }

    /// <summary>Null where the entry has no title to go by, or needs none.</summary>
    public WorkQuery? Query { get; }

    /// <summary>The records of the entry's work, in the order in which they were found.</summary>
    public IReadOnlyList<Work> Works => works;

    public string? FoundBy { get; private set; }

    public double? Confidence { get; private set; }

    /// <summary>True once the DOI in the doi field turned out to be another work's.</summary>
    public bool HasWrongDoi { get; private set; }

    /// <summary>
    /// Works of which the entry may mean one; where it <see cref="HasWrongDoi"/>, the one that its title means.
    /// </summary>
    public IReadOnlyList<Work> Candidates { get; private set; } = [];

    /// <summary>Why no work was found, so far.</summary>
    public string? Reason { get; private set; }

    public List<string> Warnings { get; } = [];

    /// <summary>Providers that were away when this entry should have been asked for, and why.</summary>
    public ConcurrentDictionary<string, string> NotCheckedBy { get; } = [];

    /// <summary>Whether a search by title was made; it is made once.</summary>
    public bool WasSearched { get; set; }

    /// <summary>The kinds of identifier that the entry itself has.</summary>
    public IReadOnlySet<WorkIdScheme> OwnSchemes => own.Select(id => id.Scheme).ToHashSet();

    public bool IsSettled => works.Count > 0 || HasWrongDoi || Candidates.Count > 0;

    /// <summary>Whether anything could be put in that is not known yet.</summary>
    public bool IsComplete => works.Count > 0 && Wants.AreMetBy(works);

    /// <summary>The identifiers that this provider knows how to look up and was not asked for yet.</summary>
    public IReadOnlyList<WorkId> NewIds(IWorkProvider provider)
    {
        if (HasWrongDoi || IsComplete) return [];
        if (works.Exists(work => work.Source == provider.Name)) return [];
        return ids
            .Where(id => provider.Schemes.Contains(id.Scheme))
            .Where(id => !rejected.Contains(id) && !asked.Contains((provider.Name, id)))
            .ToList();
    }

    public void Asked(IWorkProvider provider, IEnumerable<WorkId> of)
    {
        foreach (var id in of) asked.Add((provider.Name, id));
    }

    /// <summary>
    /// Takes a provider's record for one of the entry's identifiers, if its title does not speak against it.
    /// </summary>
    public void Take(WorkId id, Work work)
    {
        if (rejected.Contains(id)) return;
        if (Chosen is null ? !Agrees(Title, work) : id != Chosen && works.Count > 0 && !Agrees(works[0].Title, work))
        {
            Reject(id, work);
            return;
        }

        if (Chosen is not null && works.Count == 0 && !Agrees(Title, work))
            Warnings.Add($"The work chosen for this entry has another title, says {work.Source}: \"{work.Title}\".");
        FoundBy ??= Chosen is null ? id.Scheme.ToString().ToLowerInvariant() : ChosenByUser;
        Add(work);
    }

    /// <summary>Takes the judgement of a search by title.</summary>
    public void Take(Verdict verdict)
    {
        switch (verdict)
        {
            case Verdict.Accepted accepted when HasWrongDoi:
                Candidates = [accepted.Work];
                break;
            case Verdict.Accepted accepted:
                FoundBy = "title";
                Confidence = accepted.Confidence;
                Candidates = [];
                Add(accepted.Work);
                break;
            case Verdict.Ambiguous ambiguous:
                Candidates = ambiguous.Candidates;
                Reason = ambiguous.Reason;
                break;
            case Verdict.None none:
                Candidates = [];
                Reason = none.Reason;
                break;
        }
    }

    /// <summary>The provider of the record that identified the entry.</summary>
    public string? Provider => works.Count > 0 ? works[0].Source : null;

    /// <summary>The names of the providers that were asked for the DOI in the entry.</summary>
    public IReadOnlyList<string> AskedForDoi() =>
        asked.Where(question => question.Id.Scheme == WorkIdScheme.Doi && question.Id.Value == Doi)
            .Select(question => question.Provider)
            .Order(StringComparer.Ordinal)
            .ToList();

    void Add(Work work)
    {
        works.Add(work);
        Learn(WorkIdScheme.Doi, work.Doi);
        Learn(WorkIdScheme.Arxiv, work.ArxivId);
        Learn(WorkIdScheme.Pmid, work.Pmid);
        Learn(WorkIdScheme.CorpusId, work.CorpusId);
        if (work.IsRetracted) Warnings.Add($"This work has been retracted, says {work.Source}.");
    }

    void Learn(WorkIdScheme scheme, string? value)
    {
        if (value is null) return;
        var id = new WorkId(scheme, value.ToLowerInvariant());
        if (!ids.Contains(id) && !rejected.Contains(id)) ids.Add(id);
    }

    void Reject(WorkId id, Work work)
    {
        rejected.Add(id);
        if (!own.Contains(id)) return;
        if (id.Scheme == WorkIdScheme.Doi && id.Value == Doi)
        {
            HasWrongDoi = true;
            Reason = $"the DOI {id.Value} is of another work, \"{work.Title}\"";
            Warnings.Add($"The DOI {id.Value} is of another work, says {work.Source}: \"{work.Title}\".");
            // What other identifiers brought may be as wrong; the entry contradicts itself, and a person has to look.
            works.Clear();
            FoundBy = null;
            return;
        }

        Warnings.Add($"{id.Scheme} {id.Value} in the entry is of another work, says {work.Source}: \"{work.Title}\".");
    }

    /// <summary>What names no title speaks against none.</summary>
    static bool Agrees(string? title, Work work) =>
        title is null || work.Title is null || TitleMatcher.TitlesAgree(title, work.Title)
        || work.Subtitle is not null && TitleMatcher.TitlesAgree(title, $"{work.Title}: {work.Subtitle}");

    static WorkQuery AskFor(BibEntry entry, BibInheritance inheritance, string title) => new()
    {
        Title = title,
        EntryType = entry.Type,
        Authors = (entry.Value(FieldNames.Author) ?? entry.Value("editor")) is { } names ? BibNames.Parse(names) : [],
        Year = inheritance.Text(entry, FieldNames.Year) is { } year && Years().Match(year) is { Success: true } digits
            ? int.Parse(digits.Value) : null,
        Container = inheritance.Text(entry, FieldNames.Journal) ?? inheritance.Text(entry, FieldNames.Booktitle),
        Volume = entry.Text(FieldNames.Volume),
        Pages = entry.Text(FieldNames.Pages),
    };

    [GeneratedRegex(@"\b(?:1[4-9]|20)[0-9]{2}\b")]
    private static partial Regex Years();
}
