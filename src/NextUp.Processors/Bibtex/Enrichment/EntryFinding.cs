using System.Text.Json;
using System.Text.Json.Serialization;

namespace NextUp.Processors.Bibtex.Enrichment;

/// <summary>What became of an entry.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EntryOutcome>))]
enum EntryOutcome
{
    /// <summary>The work is known, and something was put in.</summary>
    [JsonStringEnumMemberName("found")] Found,

    /// <summary>Nothing was missing, or the work is known and nobody says more of it.</summary>
    [JsonStringEnumMemberName("unchanged")] Unchanged,

    /// <summary>Several works fit. Nothing was put in.</summary>
    [JsonStringEnumMemberName("ambiguous")] Ambiguous,

    [JsonStringEnumMemberName("not-found")] NotFound,

    /// <summary>The entry's DOI is of another work. Nothing was put in.</summary>
    [JsonStringEnumMemberName("wrong-doi")] WrongDoi,

    /// <summary>The entry could not be read whole. Nothing was put in.</summary>
    [JsonStringEnumMemberName("unreadable")] Unreadable,

    /// <summary>The submitter asked for other entries. It was left as it is.</summary>
    [JsonStringEnumMemberName("skipped")] Skipped,
}

/// <summary>A field put in, or given another value.</summary>
/// <param name="Value">As BibTeX, without delimiters.</param>
/// <param name="Text">The same for people.</param>
/// <param name="Before">The value that gave way, for people; null where there was none.</param>
/// <param name="Source">The provider that said it.</param>
sealed record FieldFinding(string Field, string Value, string Text, string? Before, string Source);

/// <summary>A work that an entry may mean, for a person to choose.</summary>
sealed record CandidateWork(
    string? Doi, string? Title, int? Year, string? Container, string? Authors, string? Arxiv = null);

/// <summary>What was found of one entry: all that the report, the difference and the new file are made of.</summary>
/// <param name="Entry">The entry's place in the file, from 0.</param>
/// <param name="FoundBy">The kind of identifier, <c>title</c>, <c>chosen by user</c>, or <c>journal</c> where only a figure of
/// the journal was lacking; null where no work was found.</param>
/// <param name="Reason">One clause where the work was not found.</param>
/// <param name="NotCheckedBy">Providers that were away when they should have been asked.</param>
sealed record EntryFinding(
    int Entry, EntryOutcome Outcome, string? FoundBy, string? Provider, double? Confidence, string? Reason,
    IReadOnlyList<FieldFinding> Fields, IReadOnlyList<CandidateWork> Candidates, IReadOnlyList<string> Warnings,
    IReadOnlyList<string> NotCheckedBy)
{
    /// <summary>Whether the entry's line in the log gets a tick.</summary>
    [JsonIgnore]
    public bool IsGood => Outcome is EntryOutcome.Found or EntryOutcome.Unchanged or EntryOutcome.Skipped;
}

/// <summary>
/// The findings of one batch as they are kept between attempts, and the reasons why providers were away.
/// </summary>
sealed record BatchFindings(IReadOnlyList<EntryFinding> Entries, IReadOnlyDictionary<string, string> Away)
{
    static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    public static BatchFindings Read(byte[] stored) => JsonSerializer.Deserialize<BatchFindings>(stored, Json)!;
}
