using System.Text.RegularExpressions;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Text;

/// <summary>Finds in an entry the identifiers by which its work is known elsewhere.</summary>
public static partial class BibIdentifiers
{
    /// <summary>Identifiers of one entry, at most.</summary>
    public const int IdsMax = 6;

    /// <summary>
    /// A field longer than this is not searched for identifiers, in chars; an abstract would otherwise lend its
    /// citations.
    /// </summary>
    public const int FieldLengthMax = 2_000;

    /// <summary>Fields that may mention an identifier among other text, the likelier first.</summary>
    static readonly string[] Mentions =
        ["url", "eid", "howpublished", "journal", "journaltitle", "volume", "note", "annote", "ee"];

    const string ArxivDoiPrefix = "10.48550/arxiv.";

    /// <summary>
    /// The identifiers, the most reliable first: the doi field, eprint, pmid, then what other fields mention.
    /// </summary>
    public static IReadOnlyList<WorkId> Find(BibEntry entry)
    {
        var found = new List<WorkId>();
        if (Plain(entry, "doi") is { } doi) AddDoi(found, doi);
        Eprint(entry, found);
        if (Plain(entry, "pmid") is { } pmid && Digits().Match(pmid) is { Success: true } number)
            Add(found, new(WorkIdScheme.Pmid, number.Value));
        foreach (var name in new[] { "corpusid", "s2id" })
            if (Plain(entry, name) is { } corpus && Digits().Match(corpus) is { Success: true } id)
                Add(found, new(WorkIdScheme.CorpusId, id.Value));
        foreach (var name in Mentions)
            if (Plain(entry, name) is { } text) AddMentioned(found, text);
        return found;
    }

    /// <summary>
    /// The DOI in a text such as <c>https://doi.org/10.1000/X.</c>, bare and in lower case; null where there is none.
    /// </summary>
    public static string? Doi(string text)
    {
        if (text.Contains("%2F", StringComparison.OrdinalIgnoreCase)) text = Uri.UnescapeDataString(text);
        var match = DoiPattern().Match(text);
        if (!match.Success) return null;
        var doi = Trimmed(match.Value).ToLowerInvariant();
        return doi.IndexOf('/', StringComparison.Ordinal) is var slash && slash > 0 && slash < doi.Length - 1
            ? doi
            : null;
    }

    /// <summary>
    /// What a person names a work by: a DOI, <c>arXiv:2101.00001</c>, <c>PMID:123</c> or <c>CorpusId:123</c>, also as an
    /// address; null where it is none of them.
    /// </summary>
    public static WorkId? Named(string text)
    {
        if (text.Length > FieldLengthMax) return null;
        var found = new List<WorkId>();
        AddMentioned(found, text);
        return found.Count > 0 ? found[0] : null;
    }

    static void Eprint(BibEntry entry, List<WorkId> found)
    {
        if (Plain(entry, "eprint") is not { } eprint) return;
        var archive = Plain(entry, "archiveprefix") ?? Plain(entry, "eprinttype") ?? "";
        if (archive.Contains("pubmed", StringComparison.OrdinalIgnoreCase))
        {
            if (Digits().Match(eprint) is { Success: true } pmid) Add(found, new(WorkIdScheme.Pmid, pmid.Value));
        }
        else if (archive.Length == 0 || archive.Contains("arxiv", StringComparison.OrdinalIgnoreCase))
        {
            if (ArxivId().Match(eprint) is { Success: true } arxiv) AddArxiv(found, arxiv.Groups["id"].Value);
            else if (Doi(eprint) is not null) AddDoi(found, eprint);
        }
    }

    static void AddMentioned(List<WorkId> found, string text)
    {
        if (Doi(text) is not null) AddDoi(found, text);
        if (ArxivMention().Match(text) is { Success: true } arxiv) AddArxiv(found, arxiv.Groups["id"].Value);
        if (PubmedMention().Match(text) is { Success: true } pubmed)
            Add(found, new(WorkIdScheme.Pmid, pubmed.Groups["id"].Value));
        if (CorpusMention().Match(text) is { Success: true } corpus)
            Add(found, new(WorkIdScheme.CorpusId, corpus.Groups["id"].Value));
    }

    static void AddDoi(List<WorkId> found, string text)
    {
        if (Doi(text) is not { } doi) return;
        Add(found, new(WorkIdScheme.Doi, doi));
        if (doi.StartsWith(ArxivDoiPrefix, StringComparison.Ordinal)) AddArxiv(found, doi[ArxivDoiPrefix.Length..]);
    }

    static void AddArxiv(List<WorkId> found, string id) =>
        Add(found, new(WorkIdScheme.Arxiv, Version().Replace(id.ToLowerInvariant(), "")));

    static void Add(List<WorkId> found, WorkId id)
    {
        if (found.Count < IdsMax && !found.Contains(id)) found.Add(id);
    }

    // DOIs have underscores and per cent signs that LaTeX wants escaped, but never its dashes, quotes or accents.
    static string? Plain(BibEntry entry, string name)
    {
        var value = entry.Value(name);
        if (value is null || value.Length > FieldLengthMax) return null;
        if (value.Contains("\\url", StringComparison.Ordinal) || value.Contains("\\href", StringComparison.Ordinal))
            value = value.Replace('{', ' ').Replace('}', ' ');
        value = value.Replace("\\", "", StringComparison.Ordinal).Replace("{", "", StringComparison.Ordinal)
            .Replace("}", "", StringComparison.Ordinal).Trim();
        return value.Length > 0 ? value : null;
    }

    // A closing parenthesis belongs to a DOI that has the opening one: 10.1016/s0140-6736(05)12345-6.
    static string Trimmed(string doi)
    {
        var end = doi.Length;
        while (end > 0)
        {
            var c = doi[end - 1];
            var open = c switch { ')' => '(', ']' => '[', '>' => '<', _ => '\0' };
            if (c is not ('.' or ',' or ';' or ':' or '"' or '\'' or '/' or '?' or '!') &&
                (open == '\0' || doi.AsSpan(0, end).Count(open) >= doi.AsSpan(0, end).Count(c))) break;
            end--;
        }

        return doi[..end];
    }

    [GeneratedRegex(@"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s""|]+", RegexOptions.NonBacktracking)]
    private static partial Regex DoiPattern();

    [GeneratedRegex("[0-9]{1,12}", RegexOptions.NonBacktracking)]
    private static partial Regex Digits();

    [GeneratedRegex(
        @"^\s*(?:https?://arxiv\.org/(?:abs|pdf)/)?(?:arxiv:)?\s*" +
        @"(?<id>[0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?|[a-z\-]+(?:\.[a-z]{2})?/[0-9]{7}(?:v[0-9]+)?)",
        RegexOptions.IgnoreCase)]
    private static partial Regex ArxivId();

    [GeneratedRegex(
        @"(?:arxiv\.org/(?:abs|pdf)/|arxiv:\s*|\babs/)(?<id>[0-9]{4}\.[0-9]{4,5}|[a-z\-]+(?:\.[a-z]{2})?/[0-9]{7})",
        RegexOptions.IgnoreCase)]
    private static partial Regex ArxivMention();

    [GeneratedRegex(@"(?:pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/|\bpmid:?\s*)(?<id>[0-9]{1,9})",
        RegexOptions.IgnoreCase)]
    private static partial Regex PubmedMention();

    [GeneratedRegex(@"corpus\s?id:?\s*(?<id>[0-9]{1,12})", RegexOptions.IgnoreCase)]
    private static partial Regex CorpusMention();

    [GeneratedRegex("v[0-9]+$")]
    private static partial Regex Version();
}
