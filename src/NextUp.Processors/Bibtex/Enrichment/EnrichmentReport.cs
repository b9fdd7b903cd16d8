using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using NextUp.Processors.Bibtex.Text;

namespace NextUp.Processors.Bibtex.Enrichment;

/// <summary>The counts of a finished job.</summary>
sealed record EnrichmentTotals(
    int TotalEntries, int EnrichedEntries, int FieldsAdded, int FieldsChanged, int NotFound, int Ambiguous,
    int WrongDoi, int Unreadable,
    int Unchanged, int Skipped, IReadOnlyDictionary<string, int> ByField)
{
    public static EnrichmentTotals Of(IReadOnlyList<EntryFinding> findings)
    {
        var byField = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var field in findings.SelectMany(finding => finding.Fields).Where(field => field.Before is null))
            byField[field.Field] = byField.GetValueOrDefault(field.Field) + 1;
        return new(
            findings.Count, findings.Count(finding => finding.Fields.Count > 0), byField.Values.Sum(),
            findings.Sum(finding => finding.Fields.Count(field => field.Before is not null)),
            Count(EntryOutcome.NotFound), Count(EntryOutcome.Ambiguous), Count(EntryOutcome.WrongDoi),
            Count(EntryOutcome.Unreadable),
            Count(EntryOutcome.Unchanged), Count(EntryOutcome.Skipped), byField);

        int Count(EntryOutcome outcome) => findings.Count(finding => finding.Outcome == outcome);
    }
}

/// <summary>How many entries got a field, and how many still lack it.</summary>
sealed record FieldCoverage(int Acquired, int Missing);

sealed record ReportedField(string Field, string Value, string Source);

sealed record ReportedEntry(
    string Key, string Type, string? Title, int Line, EntryOutcome Outcome, string? FoundBy, string? Provider,
    double? Confidence, string? Reason, IReadOnlyList<CandidateWork> Candidates, IReadOnlyList<ReportedField> Added,
    IReadOnlyList<ReportedField> Changed,
    IReadOnlyList<string> Warnings, IReadOnlyList<string> NotCheckedBy);

sealed record ReportedProblem(int Line, string? Key, string Message);

/// <summary>The report of a job: per entry how it was found, by whom, how surely, and what else it may be.</summary>
sealed record EnrichmentReport(
    IReadOnlyList<ReportedEntry> Entries, EnrichmentTotals Totals, IReadOnlyDictionary<string, FieldCoverage> Fields,
    IReadOnlyList<ReportedProblem> Problems, IReadOnlyDictionary<string, string> ProvidersAway)
{
    public static EnrichmentReport Of(
        BibFile file, IReadOnlyList<EntryFinding> findings, IReadOnlyDictionary<string, string> away) => new(
        findings.Select(finding => Entry(file.Entries[finding.Entry], finding)).ToList(),
        EnrichmentTotals.Of(findings),
        Coverage(file, findings),
        file.Problems.Select(problem => new ReportedProblem(problem.Line, problem.Key, problem.Message)).ToList(),
        away);

    static ReportedEntry Entry(BibEntry entry, EntryFinding finding) => new(
        entry.Key, entry.Type, entry.Text(FieldNames.Title), entry.Line, finding.Outcome, finding.FoundBy,
        finding.Provider, finding.Confidence, finding.Reason, finding.Candidates, Reported(finding, added: true),
        Reported(finding, added: false),
        finding.Warnings, finding.NotCheckedBy);

    static List<ReportedField> Reported(EntryFinding finding, bool added) =>
        finding.Fields.Where(field => field.Before is null == added)
            .Select(field => new ReportedField(field.Field, field.Text, field.Source)).ToList();

    static SortedDictionary<string, FieldCoverage> Coverage(BibFile file, IReadOnlyList<EntryFinding> findings)
    {
        var inheritance = new BibInheritance(file);
        var coverage = new SortedDictionary<string, FieldCoverage>(StringComparer.Ordinal);
        foreach (var finding in findings)
        {
            var entry = file.Entries[finding.Entry];
            foreach (var field in finding.Fields) Count(field.Field, acquired: 1);
            foreach (var field in BibWants.Lacks(entry, inheritance))
                if (!finding.Fields.Any(found => found.Field == field)) Count(field, acquired: 0);
        }

        return coverage;

        void Count(string field, int acquired)
        {
            var so = coverage.GetValueOrDefault(field) ?? new(0, 0);
            coverage[field] = new(so.Acquired + acquired, so.Missing + 1 - acquired);
        }
    }
}

sealed record DifferingField(string Field, string Kind, string? Before, string After);

sealed record DifferingEntry(string Key, string Type, string? Title, int Line, IReadOnlyList<DifferingField> Changes);

sealed record DifferenceStats(int TotalEntries, int ChangedEntries, int FieldsAdded, int FieldsChanged);

/// <summary>What differs between the original and the result, by entry and field.</summary>
sealed record EnrichmentDifference(IReadOnlyList<DifferingEntry> Entries, DifferenceStats Stats)
{
    public static EnrichmentDifference Of(BibFile file, IReadOnlyList<EntryFinding> findings)
    {
        var totals = EnrichmentTotals.Of(findings);
        return new(
            findings.Select(finding => Entry(file.Entries[finding.Entry], finding)).ToList(),
            new(totals.TotalEntries, totals.EnrichedEntries, totals.FieldsAdded, totals.FieldsChanged));
    }

    static DifferingEntry Entry(BibEntry entry, EntryFinding finding) => new(
        entry.Key, entry.Type, entry.Text(FieldNames.Title), entry.Line,
        finding.Fields.Select(field => new DifferingField(
            field.Field, field.Before is null ? "added" : "changed", field.Before, field.Text)).ToList());
}

/// <summary>The JSON of the files: camelCase, letters as they are.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EnrichmentReport))]
[JsonSerializable(typeof(EnrichmentDifference))]
[JsonSerializable(typeof(EnrichmentTotals))]
sealed partial class EnrichmentJson : JsonSerializerContext
{
    public static EnrichmentJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
