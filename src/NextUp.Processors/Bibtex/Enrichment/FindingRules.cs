using System.Globalization;
using NextUp.Processors.Bibtex.Metrics;
using NextUp.Processors.Bibtex.Text;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Enrichment;

/// <summary>Decides what is put into an entry, once its work was looked for. Pure.</summary>
/// <param name="today">The day on which the providers were asked.</param>
/// <param name="metrics">The operator's table of impact factors.</param>
sealed class FindingRules(IReadOnlySet<string> localProviders, JournalMetrics metrics, DateOnly today)
{
    /// <summary>How an entry was found that got nothing but the figure of the journal it names.</summary>
    const string ByJournal = "journal";

    /// <summary>Candidates that are listed for an entry.</summary>
    const int CandidatesMax = 5;

    /// <summary>Names of a candidate's authors that are listed.</summary>
    const int CandidateAuthorsMax = 5;

    public EntryFinding Of(EntryCase entry)
    {
        var away = entry.NotCheckedBy.Keys.Order(StringComparer.Ordinal).ToList();
        var candidates = entry.Candidates.Take(CandidatesMax).Select(Candidate).ToList();
        if (entry.HasWrongDoi)
            return Nothing(entry.Index, EntryOutcome.WrongDoi, entry.Reason) with
            {
                Candidates = candidates, Warnings = entry.Warnings, NotCheckedBy = away,
            };
        if (entry.Works.Count == 0)
        {
            var nothing = candidates.Count > 0 ? EntryOutcome.Ambiguous : EntryOutcome.NotFound;
            return Nothing(entry.Index, nothing, WhyNot(entry)) with
            {
                Candidates = candidates, Warnings = entry.Warnings, NotCheckedBy = away,
            };
        }

        var fields = Fields(entry);
        var outcome = fields.Count > 0 ? EntryOutcome.Found : EntryOutcome.Unchanged;
        return new(entry.Index, outcome, entry.FoundBy, entry.Provider, entry.Confidence, null, fields, [],
            [.. entry.Warnings, .. DeadDoi(entry)], away);
    }

    public static EntryFinding Unreadable(int index) =>
        Nothing(index, EntryOutcome.Unreadable, "the entry could not be read whole");

    public static EntryFinding Skipped(int index) => Nothing(index, EntryOutcome.Skipped, null);

    /// <summary>An entry that lacks nothing that a provider could say.</summary>
    public EntryFinding Complete(EntryCase entry)
    {
        var nothing = Nothing(entry.Index, EntryOutcome.Unchanged, null);
        var figure = ImpactFactor(entry, new([], entry.Wants.Container, localProviders)).ToList();
        return figure.Count == 0 ? nothing : nothing with
        {
            Outcome = EntryOutcome.Found, FoundBy = ByJournal, Provider = figure[0].Source, Fields = figure,
        };
    }

    static EntryFinding Nothing(int index, EntryOutcome outcome, string? reason) =>
        new(index, outcome, null, null, null, reason, [], [], [], []);

    static string WhyNot(EntryCase entry)
    {
        if (entry.Reason is { } reason) return reason;
        if (entry.Chosen is { Value: var chosen }) return $"nobody who could be asked knows {chosen}, which was chosen";
        if (entry.Query is null && entry.OwnSchemes.Count == 0)
            return "the entry has neither a title nor an identifier";
        return entry.Doi is { } doi && entry.AskedForDoi() is { Count: > 0 } asked
            ? $"the DOI {doi} is not known to {string.Join(", ", asked)}"
            : "nobody knows a work that fits";
    }

    static IEnumerable<string> DeadDoi(EntryCase entry)
    {
        if (entry.Doi is { } doi && entry.FoundBy != "doi" && entry.AskedForDoi() is { Count: > 0 } asked)
        {
            var names = string.Join(", ", asked);
            yield return $"The DOI {doi} in the entry is not known to {names}; it was left as it is.";
        }
    }

    List<FieldFinding> Fields(EntryCase entry)
    {
        var values = new FieldValues(entry.Works, entry.Wants.Container, localProviders);
        var found = new List<FieldFinding>();
        foreach (var field in entry.Wants.Missing)
        {
            if (values.Of(field) is not { } value) continue;
            found.Add(new(field, value.Value, value.Text, null, value.Source));
            foreach (var beside in Beside(entry, field, value))
                if (entry.Wants.CanTake(beside.Field)) found.Add(beside);
        }

        foreach (var field in entry.Wants.Anew)
        {
            if (values.Of(field) is not { } value || entry.Entry.Text(field) is not { } before) continue;
            if (LatexText.ToUnicode(value.Value) == before) continue;
            found.Add(new(field, value.Value, value.Text, before, value.Source));
            foreach (var beside in Beside(entry, field, value))
            {
                var there = entry.Entry.Text(beside.Field);
                if (there is not null || entry.Wants.CanTake(beside.Field)) found.Add(beside with { Before = there });
            }
        }

        found.AddRange(ImpactFactor(entry, values));
        return found;
    }

    /// <summary>
    /// By the ISSN or title that the entry has, else by those that its work's records have. The two fields go together: a
    /// figure never stands beside another one's source.
    /// </summary>
    IEnumerable<FieldFinding> ImpactFactor(EntryCase entry, FieldValues values)
    {
        if (!entry.Wants.TakesImpactFactor) yield break;
        var own = entry.Entry.Text(FieldNames.Issn) is { } issn ? new[] { issn } : [];
        var metric = metrics.Find(own, entry.Wants.Container)
            ?? values.Placed.Select(work => metrics.Find(work.Issns, work.Container)).FirstOrDefault(found => found is not null);
        if (metric is null) yield break;
        var source = string.Create(CultureInfo.InvariantCulture, $"{metrics.Name} {metric.Year}");
        var (value, valueSource) = (FieldNames.ImpactFactor, FieldNames.ImpactFactorSource);
        var (before, sourceBefore) = (entry.Entry.Text(value), entry.Entry.Text(valueSource));
        if (before == metric.Value && sourceBefore == source) yield break;
        if (before != metric.Value) yield return Plain(value, metric.Value, source) with { Before = before };
        if (sourceBefore != source) yield return Plain(valueSource, source, source) with { Before = sourceBefore };
    }

    /// <summary>The fields that say where a value is from.</summary>
    IEnumerable<FieldFinding> Beside(EntryCase entry, string field, FieldValue value)
    {
        if (field == FieldNames.Doi)
        {
            // How the work was found is worth knowing where the DOI did not say it itself.
            var how = entry.Confidence is { } confidence
                ? string.Create(CultureInfo.InvariantCulture, $"{value.Source}:{entry.FoundBy} {confidence:0.00}")
                : $"{value.Source}:{entry.FoundBy}";
            yield return Plain(FieldNames.DoiSource, how, value.Source);
        }
        else if (field == FieldNames.Eprint)
        {
            yield return Plain(FieldNames.ArchivePrefix, "arXiv", value.Source);
        }
        else if (field == FieldNames.CitationCount)
        {
            yield return Plain(FieldNames.CitationCountSource, value.Source, value.Source);
            yield return Plain(FieldNames.CitationCountDate,
                today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), value.Source);
        }
    }

    static FieldFinding Plain(string field, string text, string source) =>
        new(field, LatexEscape.Value(text), text, null, source);

    static CandidateWork Candidate(Work work) => new(
        work.Doi, work.Title, work.Year, work.Container,
        work.Authors.Count == 0
            ? null
            : string.Join("; ", work.Authors.Take(CandidateAuthorsMax).Select(author => author.Family)),
        work.ArxivId);
}
