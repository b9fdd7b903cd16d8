using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Matching;

/// <summary>What tells one work from another, and how it is named to people.</summary>
static class WorkName
{
    public static string Of(Work work) =>
        work.Doi
        ?? (work.ArxivId is { } arxiv ? $"arXiv:{arxiv}" : null)
        ?? (work.Pmid is { } pmid ? $"PMID:{pmid}" : "a work without an identifier");

    /// <summary>Equal for two records of one work, as far as their identifiers tell.</summary>
    public static string Key(Work work) =>
        work.Doi
        ?? work.ArxivId
        ?? work.Pmid
        ?? $"{string.Join(' ', FoldedText.Words(work.Title))}|{work.Year}|{work.Container}";
}
